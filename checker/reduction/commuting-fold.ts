import { hasNode } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { INT_MAX } from '../../dsl/ir/index.ts';
import type { Domain, Expression, Operator } from '../../dsl/ir/index.ts';
import { collectionOf, integersOnly } from '../../dsl/ir/part.ts';
import { mayFail } from './may-fail.ts';

/** Operators of which it makes no difference in which order their operands come, and how they are grouped. */
const COMMUTATIVE: readonly Operator[] = ['add', 'minimum', 'maximum', 'union', 'intersection'];

/** Whether a fold gives the same in whatever order the elements come, failures included. */
export function foldCommutes({
  accumulator,
  indexBinder,
  body,
  initial,
  over,
}: Extract<Expression, { kind: 'fold' }>): boolean {
  if (indexBinder !== undefined) return false;
  const found: Accumulation = { operators: new Set(), parts: [] };
  if (!accumulates(body, accumulator, found) || 1 < found.operators.size) return false;
  const rounds = collectionOf(over.type)?.max ?? Infinity;
  // No sum on the way is outside of 32 bits, whatever is added first.
  const isSmall = greatest(initial.type) + rounds * found.parts.reduce((sum, { type }) => sum + greatest(type), 0);
  return !found.operators.has('add') || isSmall < INT_MAX;
}

interface Accumulation {
  readonly operators: Set<string>;
  /** What is combined with the accumulator. */
  readonly parts: Expression[];
}

/** Whether an expression is the accumulator, or that combined with something else, or one or the other of these. */
function accumulates(expression: Expression, accumulator: string, found: Accumulation): boolean {
  const isAccumulator = (node: Node): boolean => node.kind === 'local' && node.name === accumulator;
  const isApart = (part: Expression): boolean => !hasNode(part, isAccumulator);
  switch (expression.kind) {
    case 'local':
      return isAccumulator(expression);
    case 'and':
    case 'or': {
      const { left, right } = expression;
      found.operators.add(expression.kind);
      if (isApart(left)) return isAccumulator(right);
      // What comes after the accumulator is not always asked: if it could fail, that would depend on the order.
      return isAccumulator(left) && isApart(right) && !mayFail(right);
    }
    case 'conditional':
      return (
        isApart(expression.condition) &&
        accumulates(expression.whenTrue, accumulator, found) &&
        accumulates(expression.whenFalse, accumulator, found)
      );
    case 'operation': {
      if (!COMMUTATIVE.includes(expression.operator)) return false;
      found.operators.add(expression.operator);
      const others = expression.operands.filter(isApart);
      found.parts.push(...others);
      const own = expression.operands.filter((operand) => !isApart(operand));
      return own.length === 1 && accumulates(own[0]!, accumulator, found);
    }
    default:
      return false;
  }
}

/** The greatest absolute value of an integer of a type. */
function greatest(type: Domain): number {
  const interval = integersOnly(type);
  return interval === undefined ? Infinity : Math.max(Math.abs(interval.min), Math.abs(interval.max));
}
