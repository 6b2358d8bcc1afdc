import type { Domain, Expression, Operator, Value } from '../../dsl/ir/index.ts';
import { INT_MAX, INT_MIN, isObject, setOf, SetValue, valuesOf } from '../../dsl/ir/index.ts';
import { arrayPart } from '../../dsl/ir/typing.ts';
import { asCollection, each, newArray, sizeOf } from './collection.ts';
import { binary, constant, isConstant, ONE, select, unary, ZERO } from './flat.ts';
import type { Flat } from './flat.ts';
import { asBitmap, lower, setShapeOf, withinLength } from './lower.ts';
import type { Lowering } from './lower.ts';
import { casesOf, kindOf } from './term/alternative.ts';
import { elementAt, lengthOf } from './term/array.ts';
import { cellAt, elementCell, read } from './term/cell.ts';
import { encode } from './term/code.ts';
import { dispatch } from './term/dispatch.ts';
import { equalTerms, isMember } from './term/equality.ts';
import { fieldsOf } from './term/object.ts';
import { asInt, booleanTerm, intTerm } from './term/scalar.ts';
import { elementDomain, hasBit, newBits, setWords, withCells } from './term/set.ts';
import { store } from './term/store.ts';
import { failUnless, attempt, TooLarge } from './term/target.ts';
import { NOTHING } from './term/term.ts';
import { materialized, newVariable, readVariable, writeVariable } from './term/variable.ts';
import type { Int } from './term/scalar.ts';
import type { SetShape, Term } from './term/term.ts';

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
        asInt(lowering, term(1)),
        terms.length < 3 ? undefined : asInt(lowering, term(2)),
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
      return combined(lowering, term(0), term(1), shape, left!, right!, 'bitOr');
    }
    case 'intersection':
    case 'difference': {
      const [first, second] = [term(0), term(1)];
      if (first.kind === 'constant' && second.kind === 'constant') return foldSets(lowering, operator, first, second);
      const left = asBitmap(lowering, first, types[0]!);
      const right = setWords(lowering, second, left.shape, undefined);
      const mask = operator === 'intersection' ? right : right.map(complement);
      return combined(lowering, NOTHING, NOTHING, left.shape, left.words, mask, 'bitAnd');
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
      each(lowering, collection, types[0]!, expression, false, (element) => {
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
      each(lowering, set, types[0]!, expression, false, (element) => writer.push(element));
      return writer.finish();
    }
    case 'with':
      return replaced(lowering, term(0), term(1), term(2), types[0]!, type);
  }
}

function complement(word: Flat): Flat {
  return binary('bitXor', word, constant(-1));
}

/** Fails for what is no set. */
function isSet(lowering: Lowering, term: Term): boolean {
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

function combined(
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

function foldSets(
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

// ---------------------------------------------------------------------------------------------------------------------
// Integers

function compare(op: 'less' | 'lessOrEqual', left: Int, right: Int): Term {
  const holds = op === 'less' ? left.max < right.min : left.max <= right.min;
  const fails = op === 'less' ? right.max <= left.min : right.max < left.min;
  return booleanTerm(holds ? ONE : fails ? ZERO : binary(op, left.code, right.code));
}

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

function arithmetic(lowering: Lowering, operator: Arithmetic, left: Int, right: Int): Term {
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

function absolute(lowering: Lowering, operand: Int): Term {
  const { builder } = lowering;
  if (0 <= operand.min) return intTerm(operand.code, operand.min, operand.max);
  if (operand.min === INT_MIN) builder.check(binary('notEqual', operand.code, constant(INT_MIN)));
  const code = builder.fix(operand.code);
  const most = Math.min(INT_MAX, Math.max(-operand.min, operand.max));
  const negated = binary('subtract', ZERO, code);
  return intTerm(select(binary('less', code, ZERO), negated, code), 0, most);
}

// ---------------------------------------------------------------------------------------------------------------------
// Arrays and records

/** The array that a value is; fails for what is none. */
function arrayTerm(lowering: Lowering, term: Term, type: Domain): Term {
  return dispatch(
    lowering,
    term,
    (one) => kindOf(one) === 'array',
    type,
    (one) => one,
  );
}

/** The array in a form that takes a dynamic index. */
function indexable(lowering: Lowering, array: Term, type: Domain): Term {
  if (array.kind === 'view' && array.shape.kind === 'array') return array;
  const length = lengthOf(lowering, array).max;
  const domain = arrayPart(type);
  if (domain === undefined) throw new Error(`an array of no array type`);
  return materialized(lowering, array, { ...domain, minLength: length, maxLength: length });
}

/** An element or entry; fails for an index that is none. */
export function indexTerm(lowering: Lowering, object: Term, index: Term, objectType: Domain, type: Domain): Term {
  return dispatch(
    lowering,
    object,
    (one) => kindOf(one) === 'array' || kindOf(one) === 'object',
    type,
    (one) =>
      kindOf(one) === 'array'
        ? elementTerm(lowering, one, index, objectType)
        : entryTerm(lowering, one, index, objectType, type),
  );
}

function elementTerm(lowering: Lowering, array: Term, index: Term, arrayType: Domain): Term {
  const { builder } = lowering;
  const position = asInt(lowering, index);
  if (!builder.live) return NOTHING;
  builder.check(withinLength(position, lengthOf(lowering, array)));
  if (!builder.live) return NOTHING;
  if (isConstant(position.code)) return elementAt(array, position.code);
  if (lengthOf(lowering, array).max === 1) return elementAt(array, ZERO);
  return elementAt(indexable(lowering, array, arrayType), builder.fix(position.code));
}

function entryTerm(lowering: Lowering, object: Term, key: Term, objectType: Domain, type: Domain): Term {
  const { builder } = lowering;
  if (key.kind === 'constant') {
    const name = String(key.value);
    if (object.kind === 'fields' && object.fields.has(name)) return object.fields.get(name)!;
    if (object.kind === 'constant' && isObject(object.value) && Object.hasOwn(object.value, name)) {
      return { kind: 'constant', value: object.value[name] };
    }
    if (object.kind === 'view' && object.shape.kind === 'product') {
      const part = object.shape.parts.find((one) => one.name === name);
      if (part !== undefined) return read(part.shape, cellAt(object.cell, part.offset));
    }
    if (object.kind !== 'view' || object.shape.kind === 'product') {
      builder.fail();
      return NOTHING;
    }
  }
  if (object.kind === 'view' ? object.shape.domain.kind === 'record' : objectType.kind === 'record') {
    const view = object.kind === 'view' ? object : materialized(lowering, object, objectType);
    if (view.kind !== 'view' || view.shape.kind !== 'product' || view.shape.domain.kind !== 'record') return view;
    const { code, valid } = encode(lowering, key, view.shape.domain.key);
    builder.check(valid);
    const [part] = view.shape.parts;
    if (!builder.live || part === undefined) return NOTHING;
    return read(part.shape, elementCell(view.cell, 0, builder.fix(code), part.shape.leaves, view.shape.parts.length));
  }
  return computedField(lowering, object, key, type);
}

/** A field whose name is computed: whichever of the fields it is. */
function computedField(lowering: Lowering, object: Term, key: Term, type: Domain): Term {
  const { builder } = lowering;
  if (!casesOf(lowering, key).some((one) => kindOf(one.term) === 'string')) {
    builder.fail();
    return NOTHING;
  }
  const fields = fieldsOf(object);
  if (fields === undefined) throw new TooLarge('a computed field of a discriminated union');
  const result = newVariable(lowering, type);
  const chain = (rest: readonly (readonly [string, Term])[]): void => {
    const [first] = rest;
    if (first === undefined) return builder.fail();
    const [name, value] = first;
    builder.if(
      equalTerms(lowering, key, { kind: 'constant', value: name }),
      () => writeVariable(lowering, result, value, failUnless(lowering)),
      () => chain(rest.slice(1)),
    );
  };
  chain([...fields]);
  return readVariable(result);
}

/** The index of the first element that equals a value, -1 if there is none. */
function position(lowering: Lowering, array: Term, type: Domain, value: Term): Flat {
  const { builder } = lowering;
  const found = builder.newTemp(true);
  builder.set(found, constant(-1));
  builder.block((done) =>
    each(lowering, array, type, [], true, (element, index) =>
      builder.if(equalTerms(lowering, element, value), () => {
        builder.set(
          found,
          index.kind === 'constant' ? constant(index.value as number) : (index as { code: Flat }).code,
        );
        builder.leave(done);
      }),
    ),
  );
  return builder.fix({ op: 'temp', temp: found });
}

function at(lowering: Lowering, array: Term, index: Int, arrayType: Domain, type: Domain): Term {
  const { builder } = lowering;
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  const given = builder.fix(index.code);
  const fromEnd = binary('add', given, length.code);
  const code = 0 <= index.min ? given : builder.fix(select(binary('less', given, ZERO), fromEnd, given));
  const inside = binary('and', binary('lessOrEqual', ZERO, code), binary('less', code, length.code));
  if (isConstant(inside) && inside.value === 0) return NOTHING;
  if (isConstant(code) && isConstant(inside)) return elementAt(array, code);
  const result = newVariable(lowering, type);
  builder.if(
    inside,
    () => {
      const view = isConstant(code) ? array : indexable(lowering, array, arrayType);
      writeVariable(lowering, result, elementAt(view, code), failUnless(lowering));
    },
    () => writeVariable(lowering, result, NOTHING, failUnless(lowering)),
  );
  return readVariable(result);
}

function slice(lowering: Lowering, array: Term, from: Int, to: Int | undefined, arrayType: Domain, type: Domain): Term {
  const { builder } = lowering;
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  /** As `Array.prototype.slice`: negative from the end, then clamped to the array. */
  const clamped = (bound: Int): Flat => {
    const code = builder.fix(bound.code);
    // A bound below -length would wrap if the length were added to the least integer; it does not, as length is not negative.
    const absolute = 0 <= bound.min ? code : select(binary('less', code, ZERO), binary('add', code, length.code), code);
    return builder.fix(binary('minimum', binary('maximum', builder.fix(absolute), ZERO), length.code));
  };
  const start = clamped(from);
  const end = to === undefined ? builder.fix(length.code) : clamped(to);
  if (isConstant(start) && isConstant(end)) {
    const items: Term[] = [];
    for (let index = start.value; index < end.value; index += 1) items.push(elementAt(array, constant(index)));
    return itemsTerm(items);
  }
  const view = indexable(lowering, array, arrayType);
  const writer = newArray(lowering, type, length.max);
  builder.repeat(binary('subtract', end, start), (index) =>
    writer.push(elementAt(view, builder.fix(binary('add', start, index)))),
  );
  return writer.finish();
}

/** An array of known elements; all constant, it is a constant itself. */
function itemsTerm(items: readonly Term[]): Term {
  if (items.every((item) => item.kind === 'constant'))
    return { kind: 'constant', value: items.map((item) => item.value) };
  return { kind: 'items', items };
}

/** Arrays of fixed length up to this many elements in all are joined element by element. */
const JOINED_ITEMS = 32;

function concat(lowering: Lowering, parts: readonly Term[], types: readonly Domain[], type: Domain): Term {
  const lengths = parts.map((part) => lengthOf(lowering, part));
  const most = lengths.reduce((sum, length) => sum + length.max, 0);
  if (lengths.every((length) => length.min === length.max) && most <= JOINED_ITEMS) {
    return itemsTerm(
      parts.flatMap((part, index) =>
        Array.from({ length: lengths[index]!.max }, (_, position) => elementAt(part, constant(position))),
      ),
    );
  }
  const writer = newArray(lowering, type, most);
  parts.forEach((part, index) => each(lowering, part, types[index]!, [], false, (element) => writer.push(element)));
  return writer.finish();
}

function replaced(lowering: Lowering, object: Term, index: Term, value: Term, objectType: Domain, type: Domain): Term {
  const isContainer = (one: Term): boolean => kindOf(one) === 'array' || kindOf(one) === 'object';
  return dispatch(lowering, object, isContainer, type, (one) =>
    kindOf(one) === 'array'
      ? withElement(lowering, one, index, value, type)
      : withEntry(lowering, one, index, value, objectType, type),
  );
}

function withElement(lowering: Lowering, array: Term, index: Term, value: Term, type: Domain): Term {
  const { builder } = lowering;
  const position = asInt(lowering, index);
  if (!builder.live) return NOTHING;
  const length = lengthOf(lowering, array);
  builder.check(withinLength(position, length));
  if (!builder.live) return NOTHING;
  const declared = arrayPart(type);
  if (declared === undefined) throw new Error('`with` on an array yields no array');
  const domain: Domain = { ...declared, minLength: length.min, maxLength: length.max };
  const result = newVariable(lowering, domain);
  writeVariable(lowering, result, array, failUnless(lowering));
  const { shape, cell } = result;
  if (shape.kind !== 'array' || cell === undefined) throw new Error('an array of another shape');
  const place = elementCell(cell, shape.lengthLeaves, builder.fix(position.code), shape.element.leaves, shape.capacity);
  store(lowering, shape.element, place, value, failUnless(lowering));
  return { kind: 'view', shape, cell };
}

function withEntry(lowering: Lowering, object: Term, key: Term, value: Term, objectType: Domain, type: Domain): Term {
  const { builder } = lowering;
  const own = object.kind === 'view' ? object.shape.domain : objectType;
  const keys = own.kind === 'record' ? own : objectType;
  if (keys.kind !== 'record' || type.kind !== 'record') throw new TooLarge('`with` on what is not plainly a record');
  const { code, valid } = encode(lowering, key, keys.key);
  builder.check(valid);
  if (!builder.live) return NOTHING;
  const position = builder.fix(code);
  const copy = newVariable(lowering, type);
  writeVariable(lowering, copy, object, failUnless(lowering));
  const { shape, cell } = copy;
  if (shape.kind !== 'product' || cell === undefined) throw new Error('a record of another shape');
  const [part] = shape.parts;
  if (part === undefined) return NOTHING;
  store(
    lowering,
    part.shape,
    elementCell(cell, 0, position, part.shape.leaves, shape.parts.length),
    value,
    failUnless(lowering),
  );
  return { kind: 'view', shape, cell };
}
