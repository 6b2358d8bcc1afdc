import type { Flat } from '../flat.ts';
import { fieldOf } from './frame.ts';
import type { Frame } from './frame.ts';
import { maskOf, placed } from './state-words.ts';
import type { Field } from './state-words.ts';

/** Which state a field is of. */
type StateKind = 'state' | 'next';

/** A test of fields of one word for equality with constants: `word & mask === bits`, or the opposite. */
export interface FieldTest {
  readonly kind: StateKind;
  readonly word: number;
  readonly mask: bigint;
  readonly bits: bigint;
  readonly negated: boolean;
}

/** A comparison of a field's code with a constant: `code >= bound`, or the opposite. */
export interface FieldComparison {
  readonly kind: StateKind;
  readonly field: Field;
  /** At least 1, at most the largest code. */
  readonly bound: number;
  readonly atLeast: boolean;
  /** The condition itself. */
  readonly flat: Flat;
}

/** The test that a condition is, if it is one. */
export function testOf(frame: Frame, flat: Flat): FieldTest | undefined {
  switch (flat.op) {
    case 'equal':
    case 'notEqual': {
      if (flat.right.op !== 'const') return undefined;
      const negated = flat.op === 'notEqual';
      if (flat.left.op === 'popcount' && flat.right.value === 0)
        return maskedTest(frame, flat.left.operand, 0, negated);
      return maskedTest(frame, flat.left, flat.right.value, negated);
    }
    case 'less':
      // 0 < popcount(x): a set with something in it.
      if (flat.left.op === 'const' && flat.left.value === 0 && flat.right.op === 'popcount') {
        return maskedTest(frame, flat.right.operand, 0, true);
      }
      return undefined;
    case 'not': {
      const test = testOf(frame, flat.operand);
      return test === undefined ? undefined : normalized({ ...test, negated: !test.negated });
    }
    case 'load':
    case 'bitAnd':
    case 'shiftRight': {
      const part = partOf(frame, flat);
      return part?.field.width === 1 ? maskedTest(frame, flat, 1, false) : undefined;
    }
    default:
      return undefined;
  }
}

/** The comparison that a condition is, if it is one. */
export function comparisonOf(frame: Frame, flat: Flat): FieldComparison | undefined {
  if (flat.op === 'not') {
    const inner = comparisonOf(frame, flat.operand);
    return inner === undefined ? undefined : { ...inner, atLeast: !inner.atLeast, flat };
  }
  if (flat.op !== 'less' && flat.op !== 'lessOrEqual') return undefined;
  const { left, right } = flat;
  const [side, constant] = right.op === 'const' ? [left, right.value] : left.op === 'const' ? [right, left.value] : [];
  if (side === undefined || constant === undefined) return undefined;
  // Leaves hold integers less the minimum of their domain.
  const [operand, limit] =
    side.op === 'add' && side.right.op === 'const' ? [side.left, constant - side.right.value] : [side, constant];
  const part = partOf(frame, operand);
  // A field of 32 bits is signed.
  if (part === undefined || 31 < part.field.width) return undefined;
  const strict = flat.op === 'less';
  // x < c: not (x >= c); x <= c: not (x >= c + 1); c < x: x >= c + 1; c <= x: x >= c.
  const atLeast = right.op !== 'const';
  const bound = atLeast === strict ? limit + 1 : limit;
  if (bound < 1 || 2 ** part.field.width <= bound) return undefined;
  return { ...part, bound, atLeast, flat };
}

/** `x & c === d` for a part x of a field. */
function maskedTest(frame: Frame, flat: Flat, wanted: number, negated: boolean): FieldTest | undefined {
  const whole = partOf(frame, flat);
  if (whole !== undefined) {
    const { kind, field } = whole;
    if (wanted >>> 0 >= 2 ** field.width) return undefined;
    return normalized({ kind, word: field.word, mask: maskOf(field), bits: placed(field, wanted), negated });
  }
  if (flat.op !== 'bitAnd' || flat.right.op !== 'const') return undefined;
  const part = partOf(frame, flat.left);
  if (part === undefined) return undefined;
  const { kind, field } = part;
  const mask = placed(field, flat.right.value);
  const bits = placed(field, wanted);
  if (mask === 0n || (bits & ~mask) !== 0n || wanted >>> 0 >= 2 ** field.width) return undefined;
  return normalized({ kind, word: field.word, mask, bits, negated });
}

/** A single bit that is not 1 is 0, so such a test need not be negated. */
function normalized(test: FieldTest): FieldTest {
  if (!test.negated || (test.mask & (test.mask - 1n)) !== 0n) return test;
  return { ...test, bits: test.bits ^ test.mask, negated: false };
}

/** A field of a state, or neighboring bits of one, that an expression is the value of. */
function partOf(frame: Frame, flat: Flat): { readonly kind: StateKind; readonly field: Field } | undefined {
  switch (flat.op) {
    case 'load': {
      const { cell } = flat;
      if ((cell.space.kind !== 'state' && cell.space.kind !== 'next') || cell.index !== undefined) return undefined;
      const field = fieldOf(frame, cell);
      return field.width === 0 ? undefined : { kind: cell.space.kind, field };
    }
    case 'shiftRight': {
      const part = flat.right.op === 'const' ? partOf(frame, flat.left) : undefined;
      if (part === undefined || flat.right.op !== 'const') return undefined;
      const by = flat.right.value;
      const { word, shift, width } = part.field;
      return 0 <= by && by < width ? { ...part, field: { word, shift: shift + by, width: width - by } } : undefined;
    }
    case 'bitAnd': {
      const part = flat.right.op === 'const' ? partOf(frame, flat.left) : undefined;
      if (part === undefined || flat.right.op !== 'const') return undefined;
      const mask = flat.right.value >>> 0;
      // Only the lowest bits: a mask of ones.
      if (mask === 0 || (mask & (mask + 1)) !== 0) return undefined;
      const { word, shift, width } = part.field;
      return { ...part, field: { word, shift, width: Math.min(width, 32 - Math.clz32(mask)) } };
    }
    default:
      return undefined;
  }
}
