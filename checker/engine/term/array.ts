import type { Value } from '../../../dsl/ir/index.ts';
import { isArray } from '../../../dsl/ir/index.ts';
import { lengthSize, minLengthOf } from '../../plan/shape.ts';
import { offsetBy } from '../builder.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, ZERO } from '../flat.ts';
import { cellAt, elementCell, load, read, UNROLLED_CELLS } from './cell.ts';
import type { Int } from './scalar.ts';
import type { Target } from './target.ts';
import type { Term } from './term.ts';
import { NOTHING } from './term.ts';

/** The length of an array or tuple. */
export function lengthOf(target: Target, term: Term): Int {
  const fixed = (length: number): Int => ({ code: constant(length), min: length, max: length });
  switch (term.kind) {
    case 'items':
      return fixed(term.items.length);
    case 'constant':
      return fixed((term.value as readonly Value[]).length);
    case 'view': {
      if (term.shape.kind === 'product') return fixed(term.shape.parts.length);
      if (term.shape.kind !== 'array') break;
      if (term.shape.lengthLeaves === 0) return fixed(term.shape.capacity);
      const min = minLengthOf(term.shape);
      return { code: offsetBy(load(term.cell), min), min, max: min + lengthSize(term.shape) - 1 };
    }
    default:
      break;
  }
  target.builder.fail();
  return fixed(0);
}

/** An element at an index that is known to be within the array; the index of a tuple or literal must be constant. */
export function elementAt(term: Term, index: Flat): Term {
  const known = isConstant(index) ? index.value : undefined;
  if (term.kind === 'items' && known !== undefined) return term.items[known] ?? NOTHING;
  if (term.kind === 'constant' && known !== undefined) {
    return { kind: 'constant', value: (term.value as readonly Value[])[known] };
  }
  if (term.kind === 'view' && term.shape.kind === 'product' && known !== undefined) {
    const part = term.shape.parts[known];
    return part === undefined ? NOTHING : read(part.shape, cellAt(term.cell, part.offset));
  }
  if (term.kind === 'view' && term.shape.kind === 'array') {
    const { element, lengthLeaves, capacity } = term.shape;
    // Only in code that a check before it keeps from being run.
    if (known !== undefined && !(0 <= known && known < capacity)) return NOTHING;
    return read(element, elementCell(term.cell, lengthLeaves, index, element.leaves, capacity));
  }
  if (term.kind === 'constant' && isArray(term.value) && term.value.length <= UNROLLED_CELLS) {
    return elementAt({ kind: 'items', items: term.value.map((value) => ({ kind: 'constant', value })) }, index);
  }
  throw new Error(`a dynamic index into a ${term.kind}`);
}

/** Whether an index is one of an array of that length. */
export function withinLength(index: Int, length: Int): Flat {
  if (length.max <= index.min || index.max < 0) return ZERO;
  const above = index.min < 0 ? binary('lessOrEqual', ZERO, index.code) : ONE;
  const below = length.min <= index.max ? binary('less', index.code, length.code) : ONE;
  return binary('and', above, below);
}
