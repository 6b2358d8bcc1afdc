import type { Comprehension, Domain, Expression, Fold, Value } from '../../../dsl/ir/index.ts';
import { cardinality, valuesOf } from '../../../dsl/ir/index.ts';
import { setPart } from '../../../dsl/ir/part.ts';
import type { Shape } from '../../plan/shape.ts';
import { shapeOf } from '../../plan/shape.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, ONE, unary, ZERO } from '../flat.ts';
import { kindOf } from '../term/alternative.ts';
import { elementAt, lengthOf } from '../term/array.ts';
import { elementCell, newRegion } from '../term/cell.ts';
import { encode } from '../term/code.ts';
import { asBoolean, booleanTerm, intTerm } from '../term/scalar.ts';
import { constantWords, elementDomain, hasBit, newBits, setShapeOf } from '../term/set.ts';
import { store } from '../term/store.ts';
import { failUnless } from '../term/target.ts';
import type { SetShape, Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { materialized, newVariable, readVariable, snapshot, writeVariable } from '../term/variable.ts';
import { asCollection, each, isUnrolled, knownElements, newArray, sizeOf } from './collection.ts';
import { lower } from './expression.ts';
import type { Lowering } from './lowering.ts';
import { bindElement, needsIndex } from './lowering.ts';

/** Lowers a binder over a collection. */
export function lowerComprehension(lowering: Lowering, expression: Expression & Comprehension): Term {
  const { builder } = lowering;
  const over = asCollection(lowering, lower(lowering, expression.over), expression.over.type);
  if (!builder.live) return NOTHING;
  const isSequence = kindOf(over) === 'array';
  const rounds = { weighed: expression.body, isIndexed: asksIndex(expression) };
  const visit = (use: (element: Term, index: Term) => void): void =>
    each(lowering, over, expression.over.type, rounds, (element, index) => {
      bindElement(lowering, expression, element, index);
      use(element, index);
    });
  const test = (): Flat => asBoolean(lowering, lower(lowering, expression.body));
  const most = sizeOf(lowering, over).max;

  switch (expression.operator) {
    case 'all':
    case 'some':
      return booleanTerm(lowerQuantifier(lowering, expression, over, visit, test));
    case 'count': {
      const counter = builder.newTemp(true);
      const count: Flat = { op: 'temp', temp: counter };
      builder.set(counter, ZERO);
      visit(() => builder.set(counter, binary('add', count, test())));
      return intTerm(builder.fix(count), 0, most);
    }
    case 'find': {
      const found = newVariable(lowering, expression.type);
      writeVariable(lowering, found, NOTHING, failUnless(lowering));
      builder.block((done) =>
        visit((element) =>
          builder.if(test(), () => {
            writeVariable(lowering, found, element, failUnless(lowering));
            builder.leave(done);
          }),
        ),
      );
      return readVariable(found);
    }
    case 'findIndex': {
      const found = builder.newTemp(true);
      builder.set(found, constant(-1));
      builder.block((done) =>
        visit((_, index) =>
          builder.if(test(), () => {
            builder.set(found, (index as { code?: Flat }).code ?? constant((index as { value: number }).value));
            builder.leave(done);
          }),
        ),
      );
      return intTerm(builder.fix({ op: 'temp', temp: found }), -1, Math.max(-1, most - 1));
    }
    case 'filter':
      if (isSequence) {
        const kept = newArray(lowering, expression.type, most);
        visit((element) => builder.if(test(), () => kept.push(element)));
        return kept.finish();
      } else {
        const shape = over.kind === 'set' ? over.shape : setShapeFor(over, expression.over.type);
        const bits = newBits(lowering, shape);
        visit((element) => bits.addIf(test(), encode(lowering, element, elementDomain(shape)).code));
        return bits.term();
      }
    case 'map':
      return isSequence ? mapArray(lowering, expression, over, visit, most) : mapSet(lowering, expression, visit);
    case 'record':
      return lowerRecord(lowering, expression, over, visit);
  }
}

function asksIndex(expression: Comprehension): boolean {
  return needsIndex(expression) || expression.operator === 'findIndex';
}

/** The shape of the set that a collection which is no bitmap is. */
function setShapeFor(over: Term, type: Domain): SetShape {
  if (over.kind === 'values') return shapeOf({ kind: 'set', element: over.domain }) as SetShape;
  return setShapeOf(setPart(type) ?? { kind: 'set', element: { kind: 'never' } });
}

/** A conjunction or disjunction of pure parts where the elements are few, else a loop that stops at the first answer. */
function lowerQuantifier(
  lowering: Lowering,
  expression: Expression & Comprehension,
  over: Term,
  visit: (use: () => void) => void,
  test: () => Flat,
): Flat {
  const { builder } = lowering;
  const isAll = expression.operator === 'all';
  const neutral = isAll ? ONE : ZERO;
  const candidates = alwaysVisited(lowering, expression, over);
  if (candidates !== undefined) {
    let joined: Flat = neutral;
    const [emitted, ends] = builder.collect(() => {
      for (const { present, element, index } of candidates) {
        bindElement(lowering, expression, element, index);
        const [inner, innerEnds, holds] = builder.collect(test);
        // What is emitted would also run for elements that are absent, or after the answer is known.
        if (0 < inner.length || !innerEnds) builder.fail();
        if (!builder.live) return;
        joined = isAll
          ? binary('and', joined, binary('or', unary('not', present), holds))
          : binary('or', joined, binary('and', present, holds));
      }
    });
    if (ends && emitted.length === 0) return joined;
  }

  const result = builder.newTemp(true);
  builder.set(result, neutral);
  builder.block((done) =>
    visit(() => {
      const condition = test();
      builder.if(isAll ? unary('not', condition) : condition, () => {
        builder.set(result, isAll ? ZERO : ONE);
        builder.leave(done);
      });
    }),
  );
  return builder.fix({ op: 'temp', temp: result });
}

interface Candidate {
  readonly present: Flat;
  readonly element: Term;
  readonly index: Term;
}

/** The few elements that a collection can have, each with the condition that it has it; undefined if they are many. */
function alwaysVisited(
  lowering: Lowering,
  expression: Expression & Comprehension,
  over: Term,
): readonly Candidate[] | undefined {
  const known = knownElements(over);
  if (known !== undefined) {
    if (!isUnrolled(lowering, known.length, expression.body)) return undefined;
    return known.map((element, index) => ({ present: ONE, element, index: { kind: 'constant', value: index } }));
  }
  if (over.kind === 'set') {
    const { shape } = over;
    if (needsIndex(expression) || !isUnrolled(lowering, shape.count, expression.body)) return undefined;
    return shape.order.map((code) => ({
      present: hasBit(over, constant(code)),
      element: { kind: 'constant', value: shape.elements[code] },
      index: NOTHING,
    }));
  }
  const length = lengthOf(lowering, over);
  if (!isUnrolled(lowering, length.max, expression.body)) return undefined;
  return Array.from({ length: length.max }, (_, index) => ({
    present: index < length.min ? ONE : binary('less', constant(index), length.code),
    element: elementAt(over, constant(index)),
    index: { kind: 'constant', value: index },
  }));
}

function mapArray(
  lowering: Lowering,
  expression: Expression & Comprehension,
  over: Term,
  visit: (use: (element: Term, index: Term) => void) => void,
  most: number,
): Term {
  const known = knownElements(over);
  if (known !== undefined) {
    const items = known.map((element, index) => {
      bindElement(lowering, expression, element, { kind: 'constant', value: index });
      return fixed(lowering, lower(lowering, expression.body));
    });
    return { kind: 'items', items };
  }
  const mapped = newArray(lowering, expression.type, most);
  visit(() => mapped.push(lower(lowering, expression.body)));
  return mapped.finish();
}

/** Scalars in temps, so that what they were made of is computed once. */
function fixed(lowering: Lowering, term: Term): Term {
  return snapshot(lowering, term, () => true);
}

function mapSet(
  lowering: Lowering,
  expression: Expression & Comprehension,
  visit: (use: (element: Term, index: Term) => void) => void,
): Term {
  const shape = setShapeOf(expression.type);
  const bits = newBits(lowering, shape);
  visit(() => {
    const { code, valid } = encode(lowering, lower(lowering, expression.body), elementDomain(shape));
    lowering.builder.check(valid);
    if (lowering.builder.live) bits.add(code);
  });
  return bits.term();
}

/** A record whose keys are the elements; fails unless they are all the keys of its type. */
function lowerRecord(
  lowering: Lowering,
  expression: Expression & Comprehension,
  over: Term,
  visit: (use: (element: Term, index: Term) => void) => void,
): Term {
  const { builder } = lowering;
  const type = expression.type;
  if (type.kind !== 'record') throw new Error('a record comprehension of another type');
  const known = knownElements(over);
  if (known !== undefined && known.every((element) => element.kind === 'constant')) {
    const fields = new Map<string, Term>();
    for (const [index, element] of known.entries()) {
      bindElement(lowering, expression, element, { kind: 'constant', value: index });
      fields.set(String((element as { value: Value }).value), fixed(lowering, lower(lowering, expression.body)));
    }
    return materialized(lowering, { kind: 'fields', fields }, type);
  }
  const shape = shapeOf(type) as Shape & { kind: 'product' };
  const cell = newRegion(lowering, shape.leaves);
  const keys = shapeOf({ kind: 'set', element: type.key }) as SetShape;
  const present = newBits(lowering, keys);
  visit((element) => {
    const value = lower(lowering, expression.body);
    const { code, valid } = encode(lowering, element, type.key);
    builder.check(valid);
    const [part] = shape.parts;
    if (!builder.live || part === undefined) return;
    const position = builder.fix(code);
    const place = elementCell(cell, 0, position, part.shape.leaves, shape.parts.length);
    store(lowering, part.shape, place, value, failUnless(lowering));
    present.add(position);
  });
  const all = constantWords(
    keys,
    [...valuesOf(type.key)].map((_, code) => code),
  );
  present.term().words.forEach((word, index) => builder.check(binary('equal', word, all[index]!)));
  return cardinality(type.key) === 0
    ? materialized(lowering, { kind: 'constant', value: {} }, type)
    : { kind: 'view', shape, cell };
}

/** Lowers `reduce`. */
export function lowerFold(lowering: Lowering, expression: Expression & Fold): Term {
  const { builder, locals } = lowering;
  const over = asCollection(lowering, lower(lowering, expression.over), expression.over.type);
  const initial = lower(lowering, expression.initial);
  if (!builder.live) return NOTHING;
  const known = knownElements(over);
  if (known !== undefined) {
    // Without a join, the accumulator keeps the closest representation there is.
    let accumulator = fixed(lowering, initial);
    for (const [index, element] of known.entries()) {
      locals.set(expression.accumulator, { term: accumulator });
      bindElement(lowering, expression, element, { kind: 'constant', value: index });
      accumulator = fixed(lowering, lower(lowering, expression.body));
    }
    return accumulator;
  }
  const accumulator = newVariable(lowering, expression.type);
  const next = newVariable(lowering, expression.type);
  writeVariable(lowering, accumulator, initial, failUnless(lowering));
  const rounds = { weighed: expression.body, isIndexed: needsIndex(expression) };
  each(lowering, over, expression.over.type, rounds, (element, index) => {
    locals.set(expression.accumulator, { term: readVariable(accumulator) });
    bindElement(lowering, expression, element, index);
    // Through a second place: the body may still read the accumulator while its result is written.
    writeVariable(lowering, next, lower(lowering, expression.body), failUnless(lowering));
    writeVariable(lowering, accumulator, readVariable(next), failUnless(lowering));
  });
  return readVariable(accumulator);
}
