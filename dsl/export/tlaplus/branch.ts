import type { Statement } from '../../ir/index.ts';
import { bindName, boundIn, hasBinder } from './binding.ts';
import { isSequence } from './collection.ts';
import type { Context, Mode, Rest } from './continuation.ts';
import type { Environment } from './environment.ts';
import { heldAt, shownRoot, withHeld, withLocal } from './environment.ts';
import { valueOf } from './expression.ts';
import { canFail } from './failure.ts';
import { fitsWithin } from './fit.ts';
import type { Node } from './node.ts';
import { apply, conditional, inline, operand, PRECEDENCE, text } from './node.ts';
import { withElement } from './operation.ts';
import { held, selected, whole } from './place.ts';
import type { Scope } from './scope.ts';
import { childrenOf, expressionsIn, foreignExits, isPure, rootsOf } from './statement.ts';
import { writeAll } from './step.ts';

export function writeIf(
  context: Context,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'if' },
  next: Rest,
): Node {
  const { mode } = context;
  const condition = valueOf(scope, environment, statement.condition);
  const known = inline(condition);
  const branch = (inner: Scope, body: readonly Statement[], after: Rest): Node =>
    writeAll(context, { ...inner, names: inner.names.inner() }, environment, body, after);
  if (known === 'TRUE') return branch(scope, statement.whenTrue, next);
  if (known === 'FALSE') return branch(scope, statement.whenFalse, next);
  const merged = writeMerged(mode, scope, environment, statement, next);
  if (merged !== undefined) return merged;
  return joinWays(scope, environment, next, rootsOf([statement]), (inner, after) => {
    const [yes, no] = [branch(inner, statement.whenTrue, after), branch(inner, statement.whenFalse, after)];
    // In a step, TLC would take the alternatives of a condition that is a conjunct for alternatives of the step.
    const isKept = canFail(statement.condition) || (mode === 'step' && inline(yes) !== inline(no));
    return isKept ? { kind: 'if', condition, yes, no } : conditional(condition, yes, no);
  });
}

/**
 * A statement that only assigns, and what comes after it: each root is one conditional value, the only one by a name if
 * it is long. Undefined when that gets long.
 */
export function writeMerged(
  mode: Mode,
  scope: Scope,
  environment: Environment,
  statement: Statement,
  next: Rest,
): Node | undefined {
  if (next.isEnd === true || !isPure([statement])) return undefined;
  if (checks([statement]) || foreignExits([statement]).length > 0) return undefined;
  const roots = rootsOf([statement]).filter((root) => heldAt(environment, root) !== undefined);
  if (3 < roots.length) return undefined;
  let after = environment;
  for (const root of roots) {
    const value = writeAll(
      { mode: 'value', exits: new Map() },
      { ...scope, names: scope.names.inner() },
      environment,
      [statement],
      Object.assign((_: Scope, inside: Environment) => whole(heldAt(inside, root)!), { isEnd: true }),
    );
    if (140 < inline(value).length || hasBinder(value)) {
      if (1 < roots.length) return undefined;
      return bindName(mode, scope, environment, { hint: `${shownRoot(scope, root)}1`, value }, (inner, name) =>
        next(inner, withHeld(environment, root, held(name))),
      );
    }
    after = withHeld(after, root, held(value));
  }
  return next(scope, after);
}

/** Whether statements can fail in a way that must be found there and then. */
function checks(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.kind === 'verify' ||
      statement.kind === 'loop' ||
      (statement.kind === 'assign' && !fitsWithin(statement.value, statement.target.domain)) ||
      expressionsIn(statement).some(canFail) ||
      checks(childrenOf(statement)),
  );
}

/**
 * Several ways lead to one rest: it is written once, as an operator of what they assign, unless it is the end.
 */
export function joinWays(
  scope: Scope,
  environment: Environment,
  next: Rest,
  assignedRoots: readonly string[],
  ways: (inner: Scope, after: Rest) => Node,
): Node {
  if (next.isEnd === true) return ways(scope, next);
  const roots = assignedRoots.filter((root) => heldAt(environment, root) !== undefined);
  const outer: Scope = { ...scope, names: scope.names.inner() };
  const operator = outer.names.take('Then');
  const inner: Scope = { ...outer, names: outer.names.inner() };
  let calls = 0;
  const after: Rest = Object.assign(
    (_: Scope, ended: Environment) => {
      calls += 1;
      return apply(operator, ...roots.map((root) => whole(heldAt(ended, root)!)));
    },
    { isEnd: true },
  );
  const called = ways(outer, after);
  const directly = (): Node =>
    ways(
      scope,
      Object.assign((...given: Parameters<Rest>) => next(...given), { isEnd: true }),
    );
  if (calls <= 1) return directly();
  const others = boundIn(environment);
  const parameters = roots.map((root) => inner.names.takeLocal(`${shownRoot(scope, root)}1`, others));
  const inside = roots.reduce((so, root, index) => withHeld(so, root, held(text(parameters[index]!))), environment);
  const body = next(inner, inside);
  if (calls === 2 && inline(body).replace(/UNCHANGED <<.*?>>/g, '').length <= SHORT) return directly();
  const head = parameters.length === 0 ? operator : `${operator}(${parameters.join(', ')})`;
  return { kind: 'let', definitions: [{ head, body }], body: called };
}

/** What comes after a choice between two ways is written twice when it is no longer than this. */
const SHORT = 160;

export function writeChoice(
  mode: Mode,
  scope: Scope,
  environment: Environment,
  statement: Statement & { kind: 'choose' },
  next: Rest,
): Node {
  const { from } = statement;
  const exists = (outer: Scope, hint: string, set: Node, valueAt: (binder: string) => Node): Node => {
    const inner: Scope = { ...outer, names: outer.names.inner() };
    const binder = inner.names.takeLocal(hint, boundIn(environment));
    const body = next(inner, withLocal(environment, statement.name, valueAt(binder)));
    return { kind: 'quantifier', symbol: '\\E', binder, set, body };
  };
  if (from.kind !== 'domain' && isSequence(from.type)) {
    // By position: equal elements are different ways to go.
    const choice = (outer: Scope, items: Node): Node =>
      exists(outer, 'i', text(`DOMAIN ${operand(items, PRECEDENCE.multiply)}`, PRECEDENCE.range), (binder) =>
        selected(items, [{ kind: 'index', node: text(binder), isConstant: false }]),
      );
    const items = valueOf(scope, environment, from, withElement(from.type, statement.domain));
    return hasBinder(items)
      ? bindName(mode, scope, environment, { hint: 'items', value: items }, choice)
      : choice(scope, items);
  }
  const set =
    from.kind === 'domain'
      ? scope.module.values.listed(from.domain, scope.names)
      : valueOf(scope, environment, from, withElement(from.type, statement.domain));
  return exists(scope, statement.name, set, text);
}
