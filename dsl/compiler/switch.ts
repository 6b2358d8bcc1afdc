import type { ts as TS } from 'ts-morph';
import { effectInPredicate, identityComparison, outsideLanguage } from '../diagnostics/catalog.ts';
import type { Expression } from '../ir/index.ts';
import { isScalar } from '../ir/part.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { compoundNoun } from './describe.ts';
import { lower } from './lower-expression.ts';
import { lowerStatement } from './lower-statement.ts';
import { effectOf } from './purity.ts';
import { scopeIn, type Scope } from './term.ts';
import { ts } from './typescript.ts';
import { emit, freeze, freshName, isStable, nested, report, type Frame, type Unit } from './unit.ts';
import { refuse, valueOf } from './value.ts';

/** A clause that runs when its condition holds and those of the clauses before it do not. */
interface Clause {
  readonly node: TS.Node;
  /** Lowers the comparisons; later cases are only looked at when earlier ones do not fit. */
  readonly condition: () => Expression;
  /** What runs: its own statements and, without `break`, those of the clauses it falls into. */
  readonly statements: readonly TS.Statement[];
}

/** The clauses of a `switch` in order; `otherwise` is what runs when none fits. */
export function clausesOf(
  unit: Unit,
  node: TS.SwitchStatement,
  scope: Scope,
): { readonly clauses: readonly Clause[]; readonly otherwise: readonly TS.Statement[] | undefined } {
  const span = spanIn(scope, node.expression);
  let subject = valueOf(unit, lower(unit, node.expression, scope), span);
  if (!build.isLeaf(subject) || !isStable(unit, subject)) subject = freeze(unit, subject, 'subject');
  const all = node.caseBlock.clauses;
  const running = (from: number): TS.Statement[] => {
    const statements: TS.Statement[] = [];
    for (const clause of all.slice(from)) {
      statements.push(...clause.statements);
      const last = clause.statements[clause.statements.length - 1];
      if (last && (ts.isBreakStatement(last) || ts.isReturnStatement(last) || ts.isContinueStatement(last))) break;
    }
    return statements;
  };
  const clauses: Clause[] = [];
  let otherwise: readonly TS.Statement[] | undefined;
  let pending: TS.CaseClause[] = [];
  for (const [at, clause] of all.entries()) {
    if (ts.isDefaultClause(clause)) {
      otherwise = running(at);
      if (refuseNamesOfOthers(unit, otherwise, node, scope)) return { clauses: [], otherwise: undefined };
      // Cases that share the default's statements need no test of their own: what fits none runs the same.
      for (const shared of pending) nested(unit, () => caseOf(unit, shared, scope, true));
      pending = [];
      continue;
    }
    pending.push(clause);
    if (clause.statements.length === 0 && at < all.length - 1 && !ts.isDefaultClause(all[at + 1]!)) continue;
    if (clause.statements.length === 0 && at < all.length - 1) continue;
    const cases = pending;
    pending = [];
    if (refuseNamesOfOthers(unit, running(at), node, scope)) return { clauses: [], otherwise: undefined };
    clauses.push({ node: clause, condition: () => anyOf(unit, subject, cases, scope), statements: running(at) });
  }
  return { clauses, otherwise };
}

function anyOf(unit: Unit, subject: Expression, cases: readonly TS.CaseClause[], scope: Scope): Expression {
  const tests = cases.map((clause) => {
    const span = spanIn(scope, clause.expression);
    const value = caseOf(unit, clause, scope, 1 < cases.length);
    if (build.isPoison(value) || build.isPoison(subject)) return build.poison(span);
    if (!isScalar(value.type) && !isScalar(subject.type)) {
      refuse(unit, identityComparison(span, 'case', compoundNoun(value.type)));
      return build.poison(span);
    }
    return build.operation('equal', [subject, value], span)!;
  });
  return tests.reduce((left, right) => build.both('or', left, right, { ...left.span, end: right.span.end }));
}

/** @param shared - whether other cases decide about the same statements: then it may not be worked out at all. */
function caseOf(unit: Unit, { expression }: TS.CaseClause, scope: Scope, shared: boolean): Expression {
  const { statements, result } = nested(unit, () =>
    valueOf(unit, lower(unit, expression, scope), spanIn(scope, expression)),
  );
  const effect = shared ? effectOf(statements) : undefined;
  if (effect !== undefined) report(unit, effectInPredicate(effect.span, effect.what), effect.statement);
  unit.statements.push(...statements);
  return result;
}

/**
 * All clauses of a `switch` share their names. One that is declared in a clause that has not been run has no value yet.
 *
 * @returns whether there is such a name, which has been reported.
 */
function refuseNamesOfOthers(
  unit: Unit,
  running: readonly TS.Statement[],
  node: TS.SwitchStatement,
  scope: Scope,
): boolean {
  const others = node.caseBlock.clauses.flatMap(({ statements }) => statements.filter((one) => !running.includes(one)));
  const names = new Set(
    others.filter(ts.isVariableStatement).flatMap(({ declarationList }) => namesOf(declarationList)),
  );
  if (names.size === 0) return false;
  const search = (part: TS.Node): TS.Node | undefined => {
    if (ts.isIdentifier(part) && names.has(part.text) && !isFieldName(part)) return part;
    return ts.forEachChild(part, search);
  };
  const own = new Set(
    running.filter(ts.isVariableStatement).flatMap(({ declarationList }) => namesOf(declarationList)),
  );
  const used = running.map(search).find((one) => one !== undefined && !own.has(one.getText()));
  if (used === undefined) return false;
  const help = 'declare it before the `switch`; where another of that name is meant, put the clauses into braces';
  refuse(unit, outsideLanguage(spanIn(scope, used), `\`${used.getText()}\`, which another clause declares,`, help));
  return true;
}

function namesOf(list: TS.VariableDeclarationList): string[] {
  const inPattern = (name: TS.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((part) => (ts.isOmittedExpression(part) ? [] : inPattern(part.name)));
  return list.declarations.flatMap(({ name }) => inPattern(name));
}

/** Whether an identifier is the `x` of `s.x` or of `{ x: 1 }`. */
function isFieldName(node: TS.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

export function lowerSwitch(unit: Unit, node: TS.SwitchStatement, scope: Scope): void {
  const span = spanIn(scope, node);
  const frame: Frame = {
    kind: 'switch',
    label: ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined,
    breakTo: freshName(unit, 'break'),
    continueTo: undefined,
    breaks: false,
    continues: false,
  };
  const { clauses, otherwise } = clausesOf(unit, node, scope);
  const run = (statements: readonly TS.Statement[]) => {
    const inner = scopeIn(scope);
    for (const [at, statement] of statements.entries()) {
      // A `break` that ends a clause goes where the clause would go anyway.
      const plain = ts.isBreakStatement(statement) && statement.label === undefined;
      if (plain && at === statements.length - 1) continue;
      lowerStatement(unit, statement, inner);
    }
  };
  const from = (position: number): void => {
    const clause = clauses[position];
    if (clause === undefined) return run(otherwise ?? []);
    const condition = clause.condition();
    const whenTrue = nested(unit, () => run(clause.statements)).statements;
    const whenFalse = nested(unit, () => from(position + 1)).statements;
    emit(unit, { kind: 'if', condition, whenTrue, whenFalse, span: spanIn(scope, clause.node) });
  };
  unit.frames.push(frame);
  const { statements } = nested(unit, () => from(0));
  unit.frames.pop();
  if (frame.breaks) emit(unit, { kind: 'block', label: frame.breakTo, body: statements, span });
  else unit.statements.push(...statements);
}
