import type { Value } from '../../../dsl/ir/index.ts';
import { setOf, SetValue } from '../../../dsl/ir/index.ts';
import type { Flat } from '../flat.ts';
import { binary, constant } from '../flat.ts';
import { kindOf } from '../term/alternative.ts';
import { dispatch } from '../term/dispatch.ts';
import type { SetShape, Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import type { Lowering } from './lowering.ts';

export function combined(
  lowering: Lowering,
  left: Term,
  right: Term,
  shape: SetShape,
  leftWords: readonly Flat[],
  rightWords: readonly Flat[],
  operation: 'bitAnd' | 'bitOr',
): Term {
  if (
    left.kind === 'constant' &&
    right.kind === 'constant' &&
    left.value instanceof SetValue &&
    right.value instanceof SetValue
  ) {
    return { kind: 'constant', value: setOf([...left.value.elements, ...right.value.elements]) };
  }
  const words = leftWords.map((word, index) => lowering.builder.fix(binary(operation, word, rightWords[index]!)));
  return { kind: 'set', shape, words, cell: undefined };
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
