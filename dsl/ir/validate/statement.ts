import type { Place, Statement } from '../effect.ts';
import type { Check } from './check.ts';
import { checkDomain } from './domain.ts';
import { checkBoolean, checkCollection, checkExpression } from './expression.ts';
import type { Context } from './scope.ts';
import { Scope } from './scope.ts';

export function checkStatements(check: Check, statements: readonly Statement[], outer: Scope, place: Context): void {
  const scope = new Scope(outer);
  for (const statement of statements) checkStatement(check, statement, scope, place);
}

export function checkStatement(check: Check, statement: Statement, scope: Scope, place: Context): void {
  const { span } = statement;
  check.span(span);
  const onlyInSteps = (): void => {
    if (!place.effects) check.problem(`\`${statement.kind}\` where only a value is computed`, span);
  };
  switch (statement.kind) {
    case 'assign':
      checkTarget(check, statement.target, scope, place);
      checkExpression(check, statement.value, scope, place);
      return;
    case 'let':
      checkExpression(check, statement.value, scope, place);
      checkDomain(check, statement.domain);
      scope.declare(check, statement.name, statement.mutable, statement.domain, span);
      return;
    case 'if':
      checkBoolean(check, statement.condition, scope, place);
      checkStatements(check, statement.whenTrue, scope, place);
      checkStatements(check, statement.whenFalse, scope, place);
      return;
    case 'for': {
      const element = checkCollection(check, statement.over, scope, place);
      const inner = new Scope(scope);
      inner.declare(check, statement.binder, false, element, span);
      if (statement.indexBinder !== undefined) inner.declare(check, statement.indexBinder, false, undefined, span);
      checkStatements(check, statement.body, inner, place);
      return;
    }
    case 'loop':
      if (!(1 <= statement.bound)) check.problem(`a loop with the bound ${statement.bound}`, span);
      checkStatements(check, statement.body, scope, place);
      return;
    case 'block':
      if (scope.labels.includes(statement.label)) check.problem(`block \`${statement.label}\` within itself`, span);
      checkStatements(check, statement.body, new Scope(scope, [...scope.labels, statement.label]), place);
      return;
    case 'exit':
      if (!scope.labels.includes(statement.label))
        check.problem(`an exit of \`${statement.label}\`, not within it`, span);
      return;
    case 'when':
    case 'verify':
      onlyInSteps();
      checkBoolean(check, statement.condition, scope, place);
      return;
    case 'choose':
      onlyInSteps();
      checkCollection(check, statement.from, scope, place);
      checkDomain(check, statement.domain);
      scope.declare(check, statement.name, false, statement.domain, span);
      return;
    case 'either':
      onlyInSteps();
      if (statement.branches.length === 0) check.problem('an `either` without branches', span);
      for (const branch of statement.branches) checkStatements(check, branch, scope, place);
      return;
  }
}

function checkTarget(check: Check, target: Place, scope: Scope, place: Context): void {
  check.span(target.span);
  checkDomain(check, target.domain);
  const { kind, name } = target.root;
  if (kind === 'variable') {
    if (!place.effects) check.problem(`variable \`${name}\` is assigned where only a value is computed`, target.span);
    if (!check.variables.has(name)) check.problem(`there is no variable \`${name}\``, target.span);
  } else if (scope.local(name) === undefined) check.problem(`there is no local \`${name}\` here`, target.span);
  else if (!scope.mayAssign(name)) check.problem(`local \`${name}\` must not be assigned here`, target.span);
  for (const segment of target.path) if (segment.kind === 'index') checkExpression(check, segment.index, scope, place);
}
