import type { Operator } from '../../../dsl/ir/index.ts';
import { INT_MAX, INT_MIN } from '../../../dsl/ir/index.ts';
import { binary, constant, ONE, select, unary, ZERO } from '../flat.ts';
import type { Int } from '../term/scalar.ts';
import { booleanTerm, intTerm } from '../term/scalar.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import type { Lowering } from './lowering.ts';

type Arithmetic = Operator & ('add' | 'subtract' | 'multiply' | 'divide' | 'truncate' | 'remainder');

const FLAT_OPERATION = {
  add: 'add',
  subtract: 'subtract',
  multiply: 'multiply',
  divide: 'floorDivide',
  truncate: 'truncateDivide',
  remainder: 'remainder',
} as const;

const OVERFLOW = { add: 'addOverflows', subtract: 'subtractOverflows', multiply: 'multiplyOverflows' } as const;

export function arithmetic(lowering: Lowering, operator: Arithmetic, left: Int, right: Int): Term {
  const { builder } = lowering;
  if (!builder.live) return NOTHING;
  if (operator === 'divide' || operator === 'truncate' || operator === 'remainder') {
    if (right.min <= 0 && 0 <= right.max) builder.check(binary('notEqual', right.code, ZERO));
    if (!builder.live) return NOTHING;
    if (operator !== 'remainder' && left.min === INT_MIN && right.min <= -1 && -1 <= right.max) {
      const isLeast = binary('equal', left.code, constant(INT_MIN));
      builder.check(unary('not', binary('and', isLeast, binary('equal', right.code, constant(-1)))));
    }
    const [min, max] = operator === 'remainder' ? remainderRange(left, right) : quotientRange(left, right);
    return intTerm(binary(FLAT_OPERATION[operator], left.code, right.code), min, max);
  }
  const [min, max] = exactRange(operator, left, right);
  if (INT_MIN <= min && max <= INT_MAX) {
    return intTerm(binary(FLAT_OPERATION[operator], left.code, right.code), min, max);
  }
  const [a, b] = [builder.fix(left.code), builder.fix(right.code)];
  builder.check(unary('not', binary(OVERFLOW[operator], a, b)));
  const result = binary(FLAT_OPERATION[operator], a, b);
  return intTerm(result, Math.max(min, INT_MIN), Math.min(max, INT_MAX));
}

export function compare(op: 'less' | 'lessOrEqual', left: Int, right: Int): Term {
  const holds = op === 'less' ? left.max < right.min : left.max <= right.min;
  const fails = op === 'less' ? right.max <= left.min : right.max < left.min;
  return booleanTerm(holds ? ONE : fails ? ZERO : binary(op, left.code, right.code));
}

function exactRange(operator: 'add' | 'subtract' | 'multiply', left: Int, right: Int): [number, number] {
  if (operator === 'add') return [left.min + right.min, left.max + right.max];
  if (operator === 'subtract') return [left.min - right.max, left.max - right.min];
  const corners = [left.min * right.min, left.min * right.max, left.max * right.min, left.max * right.max];
  return [Math.min(...corners), Math.max(...corners)];
}

function quotientRange(left: Int, right: Int): [number, number] {
  if (0 <= left.min && 0 <= right.min) return [0, left.max];
  const most = Math.max(Math.abs(left.min), Math.abs(left.max));
  return [Math.max(-most, INT_MIN), Math.min(most, INT_MAX)];
}

function remainderRange(left: Int, right: Int): [number, number] {
  const most = Math.max(Math.abs(right.min), Math.abs(right.max)) - 1;
  return [left.min < 0 ? Math.max(left.min, -most) : 0, 0 < left.max ? Math.min(left.max, most) : 0];
}

export function absolute(lowering: Lowering, operand: Int): Term {
  const { builder } = lowering;
  if (0 <= operand.min) return intTerm(operand.code, operand.min, operand.max);
  if (operand.min === INT_MIN) builder.check(binary('notEqual', operand.code, constant(INT_MIN)));
  const code = builder.fix(operand.code);
  const most = Math.min(INT_MAX, Math.max(-operand.min, operand.max));
  const negated = binary('subtract', ZERO, code);
  return intTerm(select(binary('less', code, ZERO), negated, code), 0, most);
}
