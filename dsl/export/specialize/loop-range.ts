import { rewriteStatements } from '../../ir/fold.ts';
import type { Domain, Expression, Statement } from '../../ir/index.ts';
import { cardinality } from '../../ir/index.ts';
import { BOOLEAN } from '../../ir/part.ts';
import { conjunctsOf, negated } from '../negation.ts';
import { canFail } from '../tlaplus/failure.ts';
import { rootsOf } from '../tlaplus/statement.ts';
import type { Around } from './bounds.ts';
import { boundsOf } from './bounds.ts';
import { filtered, isAscending } from './loop-order.ts';
import type { Context, Loop } from './loop.ts';
import { readsOf, substitution } from './loop.ts';
import { assigns } from './structure.ts';

/** `while (i < n) { …; i += 1; }`, where nobody asks for `i` later: the same over a range. */
export function asRange(
  context: Context,
  loop: Statement & { readonly kind: 'loop' },
  label: string,
  around: Around,
): Loop | undefined {
  const split = leading(loop.body, label);
  const increment = split?.rest.at(-1);
  if (split === undefined || increment?.kind !== 'assign') return undefined;
  const body = split.rest.slice(0, -1);
  const { target, value } = increment;
  const bounds = upperBounds(split.goesOn, target.root.name);
  if (target.root.kind !== 'local' || target.path.length > 0 || bounds === undefined) return undefined;
  const { name } = target.root;
  const isIncrement =
    value.kind === 'operation' &&
    value.operator === 'add' &&
    value.operands.some((one) => one.kind === 'local' && one.name === name) &&
    value.operands.some((one) => one.kind === 'literal' && one.value === 1);
  if (!isIncrement || assigns(body, name) || around.after.has(`local ${name}`)) return undefined;
  const start = boundsOf(around.ints, bounds[0]!.local);
  const limits = bounds.map(({ limit, isInclusive }) => {
    const ints = boundsOf(around.ints, limit);
    return ints && (isInclusive ? ints.max : ints.max - 1);
  });
  const isKnown = limits.every((one) => one !== undefined) && bounds.every(({ limit }) => isFixed(limit, body));
  if (start === undefined || !isKnown) return undefined;
  const domain: Domain = { kind: 'int', min: start.min, max: Math.min(...limits) };
  if (domain.max < domain.min || loop.bound < cardinality(domain)) return undefined;
  const binder = context.fresh(name);
  const { span } = loop;
  const counter: Expression = { kind: 'local', name: binder, type: domain, span };
  const conditions = [
    comparison('greaterOrEqual', counter, bounds[0]!.local),
    ...bounds.map(({ limit, isInclusive }) => comparison(isInclusive ? 'lessOrEqual' : 'less', counter, limit)),
  ];
  const over = conditions.reduce<Expression>((so, one) => filtered(context, so, binder, one), {
    kind: 'domain',
    domain,
    type: { kind: 'set', element: domain },
    span,
  });
  return { kind: 'for', binder, over, body: rewriteStatements(body, substitution(name, counter)), span };
}

function comparison(
  operator: 'greaterOrEqual' | 'lessOrEqual' | 'less',
  left: Expression,
  right: Expression,
): Expression {
  return { kind: 'operation', operator, operands: [left, right], type: BOOLEAN, span: left.span };
}

/** A loop over integers that is left at the first that is too large goes over those that are not. */
export function withoutBreak(context: Context, loop: Loop, label: string): Loop {
  const split = leading(loop.body, label);
  const bounds = split && upperBounds(split.goesOn, loop.binder);
  if (split === undefined || bounds === undefined) return loop;
  if (loop.indexBinder !== undefined || !isAscending(loop.over)) return loop;
  const isSure = bounds.every(
    ({ limit }) => isFixed(limit, loop.body) && !readsOf([limit]).has(`local ${loop.binder}`),
  );
  if (!isSure) return loop;
  return { ...loop, over: filtered(context, loop.over, loop.binder, split.goesOn), body: split.rest };
}

/** `if (stop) break; rest`: when it goes on, and with what. */
function leading(
  body: readonly Statement[],
  label: string,
): { readonly goesOn: Expression; readonly rest: readonly Statement[] } | undefined {
  const [first, ...rest] = body;
  if (first?.kind !== 'if') return undefined;
  const leaves = ([only, ...more]: readonly Statement[]): boolean =>
    more.length === 0 && only?.kind === 'exit' && only.label === label;
  if (leaves(first.whenTrue)) return { goesOn: negated(first.condition), rest: [...first.whenFalse, ...rest] };
  return leaves(first.whenFalse) ? { goesOn: first.condition, rest: [...first.whenTrue, ...rest] } : undefined;
}

/** `i < n`, or several such bounds for one name. */
function upperBounds(condition: Expression, name: string): readonly UpperBound[] | undefined {
  const bounds = conjunctsOf(condition).map(upperBound);
  return bounds.every((one) => one?.local.name === name) ? (bounds as readonly UpperBound[]) : undefined;
}

interface UpperBound {
  readonly local: Expression & { readonly kind: 'local' };
  readonly limit: Expression;
  readonly isInclusive: boolean;
}

/** `i < n`, however it is written. */
function upperBound(condition: Expression): UpperBound | undefined {
  if (condition.kind !== 'operation') return undefined;
  const [left, right] = condition.operands as [Expression, Expression];
  const { operator } = condition;
  const isUpper = operator === 'less' || operator === 'lessOrEqual';
  if (!isUpper && operator !== 'greater' && operator !== 'greaterOrEqual') return undefined;
  const [local, limit] = isUpper ? [left, right] : [right, left];
  const isInclusive = operator === 'lessOrEqual' || operator === 'greaterOrEqual';
  return local.kind === 'local' ? { local, limit, isInclusive } : undefined;
}

/** Whether an expression has one value in all rounds of a loop, and always has one. */
function isFixed(expression: Expression, body: readonly Statement[]): boolean {
  const changed = new Set(rootsOf(body));
  return !canFail(expression) && ![...readsOf([expression])].some((root) => changed.has(root));
}
