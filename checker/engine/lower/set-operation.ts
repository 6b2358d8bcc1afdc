import type { Value } from '../../../dsl/ir/index.ts';
import { setOf, SetValue } from '../../../dsl/ir/index.ts';
import type { Flat } from '../flat.ts';
import { binary, constant } from '../flat.ts';
import { kindOf } from '../term/alternative.ts';
import { dispatch } from '../term/dispatch.ts';
import type { SetShape, Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import type { Lowering } from './lowering.ts';

/** The set that an operation on the words of two sets of one shape makes. */
export function combined(
  lowering: Lowering,
  operation: 'bitAnd' | 'bitOr',
  shape: SetShape,
  left: readonly Flat[],
  right: readonly Flat[],
): Term {
  const words = left.map((word, index) => lowering.builder.fix(binary(operation, word, right[index]!)));
  return { kind: 'set', shape, words, cell: undefined };
}

/** The union of two sets that are known. */
export function foldUnion(left: Term, right: Term): Term | undefined {
  if (left.kind !== 'constant' || right.kind !== 'constant') return undefined;
  if (!(left.value instanceof SetValue && right.value instanceof SetValue)) return undefined;
  return { kind: 'constant', value: setOf([...left.value.elements, ...right.value.elements]) };
}

export function foldSets(
  lowering: Lowering,
  operator: 'intersection' | 'difference',
  left: Term & { kind: 'constant' },
  right: Term & { kind: 'constant' },
): Term {
  if (!(left.value instanceof SetValue) || !(right.value instanceof SetValue)) {
    lowering.builder.fail();
    return NOTHING;
  }
  const known = right.value.elements;
  const has = (value: Value): boolean => known.some((one) => setOf([one, value]).elements.length === 1);
  return {
    kind: 'constant',
    value: setOf(left.value.elements.filter((value) => has(value) === (operator === 'intersection'))),
  };
}

export function complement(word: Flat): Flat {
  return binary('bitXor', word, constant(-1));
}

/** Fails for what is no set. */
export function isSet(lowering: Lowering, term: Term): boolean {
  if (term.kind === 'view' || term.kind === 'scalar') {
    dispatch(
      lowering,
      term,
      (one) => kindOf(one) === 'set',
      { kind: 'never' },
      () => NOTHING,
    );
  } else if (kindOf(term) !== 'set') lowering.builder.fail();
  return lowering.builder.live;
}
