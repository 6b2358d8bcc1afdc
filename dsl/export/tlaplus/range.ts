import type { Domain, Expression } from '../../ir/index.ts';
import { integersOnly } from '../../ir/part.ts';
import { canFail } from './failure.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { inline, operand, PRECEDENCE, text } from './node.ts';
import { shifted } from './path.ts';
import type { Scope } from './scope.ts';
import { rootsRead } from './statement.ts';
import { integer } from './value.ts';

type Ints = Domain & { readonly kind: 'int' };

/** Those integers of a domain for which conditions hold: `low..high`, and the conditions that are no bounds. */
interface Range {
  readonly low: Node;
  readonly high: Node;
  readonly set: Node;
  readonly conditions: readonly Expression[];
  /** Whether no bound is more than one beyond the other: `low - 1 <= high`. */
  readonly isProper: boolean;
}

export function rangeOf(
  scope: Scope,
  environment: Environment,
  domain: Ints,
  binder: string,
  conditions: readonly Expression[],
): Range {
  let low: Bound = { node: integer(domain.min), min: domain.min, max: domain.min };
  let high: Bound = { node: integer(domain.max), min: domain.max, max: domain.max };
  const rest: Expression[] = [];
  let [hasLow, hasHigh] = [false, false];
  for (const condition of conditions) {
    const bound = boundIn(condition, binder);
    const ints = bound && integersOnly(bound.limit.type);
    const by = bound === undefined || !bound.isStrict ? 0 : bound.side === 'low' ? 1 : -1;
    const [min, max] = [(ints?.min ?? -Infinity) + by, (ints?.max ?? Infinity) + by];
    const isUseful =
      bound !== undefined &&
      (bound.side === 'low' ? !hasLow && domain.min <= min : !hasHigh && max <= domain.max) &&
      Number.isSafeInteger(min + max);
    if (!isUseful) {
      rest.push(condition);
      continue;
    }
    const limit = valueOf(scope, environment, bound.limit);
    const node = by === 0 ? limit : shifted(limit, by);
    if (bound.side === 'low') [low, hasLow] = [{ node, min, max }, true];
    else [high, hasHigh] = [{ node, min, max }, true];
  }
  const set = interval(low.node, high.node);
  return { low: low.node, high: high.node, set, conditions: rest, isProper: low.max - 1 <= high.min };
}

interface Bound {
  readonly node: Node;
  readonly min: number;
  readonly max: number;
}

const SIDES = {
  less: ['high', true],
  lessOrEqual: ['high', false],
  greater: ['low', true],
  greaterOrEqual: ['low', false],
} as const;

/** `binder < limit`, or another comparison. */
function boundIn(
  condition: Expression,
  binder: string,
): { readonly side: 'low' | 'high'; readonly isStrict: boolean; readonly limit: Expression } | undefined {
  if (condition.kind !== 'operation' || !(condition.operator in SIDES)) return undefined;
  const [side, isStrict] = SIDES[condition.operator as keyof typeof SIDES];
  const [left, right] = condition.operands as [Expression, Expression];
  const isFirst = left.kind === 'local' && left.name === binder;
  if (!isFirst && !(right.kind === 'local' && right.name === binder)) return undefined;
  const limit = isFirst ? right : left;
  if (canFail(limit) || rootsRead(limit).includes(`local ${binder}`)) return undefined;
  const other = side === 'low' ? 'high' : 'low';
  return { side: isFirst ? side : other, isStrict, limit };
}

/** The conjunction of conditions; undefined for none. */
export function conjunction(conditions: readonly Expression[]): Expression | undefined {
  const [first, ...others] = conditions;
  return others.reduce<Expression | undefined>(
    (left, right) => left && { kind: 'and', left, right, type: left.type, span: left.span },
    first,
  );
}

/** `low..high`; sums are put in parentheses, which the eye needs. */
export function interval(low: Node, high: Node): Node {
  const bound = (node: Node): string =>
    /^-\d+$/.test(inline(node)) ? inline(node) : operand(node, PRECEDENCE.atom - 1);
  return text(`${bound(low)}..${bound(high)}`, PRECEDENCE.range);
}
