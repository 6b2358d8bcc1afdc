/**
 * The flat program: what `flatten` makes of a step or predicate, and all that an emitter has to know.
 *
 * Everything is an int32. Booleans are 0 and 1. Domains, values, sets and arrays are gone; what is left are cells in a
 * few spaces, arithmetic, structured control flow, choices and the three ways to end.
 */
export interface FlatProgram {
  readonly body: readonly FlatStatement[];
  /** Temps are numbered `0 … temps - 1`. */
  readonly temps: number;
  /** Cells of each scratch region. A region is written before it is read in every run. */
  readonly regions: readonly number[];
}

/** Where cells are. */
export type Space =
  /** The leaves of the state, which a step changes in place. */
  | { readonly kind: 'state' }
  /** The leaves of the state after a step; only in step predicates. */
  | { readonly kind: 'next' }
  /** `FlatSystem.constants`. */
  | { readonly kind: 'constant' }
  /** Memory of one run of the program. */
  | { readonly kind: 'scratch'; readonly region: number };

/** The cell `at + index`; `index` is known to stay within what `at` belongs to. */
export interface Cell {
  readonly space: Space;
  readonly at: number;
  readonly index: Flat | undefined;
  /** What is known of `index`, for code that can do without tables then: it is one of `0, stride, … (count - 1) × stride`. */
  readonly among?: Progression;
}

export interface Progression {
  readonly count: number;
  readonly stride: number;
}

/** A pure expression. `and`, `or` and `select` evaluate no more than they need: the rest may be out of range. */
export type Flat =
  | { readonly op: 'const'; readonly value: number }
  | { readonly op: 'temp'; readonly temp: number }
  | { readonly op: 'load'; readonly cell: Cell }
  | { readonly op: UnaryOperation; readonly operand: Flat }
  | { readonly op: BinaryOperation; readonly left: Flat; readonly right: Flat }
  | { readonly op: 'select'; readonly condition: Flat; readonly whenTrue: Flat; readonly whenFalse: Flat };

type UnaryOperation = 'not' | 'popcount' | 'trailingZeros';

export type BinaryOperation =
  // Wrapping; `flatten` only uses them where nothing can wrap, or after asking whether it does.
  | 'add'
  | 'subtract'
  | 'multiply'
  // The divisor is not 0 and the quotient is in range.
  | 'floorDivide'
  | 'truncateDivide'
  | 'remainder'
  | 'minimum'
  | 'maximum'
  // Whether the exact result is outside int32.
  | 'addOverflows'
  | 'subtractOverflows'
  | 'multiplyOverflows'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessOrEqual'
  | 'and'
  | 'or'
  | 'bitAnd'
  | 'bitOr'
  | 'bitXor'
  | 'shiftLeft'
  | 'shiftRight'; // unsigned

export type FlatStatement =
  | { readonly op: 'set'; readonly temp: number; readonly value: Flat }
  | { readonly op: 'store'; readonly cell: Cell; readonly value: Flat }
  | {
      readonly op: 'if';
      readonly condition: Flat;
      readonly whenTrue: readonly FlatStatement[];
      readonly whenFalse: readonly FlatStatement[];
    }
  /** Forever, until a `leave`. */
  | { readonly op: 'loop'; readonly body: readonly FlatStatement[] }
  | { readonly op: 'block'; readonly label: number; readonly body: readonly FlatStatement[] }
  /** Goes on after the enclosing block of that label. */
  | { readonly op: 'leave'; readonly label: number }
  /** The next digit of the odometer, `0 … count - 1`; `count` is at least 1. */
  | { readonly op: 'choose'; readonly temp: number; readonly count: Flat }
  /** The step is not possible unless the condition holds. */
  | { readonly op: 'when'; readonly condition: Flat }
  /** The step or predicate fails unless the condition holds. */
  | { readonly op: 'check'; readonly condition: Flat }
  /**
   * The step goes through a branch of the plan: when it is completed, and not before, it counts for that branch, once
   * however often it comes by. Only in steps.
   */
  | { readonly op: 'mark'; readonly branch: number }
  /** Whether an instance has a step from the state; of a step: from the one that it starts in, whatever it has changed. */
  | { readonly op: 'enabled'; readonly temp: number; readonly instance: number }
  /** Ends a predicate with its value. */
  | { readonly op: 'answer'; readonly value: Flat };

export const ZERO: Flat = { op: 'const', value: 0 };
export const ONE: Flat = { op: 'const', value: 1 };

export function constant(value: number): Flat {
  return value === 0 ? ZERO : value === 1 ? ONE : { op: 'const', value: value | 0 };
}

export function isConstant(flat: Flat): flat is Flat & { op: 'const' } {
  return flat.op === 'const';
}

/** A unary operation, folded where it can be. */
export function unary(op: UnaryOperation, operand: Flat): Flat {
  if (isConstant(operand)) return constant(applyUnary(op, operand.value));
  if (op === 'not') {
    if (operand.op === 'not') return operand.operand;
    if (operand.op === 'equal') return { op: 'notEqual', left: operand.left, right: operand.right };
    if (operand.op === 'notEqual') return { op: 'equal', left: operand.left, right: operand.right };
    if (operand.op === 'less') return { op: 'lessOrEqual', left: operand.right, right: operand.left };
    if (operand.op === 'lessOrEqual') return { op: 'less', left: operand.right, right: operand.left };
  }
  return { op, operand };
}

/** A binary operation, folded where it can be. */
export function binary(op: BinaryOperation, left: Flat, right: Flat): Flat {
  if (isConstant(left) && isConstant(right)) return constant(applyBinary(op, left.value, right.value));
  switch (op) {
    case 'add':
      if (isZero(left)) return right;
      if (isZero(right)) return left;
      // (x + c) + d: what leaves, offsets and intervals mostly are.
      if (isConstant(right) && left.op === 'add' && isConstant(left.right)) {
        return binary('add', left.left, constant(left.right.value + right.value));
      }
      if (isConstant(left)) return binary('add', right, left);
      break;
    case 'subtract':
      if (isConstant(right)) return binary('add', left, constant(-right.value));
      break;
    case 'multiply':
      if (isZero(left) || isZero(right)) return ZERO;
      if (isConstant(left)) return left.value === 1 ? right : { op, left: right, right: left };
      if (isConstant(right) && right.value === 1) return left;
      break;
    case 'and':
      if (isConstant(left)) return left.value === 0 ? ZERO : right;
      if (isConstant(right)) return right.value === 0 ? ZERO : left;
      break;
    case 'or':
      if (isConstant(left)) return left.value === 0 ? right : ONE;
      if (isConstant(right)) return right.value === 0 ? left : ONE;
      break;
    case 'bitAnd':
      if (isZero(left) || isZero(right)) return ZERO;
      if (isConstant(right) && right.value === -1) return left;
      if (isConstant(left)) return binary(op, right, left);
      break;
    case 'bitOr':
    case 'bitXor':
      if (isZero(left)) return right;
      if (isZero(right)) return left;
      break;
    case 'shiftLeft':
    case 'shiftRight':
      if (isZero(right) || isZero(left)) return left;
      break;
    case 'equal':
    case 'notEqual':
      if (isConstant(left)) return binary(op, right, left);
      // x + c == d: compare the leaf itself.
      if (isConstant(right) && left.op === 'add' && isConstant(left.right)) {
        return binary(op, left.left, constant(right.value - left.right.value));
      }
      break;
    default:
      break;
  }
  return { op, left, right };
}

export function select(condition: Flat, whenTrue: Flat, whenFalse: Flat): Flat {
  if (isConstant(condition)) return condition.value === 0 ? whenFalse : whenTrue;
  if (isConstant(whenTrue) && isConstant(whenFalse)) {
    if (whenTrue.value === whenFalse.value) return whenTrue;
    if (whenTrue.value === 1 && whenFalse.value === 0) return condition;
    if (whenTrue.value === 0 && whenFalse.value === 1) return unary('not', condition);
  }
  return { op: 'select', condition, whenTrue, whenFalse };
}

export function applyUnary(op: UnaryOperation, operand: number): number {
  switch (op) {
    case 'not':
      return operand === 0 ? 1 : 0;
    case 'popcount': {
      let count = 0;
      for (let rest = operand; rest !== 0; rest &= rest - 1) count += 1;
      return count;
    }
    case 'trailingZeros':
      return operand === 0 ? 32 : 31 - Math.clz32(operand & -operand);
  }
}

export function applyBinary(op: BinaryOperation, left: number, right: number): number {
  switch (op) {
    case 'add':
      return (left + right) | 0;
    case 'subtract':
      return (left - right) | 0;
    case 'multiply':
      return Math.imul(left, right);
    case 'floorDivide':
      return right === 0 ? 0 : Math.floor(left / right) | 0;
    case 'truncateDivide':
      return right === 0 ? 0 : (left / right) | 0;
    case 'remainder':
      return right === 0 ? 0 : (left % right) | 0;
    case 'minimum':
      return Math.min(left, right);
    case 'maximum':
      return Math.max(left, right);
    case 'addOverflows':
      return outside(left + right);
    case 'subtractOverflows':
      return outside(left - right);
    case 'multiplyOverflows':
      return outside(left * right);
    case 'equal':
      return left === right ? 1 : 0;
    case 'notEqual':
      return left === right ? 0 : 1;
    case 'less':
      return left < right ? 1 : 0;
    case 'lessOrEqual':
      return left <= right ? 1 : 0;
    case 'and':
      return left !== 0 && right !== 0 ? 1 : 0;
    case 'or':
      return left !== 0 || right !== 0 ? 1 : 0;
    case 'bitAnd':
      return left & right;
    case 'bitOr':
      return left | right;
    case 'bitXor':
      return left ^ right;
    case 'shiftLeft':
      return left << right;
    case 'shiftRight':
      return (left >>> right) | 0;
  }
}

function outside(result: number): number {
  return result < -(2 ** 31) || 2 ** 31 <= result ? 1 : 0;
}

function isZero(flat: Flat): boolean {
  return flat.op === 'const' && flat.value === 0;
}
