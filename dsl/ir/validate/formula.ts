import type { Span } from '../../diagnostics/span.ts';
import type { Expression } from '../expression.ts';
import type { Formula } from '../temporal.ts';
import type { Check } from './check.ts';
import { checkDomain } from './domain.ts';
import { checkBoolean, checkExpression } from './expression.ts';
import { PREDICATE, Scope } from './scope.ts';

export function checkFormula(check: Check, formula: Formula, scope: Scope): void {
  check.span(formula.span);
  switch (formula.kind) {
    case 'now':
      checkBoolean(check, formula.predicate, scope, PREDICATE);
      return;
    case 'taken':
      checkReference(check, formula.action, formula.arguments, formula.span, scope);
      return;
    case 'not':
    case 'always':
    case 'eventually':
      checkFormula(check, formula.operand, scope);
      return;
    case 'and':
    case 'or':
    case 'implies':
    case 'until':
    case 'leadsTo':
      checkFormula(check, formula.left, scope);
      checkFormula(check, formula.right, scope);
      return;
    case 'forAll':
    case 'exists': {
      checkDomain(check, formula.domain);
      const inner = new Scope(scope);
      inner.declare(check, formula.binder, false, formula.domain, formula.span);
      checkFormula(check, formula.body, inner);
      return;
    }
  }
}

export function checkReference(
  check: Check,
  name: string,
  arguments_: readonly (Expression | undefined)[],
  span: Span,
  scope: Scope,
): void {
  const action = check.system.actions.find((candidate) => candidate.name === name);
  if (action === undefined) check.problem(`there is no action \`${name}\``, span);
  else if (action.arguments.length !== arguments_.length) {
    check.problem(`\`${name}\` has ${action.arguments.length} arguments, not ${arguments_.length}`, span);
  }
  for (const argument of arguments_) if (argument !== undefined) checkExpression(check, argument, scope, PREDICATE);
}
