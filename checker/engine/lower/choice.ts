import type { Domain, Expression } from '../../../dsl/ir/index.ts';
import { cardinality, SetValue } from '../../../dsl/ir/index.ts';
import { setPart } from '../../../dsl/ir/part.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, unary, ZERO } from '../flat.ts';
import { lengthOf } from '../term/array.ts';
import { load } from '../term/cell.ts';
import { decode } from '../term/code.ts';
import { intTerm } from '../term/scalar.ts';
import { elementDomain, hasBit, withCells } from '../term/set.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { asCollection } from './collection.ts';
import { indexTerm } from './entry.ts';
import { lower } from './expression.ts';
import type { Lowering } from './lowering.ts';

export function lowerChoice(lowering: Lowering, from: Expression): Term {
  const { builder } = lowering;
  const collection = asCollection(lowering, lower(lowering, from), from.type);
  if (!builder.live) return NOTHING;
  if (collection.kind === 'values') {
    const count = cardinality(collection.domain);
    if (count === 0) {
      builder.when(ZERO);
      return NOTHING;
    }
    return decode(lowering, collection.domain, chooseAmong(lowering, constant(count)));
  }
  if (collection.kind === 'constant' && collection.value instanceof SetValue) {
    return chooseItem(
      lowering,
      { kind: 'constant', value: collection.value.elements },
      {
        kind: 'array',
        element: setPart(from.type)?.element ?? { kind: 'never' },
        minLength: 0,
        maxLength: collection.value.elements.length,
      },
    );
  }
  if (collection.kind === 'set') return chooseElement(lowering, collection);
  return chooseItem(lowering, collection, from.type);
}

export function chooseAmong(lowering: Lowering, count: Flat): Flat {
  if (isConstant(count) && count.value === 1) return ZERO;
  const temp = lowering.builder.newTemp(false);
  lowering.builder.emit({ op: 'choose', temp, count });
  return { op: 'temp', temp };
}

function chooseItem(lowering: Lowering, array: Term, type: Domain): Term {
  const length = lengthOf(lowering, array);
  lowering.builder.when(binary('less', ZERO, length.code));
  if (!lowering.builder.live) return NOTHING;
  const chosen = chooseAmong(lowering, lowering.builder.fix(length.code));
  return indexTerm(lowering, array, intTerm(chosen, 0, length.max - 1), type, type);
}

/** The chosen element is the one that has as many elements of the set before it, in canonical order, as was chosen. */
function chooseElement(lowering: Lowering, given: Term & { kind: 'set' }): Term {
  const { builder } = lowering;
  const term = withCells(lowering, { ...given, words: given.words.map((word) => builder.fix(word)), cell: undefined });
  const count = term.words.map((word) => unary('popcount', word)).reduce((sum, one) => binary('add', sum, one), ZERO);
  const fixed = builder.fix(count);
  builder.when(binary('less', ZERO, fixed));
  if (!builder.live) return NOTHING;
  const skip = builder.newTemp(true);
  const left: Flat = { op: 'temp', temp: skip };
  builder.set(skip, chooseAmong(lowering, fixed));
  const { order, count: size } = term.shape;
  const inOrder = order.every((code, index) => code === index);
  const found = builder.newTemp(true);
  builder.set(found, ZERO);
  if (inOrder && term.words.length === 1) {
    const rest = builder.newTemp(true);
    const word: Flat = { op: 'temp', temp: rest };
    builder.set(rest, term.words[0]!);
    builder.repeat(left, () => builder.set(rest, binary('bitAnd', word, binary('subtract', word, ONE))));
    builder.set(found, unary('trailingZeros', word));
  } else {
    const table = inOrder ? undefined : lowering.constants.add(order);
    builder.block((done) => {
      builder.repeat(constant(size), (index) => {
        const code = table === undefined ? index : builder.fix(load({ space: { kind: 'constant' }, at: table, index }));
        builder.if(hasBit(term, code), () => {
          builder.if(binary('equal', left, ZERO), () => {
            builder.set(found, code);
            builder.leave(done);
          });
          builder.set(skip, binary('subtract', left, ONE));
        });
      });
    });
  }
  return decode(lowering, elementDomain(term.shape), builder.fix({ op: 'temp', temp: found }));
}
