import type { Domain, Expression, Statement, Value } from '../../../dsl/ir/index.ts';
import { cardinality, SetValue, valuesOf } from '../../../dsl/ir/index.ts';
import { arrayPart } from '../../../dsl/ir/part.ts';
import type { Shape } from '../../plan/shape.ts';
import { shapeOf } from '../../plan/shape.ts';
import type { Flat } from '../flat.ts';
import { binary, constant, ONE, unary, ZERO } from '../flat.ts';
import { casesOf, kindOf } from '../term/alternative.ts';
import { elementAt, lengthOf } from '../term/array.ts';
import { cellAt, elementCell, load, newRegion } from '../term/cell.ts';
import { decode } from '../term/code.ts';
import { dispatch } from '../term/dispatch.ts';
import type { Int } from '../term/scalar.ts';
import { intTerm } from '../term/scalar.ts';
import { elementDomain, hasBit, withCells } from '../term/set.ts';
import { store } from '../term/store.ts';
import { failUnless, TooLarge } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import type { Lowering } from './lowering.ts';

/** A loop is unrolled when its rounds times the weight of its body stay below this … */
const UNROLLED_WEIGHT = 600;

/** … and the program has fewer statements than this. */
const UNROLLED_SIZE = 20_000;

/** What is known of the body of a loop before it is emitted. */
interface Rounds {
  /** The IR of the body, to judge by. */
  readonly weighed: Expression | readonly Statement[];
  /** Whether the body uses the position; otherwise it may be given 0. */
  readonly isIndexed?: boolean;
}

/**
 * Emits `body` for every element of a collection, in order: once for each where they are few, else in a loop.
 *
 * @param rounds - what decides how the rounds are emitted.
 */
export function each(
  lowering: Lowering,
  over: Term,
  type: Domain,
  { weighed, isIndexed = false }: Rounds,
  body: (element: Term, index: Term) => void,
): void {
  const { builder } = lowering;
  const unrolls = (rounds: number): boolean => isUnrolled(lowering, rounds, weighed);
  const collection = asCollection(lowering, over, type);
  if (!builder.live) return;

  switch (collection.kind) {
    case 'values': {
      const { domain } = collection;
      const count = cardinality(domain);
      if (unrolls(count)) return listed([...valuesOf(domain)], body);
      return builder.repeat(constant(count), (code) =>
        body(decode(lowering, domain, code), intTerm(code, 0, count - 1)),
      );
    }
    case 'constant':
      return listed(elementsOf(collection.value), body);
    case 'set': {
      const { shape } = collection;
      const element = elementDomain(shape);
      const seen = isIndexed ? builder.newTemp(true) : undefined;
      const position: Flat = seen === undefined ? ZERO : { op: 'temp', temp: seen };
      if (seen !== undefined) builder.set(seen, ZERO);
      const visit = (code: Flat): void => {
        body(decode(lowering, element, code), intTerm(isIndexed ? builder.fix(position) : ZERO, 0, shape.count - 1));
        if (seen !== undefined) builder.set(seen, binary('add', position, ONE));
      };
      if (unrolls(shape.count)) {
        for (const code of shape.order) builder.if(hasBit(collection, constant(code)), () => visit(constant(code)));
        return;
      }
      const inOrder = shape.order.every((code, index) => code === index);
      const table = inOrder ? undefined : lowering.constants.add(shape.order);
      const searched = withCells(lowering, collection);
      return builder.repeat(constant(shape.count), (index) => {
        const code = table === undefined ? index : builder.fix(load({ space: { kind: 'constant' }, at: table, index }));
        builder.if(hasBit(searched, code), () => visit(code));
      });
    }
    default: {
      const length = lengthOf(lowering, collection);
      const isStatic =
        collection.kind === 'items' || (collection.kind === 'view' && collection.shape.kind === 'product');
      if (!isStatic && !unrolls(length.max)) {
        return builder.repeat(builder.fix(length.code), (index) =>
          body(elementAt(collection, index), intTerm(index, 0, length.max - 1)),
        );
      }
      const fixed = builder.fix(length.code);
      return builder.block((done) => {
        for (let index = 0; index < length.max; index += 1) {
          if (length.min <= index) builder.if(binary('lessOrEqual', fixed, constant(index)), () => builder.leave(done));
          body(elementAt(collection, constant(index)), { kind: 'constant', value: index });
        }
      });
    }
  }
}

/** Whether a loop of so many rounds is emitted round by round. */
export function isUnrolled({ builder }: Lowering, rounds: number, weighed: Expression | readonly Statement[]): boolean {
  return rounds <= 1 || (rounds * weightOf(weighed) <= UNROLLED_WEIGHT && builder.size < UNROLLED_SIZE);
}

function listed(values: readonly Value[], body: (element: Term, index: Term) => void): void {
  values.forEach((value, index) => body({ kind: 'constant', value }, { kind: 'constant', value: index }));
}

function elementsOf(value: Value): readonly Value[] {
  return value instanceof SetValue ? value.elements : (value as readonly Value[]);
}

/** The array or set that a value is; fails for what is neither. */
export function asCollection(lowering: Lowering, term: Term, type: Domain): Term {
  if (term.kind !== 'view' && term.kind !== 'scalar') {
    const kind = kindOf(term);
    if (kind !== 'array' && kind !== 'set') lowering.builder.fail();
    return term;
  }
  const isCollection = (one: Term): boolean => kindOf(one) === 'array' || kindOf(one) === 'set';
  if (1 < casesOf(lowering, term).filter((one) => isCollection(one.term)).length) {
    throw new TooLarge('one loop or choice over what may be an array or a set');
  }
  return dispatch(lowering, term, isCollection, type, (one) => one);
}

/** The values that a collection visits in every run, when they are known; for building results element by element. */
export function knownElements(term: Term): readonly Term[] | undefined {
  const asTerms = (values: readonly Value[]): Term[] => values.map((value) => ({ kind: 'constant', value }));
  switch (term.kind) {
    case 'items':
      return term.items;
    case 'constant':
      return asTerms(elementsOf(term.value));
    case 'values':
      return cardinality(term.domain) <= 64 ? asTerms([...valuesOf(term.domain)]) : undefined;
    default:
      return undefined;
  }
}

/** An array that elements are pushed to, in a region of its own. */
interface ArrayWriter {
  push(element: Term): void;
  /** The array, with its length and the rest cleared. */
  finish(): Term;
}

/**
 * Starts an array of the given type's arrays.
 *
 * @param most - how many pushes there can be.
 */
export function newArray(lowering: Lowering, type: Domain, most: number): ArrayWriter {
  const { builder } = lowering;
  const declared = arrayPart(type) ?? { kind: 'array', element: { kind: 'never' }, minLength: 0, maxLength: 0 };
  const domain: Domain = { ...declared, minLength: 0, maxLength: Math.min(declared.maxLength, most) };
  const shape = shapeOf(domain) as Shape & { kind: 'array' };
  const cell = newRegion(lowering, shape.leaves);
  const counter = builder.newTemp(true);
  const length: Flat = { op: 'temp', temp: counter };
  const stride = shape.element.leaves;
  const place = (index: Flat) => elementCell(cell, shape.lengthLeaves, index, stride, shape.capacity);
  builder.set(counter, ZERO);
  return {
    push(element) {
      if (shape.capacity < most) builder.check(binary('less', length, constant(shape.capacity)));
      if (0 < shape.capacity) store(lowering, shape.element, place(builder.fix(length)), element, failUnless(lowering));
      builder.set(counter, binary('add', length, ONE));
    },
    finish() {
      if (shape.lengthLeaves === 1) builder.store(cell, length);
      const used = builder.fix(binary('multiply', length, constant(stride)));
      builder.repeat(binary('subtract', constant(shape.capacity * stride), used), (index) =>
        builder.store(cellAt(cell, shape.lengthLeaves, binary('add', used, index)), ZERO),
      );
      return { kind: 'view', shape, cell };
    },
  };
}

/** Bounds of the number of elements in a collection. */
export function sizeOf(lowering: Lowering, term: Term): Int {
  const fixed = (size: number): Int => ({ code: constant(size), min: size, max: size });
  switch (term.kind) {
    case 'values':
      return fixed(cardinality(term.domain));
    case 'constant':
      return fixed(elementsOf(term.value).length);
    case 'set': {
      const code = term.words
        .map((word) => unary('popcount', word))
        .reduce((sum, one) => binary('add', sum, one), ZERO);
      return { code, min: 0, max: term.shape.count };
    }
    default:
      return lengthOf(lowering, term);
  }
}

const weights = new WeakMap<object, number>();

/** The number of IR nodes in a body. */
function weightOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  let weight = weights.get(node);
  if (weight === undefined) {
    weight = 'span' in node ? 1 : 0;
    for (const [key, child] of Object.entries(node)) {
      if (key !== 'type' && key !== 'domain' && key !== 'span') weight += weightOf(child);
    }
    weights.set(node, weight);
  }
  return weight;
}
