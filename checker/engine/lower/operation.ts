import type { Expression, SetValue, Value } from '../../../dsl/ir/index.ts';
import { setOf, valuesOf } from '../../../dsl/ir/index.ts';
import type { Flat } from '../flat.ts';
import { binary, isConstant, unary, ZERO } from '../flat.ts';
import { kindOf } from '../term/alternative.ts';
import { lengthOf } from '../term/array.ts';
import { encode } from '../term/code.ts';
import { equalTerms, isMember } from '../term/equality.ts';
import { asInt, booleanTerm, intTerm } from '../term/scalar.ts';
import { asBitmap, elementDomain, hasBit, newBits, setShapeOf, setWords, withCells } from '../term/set.ts';
import { attempt, failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { absolute, arithmetic, compare } from './arithmetic.ts';
import { asCollection, each, newArray, sizeOf } from './collection.ts';
import { replaced } from './entry.ts';
import { lower } from './expression.ts';
import type { Lowering } from './lowering.ts';
import { arrayTerm, at, concat, position, slice } from './sequence.ts';
import { combined, complement, foldSets, foldUnion, isSet } from './set-operation.ts';

type Operation = Expression & { readonly kind: 'operation' };

/** Lowers a strict operation: its operands from left to right, then the operation itself. */
export function lowerOperation(lowering: Lowering, expression: Operation): Term {
  const { builder } = lowering;
  const { operator, operands, type } = expression;
  const first = operands[0]!;
  if (operator === 'includes' && first.kind === 'domain') {
    const value = lower(lowering, operands[1]!);
    return builder.live ? booleanTerm(isMember(lowering, value, first.domain)) : NOTHING;
  }
  if (operator === 'toArray' && first.kind === 'domain') {
    return { kind: 'constant', value: [...valuesOf(first.domain)] };
  }
  const terms = operands.map((operand) => lower(lowering, operand));
  if (!builder.live) return NOTHING;
  const types = operands.map((operand) => operand.type);
  const term = (index: number): Term => terms[index] ?? NOTHING;
  const array = (index: number): Term => arrayTerm(lowering, term(index), types[index]!);

  switch (operator) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'truncate':
    case 'remainder':
      return arithmetic(lowering, operator, asInt(lowering, term(0)), asInt(lowering, term(1)));
    case 'negate': {
      const operand = asInt(lowering, term(0));
      return arithmetic(lowering, 'subtract', { code: ZERO, min: 0, max: 0 }, operand);
    }
    case 'absolute':
      return absolute(lowering, asInt(lowering, term(0)));
    case 'minimum':
    case 'maximum': {
      const pick = operator === 'minimum' ? Math.min : Math.max;
      const joined = terms
        .map((one) => asInt(lowering, one))
        .reduce((left, right) => ({
          code: binary(operator, left.code, right.code),
          min: pick(left.min, right.min),
          max: pick(left.max, right.max),
        }));
      return intTerm(joined.code, joined.min, joined.max);
    }
    case 'equal':
      return booleanTerm(equalTerms(lowering, term(0), term(1)));
    case 'notEqual':
      return booleanTerm(unary('not', equalTerms(lowering, term(0), term(1))));
    case 'less':
      return compare('less', asInt(lowering, term(0)), asInt(lowering, term(1)));
    case 'lessOrEqual':
      return compare('lessOrEqual', asInt(lowering, term(0)), asInt(lowering, term(1)));
    case 'greater': {
      const left = asInt(lowering, term(0));
      return compare('less', asInt(lowering, term(1)), left);
    }
    case 'greaterOrEqual': {
      const left = asInt(lowering, term(0));
      return compare('lessOrEqual', asInt(lowering, term(1)), left);
    }
    case 'size': {
      const collection = asCollection(lowering, term(0), types[0]!);
      if (!builder.live) return NOTHING;
      const size = sizeOf(lowering, collection);
      return intTerm(size.code, size.min, size.max);
    }
    case 'includes': {
      const collection = asCollection(lowering, term(0), types[0]!);
      if (!builder.live) return NOTHING;
      if (kindOf(collection) === 'set') {
        const set = asBitmap(lowering, collection, types[0]!);
        const { code, valid } = encode(lowering, term(1), elementDomain(set.shape));
        if (isConstant(valid) && valid.value === 0) return booleanTerm(ZERO);
        return booleanTerm(binary('and', valid, hasBit(isConstant(code) ? set : withCells(lowering, set), code)));
      }
      const index = position(lowering, collection, types[0]!, term(1));
      return booleanTerm(binary('lessOrEqual', ZERO, index));
    }
    case 'indexOf': {
      const collection = array(0);
      if (!builder.live) return NOTHING;
      return intTerm(
        position(lowering, collection, types[0]!, term(1)),
        -1,
        Math.max(-1, lengthOf(lowering, collection).max - 1),
      );
    }
    case 'at':
      return at(lowering, array(0), asInt(lowering, term(1)), types[0]!, type);
    case 'slice':
      return slice(
        lowering,
        array(0),
        { from: asInt(lowering, term(1)), to: terms.length < 3 ? undefined : asInt(lowering, term(2)) },
        types[0]!,
        type,
      );
    case 'concat': {
      const parts = terms.map((_, index) => array(index));
      if (!builder.live) return NOTHING;
      return concat(lowering, parts, types, type);
    }
    case 'union': {
      const shape = setShapeOf(type);
      const [left, right] = [0, 1].map((index) => setWords(lowering, term(index), shape, failUnless(lowering)));
      return foldUnion(term(0), term(1)) ?? combined(lowering, 'bitOr', shape, left!, right!);
    }
    case 'intersection':
    case 'difference': {
      const [first, second] = [term(0), term(1)];
      if (first.kind === 'constant' && second.kind === 'constant') return foldSets(lowering, operator, first, second);
      const left = asBitmap(lowering, first, types[0]!);
      const right = setWords(lowering, second, left.shape, undefined);
      const mask = operator === 'intersection' ? right : right.map(complement);
      return combined(lowering, 'bitAnd', left.shape, left.words, mask);
    }
    case 'subset': {
      const right = asBitmap(lowering, term(1), types[1]!);
      if (!isSet(lowering, term(0))) return NOTHING;
      let words: readonly Flat[] = [];
      const valid = attempt(lowering, (require) => {
        words = setWords(lowering, term(0), right.shape, require).map((word) => builder.fix(word));
      });
      return booleanTerm(
        right.words.reduce(
          (all, word, index) =>
            binary('and', all, binary('equal', binary('bitAnd', words[index] ?? ZERO, complement(word)), ZERO)),
          valid,
        ),
      );
    }
    case 'toSet': {
      const collection = asCollection(lowering, term(0), types[0]!);
      if (!builder.live || kindOf(collection) === 'set') return collection;
      if (collection.kind === 'constant')
        return { kind: 'constant', value: setOf(collection.value as readonly Value[]) };
      const shape = setShapeOf(type);
      const bits = newBits(lowering, shape);
      each(lowering, collection, types[0]!, { weighed: expression }, (element) => {
        const { code, valid } = encode(lowering, element, elementDomain(shape));
        builder.check(valid);
        if (builder.live) bits.add(code);
      });
      return bits.term();
    }
    case 'toArray': {
      const collection = asCollection(lowering, term(0), types[0]!);
      if (!builder.live || kindOf(collection) === 'array') return collection;
      if (collection.kind === 'constant') return { kind: 'constant', value: (collection.value as SetValue).elements };
      // A domain that was bound to a name first is a set, and comes in canonical order.
      const set = asBitmap(lowering, collection, types[0]!);
      const writer = newArray(lowering, type, set.shape.count);
      each(lowering, set, types[0]!, { weighed: expression }, (element) => writer.push(element));
      return writer.finish();
    }
    case 'with':
      return replaced(lowering, term(0), { key: term(1), value: term(2) }, types[0]!, type);
  }
}
