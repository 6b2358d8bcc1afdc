import type { Domain, Value } from '../../dsl/ir/index.ts';
import { cardinality, codeOf, contains, isArray, isObject, SetValue, valueAt, valuesOf } from '../../dsl/ir/index.ts';
import type { Part, Shape } from '../plan/shape.ts';
import { isScalar, lengthSize, minLengthOf, shapeOf, writeLeaves } from '../plan/shape.ts';
import type { Builder } from './builder.ts';
import { offsetBy } from './builder.ts';
import { binary, constant, isConstant, ONE, select, unary, ZERO } from './flat.ts';
import type { Cell, Flat, Progression, Space } from './flat.ts';
import { sameDomain } from './same-domain.ts';
import { sameValue } from './same-value.ts';

/**
 * What is known of a value while code for it is made.
 *
 * The representation says of which domain the value is; types that the compiler inferred play no part in it, so a
 * narrower type after a test or a wider one after a join cannot make the code misread a value. Moving a value to a place
 * of another domain converts its codes, and rejects values that the domain lacks.
 */
export type Term =
  | { readonly kind: 'constant'; readonly value: Value }
  /** An integer as itself, anything else as its code in the domain. */
  | { readonly kind: 'scalar'; readonly domain: Domain; readonly code: Flat }
  /** A composite that lies in cells, in canonical form; never of a scalar or set shape. */
  | { readonly kind: 'view'; readonly shape: Shape; readonly cell: Cell }
  /** A bitmap, 32 elements to a word; `cell` is where the words lie, if they do. */
  | { readonly kind: 'set'; readonly shape: SetShape; readonly words: readonly Flat[]; readonly cell: Cell | undefined }
  /** An object of which each field is known by itself. */
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Term> }
  /** An array of which each element is known by itself. */
  | { readonly kind: 'items'; readonly items: readonly Term[] }
  /** The set of all values of a domain. */
  | { readonly kind: 'values'; readonly domain: Domain };

export type SetShape = Shape & { kind: 'set' };

/** What lowering writes to. */
export interface Target {
  readonly builder: Builder;
  readonly constants: ConstantPool;
}

/** Goes on only when the condition holds: a `check`, or leaving a block. */
export type Require = (condition: Flat) => void;

/** Numbers that programs read: tables and constant composites, each once. */
export class ConstantPool {
  private readonly numbers: number[] = [];
  private readonly known = new Map<string, number>();

  /** The index of the first of these numbers. */
  add(numbers: ArrayLike<number>): number {
    const list = Array.from(numbers);
    const key = list.join();
    let at = this.known.get(key);
    if (at === undefined) {
      at = this.numbers.length;
      for (const number of list) this.numbers.push(number);
      this.known.set(key, at);
    }
    return at;
  }

  toArray(): Int32Array {
    return Int32Array.from(this.numbers);
  }
}

/** What stands where evaluation has already failed; nothing is emitted from it. */
export const NOTHING: Term = { kind: 'constant', value: undefined };

// ---------------------------------------------------------------------------------------------------------------------
// Cells

export function load(cell: Cell): Flat {
  return { op: 'load', cell };
}

/**
 * The cell `offset` further on, and `index` (a flat) more. `at` stays within the variable that the cell belongs to.
 *
 * @param among - what is known of `index`.
 */
export function cellAt(cell: Cell, offset: number, index: Flat = ZERO, among?: Progression): Cell {
  if (isConstant(index)) return { ...cell, at: cell.at + offset + index.value };
  const { space } = cell;
  const at = cell.at + offset;
  if (cell.index !== undefined) return { space, at, index: binary('add', cell.index, index) };
  return among === undefined ? { space, at, index } : { space, at, index, among };
}

/** The first cell of element `index` of `count` that are `stride` cells long each, the first of them at `offset`. */
export function elementCell(cell: Cell, offset: number, index: Flat, stride: number, count: number): Cell {
  return cellAt(cell, offset, binary('multiply', index, constant(stride)), { count, stride });
}

/** The value that lies in cells of this shape. */
export function read(shape: Shape, cell: Cell): Term {
  switch (shape.kind) {
    case 'scalar':
      if (shape.size === 1) return { kind: 'constant', value: valueAt(shape.domain, 0) };
      return { kind: 'scalar', domain: shape.domain, code: fromLeaf(shape.domain, load(cell)) };
    case 'set': {
      const words = Array.from({ length: shape.leaves }, (_, index) => load(cellAt(cell, index)));
      return { kind: 'set', shape, words, cell };
    }
    default:
      return { kind: 'view', shape, cell };
  }
}

/** A scalar's representation from its leaf. */
export function fromLeaf(domain: Domain, leaf: Flat): Flat {
  return domain.kind === 'int' ? offsetBy(leaf, domain.min) : leaf;
}

/** A scalar's leaf from its representation: the code of the value. */
export function toLeaf(domain: Domain, code: Flat): Flat {
  return domain.kind === 'int' ? offsetBy(code, -domain.min | 0) : code;
}

export function newRegion(target: Target, cells: number): Cell {
  const space: Space = { kind: 'scratch', region: target.builder.newRegion(cells) };
  return { space, at: 0, index: undefined };
}

/** A place of its own for a value: a temp for a scalar, a region for anything else. */
export interface Variable {
  readonly shape: Shape;
  readonly temp: number | undefined;
  readonly cell: Cell | undefined;
}

export function newVariable(target: Target, domain: Domain): Variable {
  const shape = shapeOf(domain);
  if (shape.kind === 'scalar') return { shape, temp: target.builder.newTemp(true), cell: undefined };
  return { shape, temp: undefined, cell: newRegion(target, shape.leaves) };
}

export function readVariable(variable: Variable): Term {
  if (variable.cell !== undefined) return read(variable.shape, variable.cell);
  return { kind: 'scalar', domain: variable.shape.domain, code: { op: 'temp', temp: variable.temp! } };
}

export function writeVariable(target: Target, variable: Variable, term: Term, require: Require): void {
  if (variable.cell !== undefined) return store(target, variable.shape, variable.cell, term, require);
  const { code, valid } = convertScalar(target, term, variable.shape.domain);
  require(valid);
  target.builder.set(variable.temp!, code);
}

/** Fails the step when the condition does not hold. */
export function failUnless(target: Target): Require {
  return (condition) => target.builder.check(condition);
}

/** The term in the representation of a domain; `require` rejects what is not in it. */
export function convert(target: Target, term: Term, domain: Domain, require: Require): Term {
  if (term.kind === 'constant') {
    const inside = contains(domain, term.value);
    if (!inside) require(ZERO);
    // A constant object may lack optional fields, which reading its cells supplies.
    return inside && !isScalar(domain) ? materialized(target, term, domain) : term;
  }
  if (term.kind === 'scalar' && isScalar(domain)) {
    const { code, valid } = convertScalar(target, term, domain);
    require(valid);
    return { kind: 'scalar', domain, code };
  }
  if (term.kind === 'view' && sameDomain(term.shape.domain, domain)) return term;
  if (term.kind === 'set' && sameDomain(term.shape.domain, domain)) return term;
  return materialized(target, term, domain, require);
}

/** The term in cells of its own (constants: among the constants). */
export function materialized(target: Target, term: Term, domain: Domain, require = failUnless(target)): Term {
  const shape = shapeOf(domain);
  if (term.kind === 'constant' && shape.kind !== 'scalar' && contains(domain, term.value)) {
    const leaves = new Int32Array(shape.leaves);
    writeLeaves(shape, term.value, leaves, 0);
    return read(shape, { space: { kind: 'constant' }, at: target.constants.add(leaves), index: undefined });
  }
  const variable = newVariable(target, domain);
  writeVariable(target, variable, term, require);
  return readVariable(variable);
}

/** The value as it is now: later stores do not change it. `stable` says which cells are never stored to. */
export function snapshot(target: Target, term: Term, stable: (cell: Cell) => boolean): Term {
  const { builder } = target;
  switch (term.kind) {
    case 'constant':
    case 'values':
      return term;
    case 'scalar':
      return { ...term, code: builder.fix(term.code) };
    case 'set': {
      const cell = term.cell !== undefined && stable(term.cell) ? term.cell : undefined;
      return { ...term, words: term.words.map((word) => builder.fix(word)), cell };
    }
    case 'view': {
      const { cell, shape } = term;
      if (stable(cell)) {
        return { ...term, cell: { ...cell, index: cell.index === undefined ? undefined : builder.fix(cell.index) } };
      }
      const copy = newRegion(target, shape.leaves);
      copyCells(target, cell, copy, shape.leaves);
      return { ...term, cell: copy };
    }
    case 'fields':
      return {
        kind: 'fields',
        fields: new Map([...term.fields].map(([name, field]) => [name, snapshot(target, field, stable)])),
      };
    case 'items':
      return { kind: 'items', items: term.items.map((item) => snapshot(target, item, stable)) };
  }
}

/** Above this many cells, copies, comparisons and clearing are loops. */
const UNROLLED_CELLS = 16;

function copyCells(target: Target, from: Cell, to: Cell, count: number): void {
  const { builder } = target;
  if (count <= UNROLLED_CELLS) {
    for (let index = 0; index < count; index += 1) builder.store(cellAt(to, index), load(cellAt(from, index)));
  } else {
    builder.repeat(constant(count), (index) => builder.store(cellAt(to, 0, index), load(cellAt(from, 0, index))));
  }
}

function clearCells(target: Target, cell: Cell, count: number): void {
  const { builder } = target;
  if (count <= UNROLLED_CELLS) {
    for (let index = 0; index < count; index += 1) builder.store(cellAt(cell, index), ZERO);
  } else {
    builder.repeat(constant(count), (index) => builder.store(cellAt(cell, 0, index), ZERO));
  }
}

function equalCells(target: Target, left: Cell, right: Cell, count: number): Flat {
  const { builder } = target;
  if (count <= UNROLLED_CELLS) {
    let equal: Flat = ONE;
    for (let index = 0; index < count; index += 1) {
      equal = binary('and', equal, binary('equal', load(cellAt(left, index)), load(cellAt(right, index))));
    }
    return equal;
  }
  const result = builder.newTemp(true);
  builder.set(result, ONE);
  builder.block((done) => {
    builder.repeat(constant(count), (index) => {
      builder.if(binary('notEqual', load(cellAt(left, 0, index)), load(cellAt(right, 0, index))), () => {
        builder.set(result, ZERO);
        builder.leave(done);
      });
    });
  });
  return builder.fix({ op: 'temp', temp: result });
}

// ---------------------------------------------------------------------------------------------------------------------
// Kinds and alternatives

export type TermKind = 'int' | 'boolean' | 'string' | 'null' | 'undefined' | 'object' | 'array' | 'set';

/** One alternative of a value: `test` says whether it is the present one. Tests exclude each other and one holds. */
export interface Case {
  readonly test: Flat;
  readonly term: Term;
}

/** The alternatives of a union; anything else is its own only alternative. */
export function casesOf(target: Target, term: Term): readonly Case[] {
  if (term.kind === 'scalar' && term.domain.kind === 'union') {
    const code = target.builder.fix(term.code);
    const cases: Case[] = [];
    let offset = 0;
    const total = cardinality(term.domain);
    for (const member of term.domain.members) {
      const size = cardinality(member);
      if (size === 0) continue;
      const above = offset === 0 ? ONE : binary('lessOrEqual', constant(offset), code);
      const below = offset + size === total ? ONE : binary('less', code, constant(offset + size));
      const test = size === 1 && size < total ? binary('equal', code, constant(offset)) : binary('and', above, below);
      const inner: Term =
        size === 1
          ? { kind: 'constant', value: valueAt(member, 0) }
          : { kind: 'scalar', domain: member, code: fromLeaf(member, offsetBy(code, -offset)) };
      cases.push({ test, term: inner });
      offset += size;
    }
    return cases;
  }
  if (term.kind === 'view' && term.shape.kind === 'union') {
    const { members } = term.shape;
    const tag = target.builder.fix(load(term.cell));
    return members.map((member, index) => ({
      test: members.length === 1 ? ONE : binary('equal', tag, constant(index)),
      term: read(member, cellAt(term.cell, 1)),
    }));
  }
  return [{ test: ONE, term }];
}

/** The kind of a value that is not a union. */
export function kindOf(term: Term): TermKind {
  switch (term.kind) {
    case 'constant':
      return kindOfValue(term.value);
    case 'scalar':
      return kindOfDomain(term.domain);
    case 'view':
      return kindOfDomain(term.shape.domain);
    case 'set':
    case 'values':
      return 'set';
    case 'fields':
      return 'object';
    case 'items':
      return 'array';
  }
}

function kindOfValue(value: Value): TermKind {
  if (value === null) return 'null';
  if (value instanceof SetValue) return 'set';
  if (isArray(value)) return 'array';
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'int';
    case 'string':
      return 'string';
    case 'undefined':
      return 'undefined';
    default:
      return 'object';
  }
}

export function kindOfDomain(domain: Domain): TermKind {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'null':
    case 'undefined':
    case 'array':
    case 'set':
      return domain.kind;
    case 'enum':
    case 'ids':
      return 'string';
    case 'tuple':
      return 'array';
    case 'object':
    case 'variant':
    case 'record':
      return 'object';
    case 'union':
    case 'never':
      return 'undefined';
  }
}

/**
 * Goes on with the alternatives that `accept` likes; fails for the others.
 *
 * @param type - of the result, when several alternatives have to meet again.
 */
export function dispatch(
  target: Target,
  term: Term,
  accept: (term: Term) => boolean,
  type: Domain,
  use: (term: Term) => Term,
): Term {
  const { builder } = target;
  const accepted = casesOf(target, term).filter((one) => accept(one.term));
  if (accepted.length === 0) {
    builder.fail();
    return NOTHING;
  }
  if (accepted.length === 1) {
    builder.check(accepted[0]!.test);
    return builder.live ? use(accepted[0]!.term) : NOTHING;
  }
  const result = newVariable(target, type);
  const chain = (index: number): void => {
    const one = accepted[index];
    if (one === undefined) return builder.fail();
    builder.if(
      one.test,
      () => writeVariable(target, result, use(one.term), failUnless(target)),
      () => chain(index + 1),
    );
  };
  chain(0);
  return readVariable(result);
}

// ---------------------------------------------------------------------------------------------------------------------
// Scalars

export interface Int {
  readonly code: Flat;
  readonly min: number;
  readonly max: number;
}

/** The integer that a value is; fails when it is none. */
export function asInt(target: Target, term: Term): Int {
  const ints = casesOf(target, term).filter((one) => kindOf(one.term) === 'int');
  const last = ints.at(-1);
  if (last === undefined) {
    target.builder.fail();
    return { code: ZERO, min: 0, max: 0 };
  }
  target.builder.check(ints.map((one) => one.test).reduce((left, right) => binary('or', left, right)));
  return ints
    .map((one) => intOf(one.term))
    .reduceRight((rest, int, index) => ({
      code: select(ints[index]!.test, int.code, rest.code),
      min: Math.min(int.min, rest.min),
      max: Math.max(int.max, rest.max),
    }));
}

function intOf(term: Term): Int {
  if (term.kind === 'constant') {
    const value = term.value as number;
    return { code: constant(value), min: value, max: value };
  }
  const { domain, code } = term as Term & { kind: 'scalar' };
  return domain.kind === 'int' ? { code, min: domain.min, max: domain.max } : { code, min: 0, max: 0 };
}

/** A term for an integer within an interval. */
export function intTerm(code: Flat, min: number, max: number): Term {
  if (isConstant(code)) return { kind: 'constant', value: code.value };
  return { kind: 'scalar', domain: { kind: 'int', min, max }, code };
}

const BOOLEAN: Domain = { kind: 'boolean' };

export function booleanTerm(code: Flat): Term {
  return isConstant(code) ? { kind: 'constant', value: code.value !== 0 } : { kind: 'scalar', domain: BOOLEAN, code };
}

/** The boolean that a value is, as 0 or 1; fails when it is none. */
export function asBoolean(target: Target, term: Term): Flat {
  if (term.kind === 'constant' && typeof term.value === 'boolean') return term.value ? ONE : ZERO;
  const booleans = casesOf(target, term).filter((one) => kindOf(one.term) === 'boolean');
  const [only] = booleans;
  if (only === undefined) {
    target.builder.fail();
    return ZERO;
  }
  target.builder.check(only.test);
  return only.term.kind === 'constant' ? (only.term.value === true ? ONE : ZERO) : (only.term as { code: Flat }).code;
}

/** Up to this many values, a conversion is found by trying each of them. */
const ENUMERATED = 1024;

/**
 * The representation of a value in a scalar domain, and whether it is in it at all (then only is `code` of any use).
 */
export function convertScalar(target: Target, term: Term, domain: Domain): { code: Flat; valid: Flat } {
  const invalid = { code: ZERO, valid: ZERO };
  if (term.kind === 'constant') {
    const code = codeOf(domain, term.value);
    if (code < 0) return invalid;
    return { code: constant(domain.kind === 'int' ? (term.value as number) : code), valid: ONE };
  }
  if (term.kind === 'scalar') {
    const from = term.domain;
    if (sameDomain(from, domain)) return { code: term.code, valid: ONE };
    if (from.kind === 'int' && domain.kind === 'int') {
      const above = from.min < domain.min ? binary('lessOrEqual', constant(domain.min), term.code) : ONE;
      const below = domain.max < from.max ? binary('lessOrEqual', term.code, constant(domain.max)) : ONE;
      return { code: term.code, valid: binary('and', above, below) };
    }
    if (cardinality(from) <= ENUMERATED) return convertEnumerated(target, term.code, from, domain);
    if (from.kind === 'int') return convertInt(term.code, from, domain);
  }
  let result = invalid;
  for (const one of casesOf(target, term).toReversed()) {
    if (one.term === term) return invalid;
    const converted = convertScalar(target, one.term, domain);
    result = {
      code:
        isConstant(converted.valid) && converted.valid.value === 0
          ? result.code
          : select(one.test, converted.code, result.code),
      valid: binary('or', binary('and', one.test, converted.valid), result.valid),
    };
  }
  return result;
}

function convertEnumerated(target: Target, code: Flat, from: Domain, to: Domain): { code: Flat; valid: Flat } {
  const codes = [...valuesOf(from)].map((value) => codeOf(to, value));
  const first = codes.findIndex((one) => 0 <= one);
  if (first < 0) return { code: ZERO, valid: ZERO };
  const last = codes.findLastIndex((one) => 0 <= one);
  const leaf = target.builder.fix(toLeaf(from, code));
  const shift = codes[first]! - first;
  if (codes.slice(first, last + 1).every((one, index) => one === first + index + shift)) {
    const above = 0 < first ? binary('lessOrEqual', constant(first), leaf) : ONE;
    const below = last + 1 < codes.length ? binary('lessOrEqual', leaf, constant(last)) : ONE;
    return { code: fromLeaf(to, offsetBy(leaf, shift)), valid: binary('and', above, below) };
  }
  const table = target.constants.add(codes);
  const mapped = target.builder.fix(load({ space: { kind: 'constant' }, at: table, index: leaf }));
  const valid = codes.includes(-1) ? binary('lessOrEqual', ZERO, mapped) : ONE;
  return { code: fromLeaf(to, mapped), valid };
}

function convertInt(code: Flat, from: Domain & { kind: 'int' }, to: Domain): { code: Flat; valid: Flat } {
  let result = { code: ZERO, valid: ZERO };
  let offset = 0;
  for (const member of to.kind === 'union' ? to.members : []) {
    if (member.kind === 'int') {
      const above = from.min < member.min ? binary('lessOrEqual', constant(member.min), code) : ONE;
      const below = member.max < from.max ? binary('lessOrEqual', code, constant(member.max)) : ONE;
      const inside = binary('and', above, below);
      // The first member that has a value says its code, so later members must not override earlier ones.
      result = {
        code: select(result.valid, result.code, offsetBy(code, offset - member.min)),
        valid: binary('or', result.valid, inside),
      };
    }
    offset += cardinality(member);
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------------------------
// Storing composites

/** Puts a value into cells of a shape, in canonical form; `require` rejects what the shape's domain lacks. */
export function store(target: Target, shape: Shape, cell: Cell, term: Term, require: Require): void {
  const { builder } = target;
  if (!builder.live) return;
  if (shape.kind === 'scalar') {
    const { code, valid } = convertScalar(target, term, shape.domain);
    require(valid);
    builder.store(cell, toLeaf(shape.domain, code));
    return;
  }
  if (shape.kind === 'set') {
    setWords(target, term, shape, require).forEach((word, index) => builder.store(cellAt(cell, index), word));
    return;
  }
  if (term.kind === 'constant') return storeConstant(target, shape, cell, term.value, require);
  if (term.kind === 'view' && sameDomain(term.shape.domain, shape.domain)) {
    return copyCells(target, term.cell, cell, shape.leaves);
  }
  const cases = casesOf(target, term);
  if (1 < cases.length) return storeCases(target, shape, cell, cases, require);
  const { term: only } = cases[0]!;
  switch (shape.kind) {
    case 'product':
      return shape.domain.kind === 'tuple'
        ? storeTuple(target, shape.parts, cell, only, require)
        : storeFields(target, shape, cell, only, require);
    case 'variant':
      return storeVariant(target, shape, cell, only, require);
    case 'union':
      return storeUnion(target, shape, cell, only, require);
    case 'array':
      return storeArray(target, shape, cell, only, require);
  }
}

function storeConstant(target: Target, shape: Shape, cell: Cell, value: Value, require: Require): void {
  if (!contains(shape.domain, value)) return require(ZERO);
  const leaves = new Int32Array(shape.leaves);
  writeLeaves(shape, value, leaves, 0);
  if (leaves.length <= UNROLLED_CELLS) {
    leaves.forEach((leaf, index) => target.builder.store(cellAt(cell, index), constant(leaf)));
  } else {
    const at = target.constants.add(leaves);
    copyCells(target, { space: { kind: 'constant' }, at, index: undefined }, cell, leaves.length);
  }
}

function storeCases(target: Target, shape: Shape, cell: Cell, cases: readonly Case[], require: Require): void {
  const chain = (index: number): void => {
    const { test, term } = cases[index]!;
    const storeIt = (): void => store(target, shape, cell, term, require);
    if (index === cases.length - 1) storeIt();
    else target.builder.if(test, storeIt, () => chain(index + 1));
  };
  chain(0);
}

/** The fields of an object that is no variant; undefined for what is no such object. */
export function fieldsOf(term: Term): ReadonlyMap<string, Term> | undefined {
  if (term.kind === 'fields') return term.fields;
  if (term.kind === 'constant' && isObject(term.value)) {
    return new Map(Object.entries(term.value).map(([name, value]) => [name, { kind: 'constant', value }]));
  }
  if (term.kind !== 'view' || term.shape.kind !== 'product' || term.shape.domain.kind === 'tuple') return undefined;
  const { cell } = term;
  return new Map(term.shape.parts.map((part) => [part.name, read(part.shape, cellAt(cell, part.offset))]));
}

/** A variant as one object for each of its cases. */
function variantCases(target: Target, term: Term): readonly Case[] | undefined {
  if (term.kind !== 'view' || term.shape.kind !== 'variant') return undefined;
  const { cell, shape } = term;
  const discriminator = discriminatorOf(shape);
  const tag = target.builder.fix(load(cell));
  return shape.cases.map((one, index) => {
    const fields = new Map<string, Term>([[discriminator, { kind: 'constant', value: one.tag }]]);
    for (const part of one.parts) fields.set(part.name, read(part.shape, cellAt(cell, part.offset)));
    return { test: binary('equal', tag, constant(index)), term: { kind: 'fields', fields } };
  });
}

export function discriminatorOf(shape: Shape): string {
  return shape.domain.kind === 'variant' ? shape.domain.discriminator : '';
}

function storeFields(
  target: Target,
  shape: Shape & { kind: 'product' },
  cell: Cell,
  term: Term,
  require: Require,
): void {
  const cases = variantCases(target, term);
  if (cases !== undefined) return storeCases(target, shape, cell, cases, require);
  const fields = fieldsOf(term);
  if (fields === undefined || shape.domain.kind === 'never') return require(ZERO);
  const names = new Set(shape.parts.map((part) => part.name));
  const complete = shape.domain.kind !== 'record' || fields.size === names.size;
  if (!complete) return require(ZERO);
  requireNothing(target, fields, names, require);
  for (const part of shape.parts) {
    store(target, part.shape, cellAt(cell, part.offset), fields.get(part.name) ?? NOTHING, require);
  }
}

/** Where alternatives meet, an object may have the fields of another in its type: they are undefined, or it is rejected. */
function requireNothing(
  target: Target,
  fields: ReadonlyMap<string, Term>,
  names: ReadonlySet<string>,
  require: Require,
): void {
  for (const [name, term] of fields) if (!names.has(name)) require(equalTerms(target, term, NOTHING));
}

function storeVariant(
  target: Target,
  shape: Shape & { kind: 'variant' },
  cell: Cell,
  term: Term,
  require: Require,
): void {
  const cases = variantCases(target, term);
  if (cases !== undefined) return storeCases(target, shape, cell, cases, require);
  const fields = fieldsOf(term);
  const tag = fields?.get(discriminatorOf(shape));
  if (fields === undefined || tag === undefined) return require(ZERO);
  const chain = (index: number): void => {
    const one = shape.cases[index];
    if (one === undefined) return require(ZERO);
    const present = equalTerms(target, tag, { kind: 'constant', value: one.tag });
    target.builder.if(
      present,
      () => storeCase(index, one.parts),
      () => chain(index + 1),
    );
  };
  const storeCase = (index: number, parts: readonly Part[]): void => {
    const names = new Set([discriminatorOf(shape), ...parts.map((part) => part.name)]);
    requireNothing(target, fields, names, require);
    target.builder.store(cell, constant(index));
    let end = 1;
    for (const part of parts) {
      store(target, part.shape, cellAt(cell, part.offset), fields.get(part.name) ?? NOTHING, require);
      end = part.offset + part.shape.leaves;
    }
    clearCells(target, cellAt(cell, end), shape.leaves - end);
  };
  chain(0);
}

function storeUnion(target: Target, shape: Shape & { kind: 'union' }, cell: Cell, term: Term, require: Require): void {
  const { builder } = target;
  const kind = kindOf(term);
  const candidates = shape.members.map((member, index) => ({ member, index }));
  const possible = candidates.filter(({ member }) => kindOfDomain(member.domain) === kind);
  const storeMember = ({ member, index }: (typeof candidates)[number]): void => {
    builder.store(cell, constant(index));
    store(target, member, cellAt(cell, 1), term, require);
    clearCells(target, cellAt(cell, 1 + member.leaves), shape.leaves - 1 - member.leaves);
  };
  const chain = (index: number): void => {
    const one = possible[index];
    if (one === undefined) return require(ZERO);
    if (index === possible.length - 1) return storeMember(one);
    builder.if(
      isMember(target, term, one.member.domain),
      () => storeMember(one),
      () => chain(index + 1),
    );
  };
  chain(0);
}

function storeTuple(target: Target, parts: readonly Part[], cell: Cell, term: Term, require: Require): void {
  if (kindOf(term) !== 'array') return require(ZERO);
  const length = lengthOf(target, term);
  require(binary('equal', length.code, constant(parts.length)));
  if (length.max < parts.length) return;
  parts.forEach((part, index) =>
    store(target, part.shape, cellAt(cell, part.offset), elementAt(term, constant(index)), require),
  );
}

function storeArray(target: Target, shape: Shape & { kind: 'array' }, cell: Cell, term: Term, require: Require): void {
  const { builder } = target;
  if (kindOf(term) !== 'array') return require(ZERO);
  const given = lengthOf(target, term);
  const min = minLengthOf(shape);
  const length = builder.fix(given.code);
  require(binary('lessOrEqual', constant(min), length));
  require(binary('lessOrEqual', length, constant(shape.capacity)));
  if (shape.lengthLeaves === 1) builder.store(cell, offsetBy(length, -min));
  const stride = shape.element.leaves;
  const start = cellAt(cell, shape.lengthLeaves);
  const unrolled =
    term.kind === 'items' || (term.kind === 'view' && term.shape.kind === 'product') || shape.capacity <= 4;
  if (unrolled) {
    for (let index = 0; index < shape.capacity; index += 1) {
      const place = cellAt(start, index * stride);
      const present = index < given.max ? binary('less', constant(index), length) : ZERO;
      builder.if(
        index < given.min ? ONE : present,
        () => store(target, shape.element, place, elementAt(term, constant(index)), require),
        () => clearCells(target, place, stride),
      );
    }
    return;
  }
  builder.repeat(length, (index) =>
    store(target, shape.element, elementCell(start, 0, index, stride, shape.capacity), elementAt(term, index), require),
  );
  if (given.min === shape.capacity) return;
  const used = binary('multiply', length, constant(stride));
  builder.repeat(binary('subtract', constant(shape.capacity * stride), used), (index) =>
    builder.store(cellAt(start, 0, binary('add', used, index)), ZERO),
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// Arrays

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

// ---------------------------------------------------------------------------------------------------------------------
// Sets

/** The bitmap of a set over a shape's elements; `require` rejects elements the shape lacks (without it: they are dropped). */
export function setWords(target: Target, term: Term, shape: SetShape, require: Require | undefined): readonly Flat[] {
  const { builder } = target;
  const none = (): Flat[] => Array.from({ length: shape.leaves }, () => ZERO);
  if (term.kind === 'set') {
    if (sameDomain(term.shape.domain, shape.domain)) return term.words;
    const codes = term.shape.elements.map((value) => codeOf(elementDomain(shape), value));
    return remap(target, term, codes, shape, require);
  }
  if (term.kind === 'constant' && term.value instanceof SetValue) {
    const codes = term.value.elements.map((value) => codeOf(elementDomain(shape), value));
    if (codes.includes(-1)) require?.(ZERO);
    return constantWords(shape, codes);
  }
  if (term.kind === 'values') {
    const { domain } = term;
    const codes = shape.order.filter((code) => contains(domain, shape.elements[code]));
    if (codes.length < cardinality(domain)) require?.(ZERO);
    return constantWords(shape, codes);
  }
  const cases = casesOf(target, term).filter((one) => one.term !== term && kindOf(one.term) === 'set');
  const [only] = cases;
  if (only === undefined) {
    if (require === undefined) builder.fail();
    else require(ZERO);
    return none();
  }
  (require ?? failUnless(target))(only.test);
  return setWords(target, only.term, shape, require);
}

export function elementDomain(shape: SetShape): Domain {
  return shape.domain.kind === 'set' ? shape.domain.element : { kind: 'never' };
}

export function constantWords(shape: SetShape, codes: readonly number[]): Flat[] {
  const words = new Int32Array(shape.leaves);
  for (const code of codes) if (0 <= code) words[code >>> 5]! |= 1 << (code & 31);
  return Array.from(words, constant);
}

function remap(
  target: Target,
  term: Term & { kind: 'set' },
  codes: readonly number[],
  shape: SetShape,
  require: Require | undefined,
): readonly Flat[] {
  const { builder } = target;
  const words: Flat[] = Array.from({ length: shape.leaves }, () => ZERO);
  if (codes.every((code, index) => code === index || code < 0)) {
    term.words.forEach((word, index) => {
      const kept = codes
        .slice(32 * index, 32 * index + 32)
        .reduce((mask, code, bit) => (code < 0 ? mask : mask | (1 << bit)), 0);
      const present = codes.length - 32 * index < 32 ? 2 ** (codes.length - 32 * index) - 1 : -1;
      if (kept !== (present | 0)) {
        const fixed = builder.fix(word);
        require?.(binary('equal', binary('bitAnd', fixed, constant(~kept)), ZERO));
        if (index < words.length) words[index] = binary('bitAnd', fixed, constant(kept));
      } else if (index < words.length) words[index] = word;
    });
    return words;
  }
  if (codes.length <= 64) {
    const source = term.words.map((word) => builder.fix(word));
    let lost: Flat = ZERO;
    codes.forEach((code, from) => {
      const bit = binary('bitAnd', binary('shiftRight', source[from >>> 5]!, constant(from & 31)), ONE);
      if (code < 0) lost = binary('bitOr', lost, bit);
      else words[code >>> 5] = binary('bitOr', words[code >>> 5]!, binary('shiftLeft', bit, constant(code & 31)));
    });
    require?.(binary('equal', lost, ZERO));
    return words.map((word) => builder.fix(word));
  }
  const bits = newBits(target, shape);
  const table = target.constants.add(codes);
  const source = withCells(target, term);
  builder.repeat(constant(codes.length), (code) => {
    builder.if(hasBit(source, code), () => {
      const mapped = builder.fix(load({ space: { kind: 'constant' }, at: table, index: code }));
      const known = binary('lessOrEqual', ZERO, mapped);
      require?.(known);
      builder.if(known, () => bits.add(mapped));
    });
  });
  return bits.term().words;
}

/** A set that elements are added to by code. */
export interface Bits {
  add(code: Flat): void;
  /** Adds the element when the condition holds, without a branch where there is but one word. */
  addIf(condition: Flat, code: Flat): void;
  term(): Term & { kind: 'set' };
}

export function newBits(target: Target, shape: SetShape): Bits {
  const { builder } = target;
  if (shape.leaves <= 1) {
    const temp = builder.newTemp(true);
    const word: Flat = { op: 'temp', temp };
    builder.set(temp, ZERO);
    const add = (bit: Flat, code: Flat): void =>
      builder.set(temp, binary('bitOr', word, binary('shiftLeft', bit, code)));
    return {
      add: (code) => add(ONE, code),
      addIf: (condition, code) => add(condition, code),
      term: () => ({ kind: 'set', shape, words: shape.leaves === 0 ? [] : [builder.fix(word)], cell: undefined }),
    };
  }
  const region = newRegion(target, shape.leaves);
  clearCells(target, region, shape.leaves);
  const add = (code: Flat): void => {
    const fixed = builder.fix(code);
    const cell = cellAt(region, 0, binary('shiftRight', fixed, constant(5)));
    const bit = binary('shiftLeft', ONE, binary('bitAnd', fixed, constant(31)));
    builder.store(cell, binary('bitOr', load(cell), bit));
  };
  return {
    add,
    addIf: (condition, code) => builder.if(condition, () => add(code)),
    term: () => read(shape, region) as Term & { kind: 'set' },
  };
}

/** The same set, with its words in cells when there are several of them, so that a dynamic code finds its word. */
export function withCells(target: Target, term: Term & { kind: 'set' }): Term & { kind: 'set' } {
  if (term.words.length <= 1 || term.cell !== undefined) return term;
  const region = newRegion(target, term.words.length);
  term.words.forEach((word, index) => target.builder.store(cellAt(region, index), word));
  return { ...term, cell: region };
}

/** Whether the element of this code (known to be one) is in the set, as 0 or 1. A dynamic code needs {@link withCells}. */
export function hasBit(term: Term & { kind: 'set' }, code: Flat): Flat {
  if (term.words.length === 0) return ZERO;
  if (isConstant(code)) {
    const word = term.words[code.value >>> 5]!;
    return binary('bitAnd', binary('shiftRight', word, constant(code.value & 31)), ONE);
  }
  const word =
    term.words.length === 1 ? term.words[0]! : load(cellAt(term.cell!, 0, binary('shiftRight', code, constant(5))));
  const shift = term.words.length === 1 ? code : binary('bitAnd', code, constant(31));
  return binary('bitAnd', binary('shiftRight', word, shift), ONE);
}

/** The value of a domain with this code. */
export function decode(target: Target, domain: Domain, code: Flat): Term {
  if (isConstant(code)) return { kind: 'constant', value: valueAt(domain, code.value >>> 0) };
  if (isScalar(domain)) return { kind: 'scalar', domain, code: fromLeaf(domain, code) };
  const shape = shapeOf(domain);
  if (shape.kind === 'set' && shape.count < 32) return { kind: 'set', shape, words: [code], cell: undefined };
  const count = cardinality(domain);
  if (MAX_TABLE < count * shape.leaves) throw new TooLarge(`${count} values of a compound domain`);
  const leaves = new Int32Array(count * shape.leaves);
  let at = 0;
  for (const value of valuesOf(domain)) {
    writeLeaves(shape, value, leaves, at);
    at += shape.leaves;
  }
  const table = target.constants.add(leaves);
  return read(shape, {
    space: { kind: 'constant' },
    at: table,
    index: binary('multiply', code, constant(shape.leaves)),
  });
}

/** Something that generated code would need too much room for. */
export class TooLarge extends Error {}

const MAX_TABLE = 1 << 22;

/** The code of a value in a domain, and whether it is in it at all (then only is `code` of any use). */
export function encode(target: Target, term: Term, domain: Domain): { code: Flat; valid: Flat } {
  const { builder } = target;
  if (term.kind === 'constant') {
    const code = codeOf(domain, term.value);
    return code < 0 ? { code: ZERO, valid: ZERO } : { code: constant(code), valid: ONE };
  }
  if (isScalar(domain)) {
    const { code, valid } = convertScalar(target, term, domain);
    return { code: toLeaf(domain, code), valid };
  }
  const variable = newVariable(target, domain);
  const valid = attempt(target, (require) => writeVariable(target, variable, term, require));
  return { code: builder.fix(codeOfCells(variable.shape, variable.cell!)), valid };
}

function codeOfCells(shape: Shape, cell: Cell): Flat {
  const mixed = (parts: readonly { shape: Shape; offset: number }[]): Flat =>
    parts.reduce<Flat>(
      (code, part) =>
        binary(
          'add',
          binary('multiply', code, constant(cardinality(part.shape.domain))),
          codeOfCells(part.shape, cellAt(cell, part.offset)),
        ),
      ZERO,
    );
  const alternatives = (tag: Flat, sizes: readonly number[], codes: readonly Flat[]): Flat => {
    let offset = 0;
    const starts = sizes.map((size) => (offset += size) - size);
    return codes.reduceRight<Flat>(
      (rest, code, index) =>
        select(binary('equal', tag, constant(index)), binary('add', code, constant(starts[index]!)), rest),
      ZERO,
    );
  };
  switch (shape.kind) {
    case 'scalar':
      return shape.size === 1 ? ZERO : load(cell);
    case 'set':
      return shape.leaves === 0 ? ZERO : load(cell);
    case 'product':
      return mixed(shape.parts);
    case 'variant':
      return alternatives(
        load(cell),
        shape.cases.map((one) => one.parts.reduce((size, part) => size * cardinality(part.shape.domain), 1)),
        shape.cases.map((one) => mixed(one.parts)),
      );
    case 'union':
      return alternatives(
        load(cell),
        shape.members.map((member) => cardinality(member.domain)),
        shape.members.map((member) => codeOfCells(member, cellAt(cell, 1))),
      );
    case 'array': {
      const parts = Array.from({ length: shape.capacity }, (_, index) => ({
        shape: shape.element,
        offset: shape.lengthLeaves + index * shape.element.leaves,
      }));
      if (shape.lengthLeaves === 0) return mixed(parts);
      const lengths = Array.from({ length: lengthSize(shape) }, (_, index) => index + minLengthOf(shape));
      return alternatives(
        load(cell),
        lengths.map((length) => cardinality(shape.element.domain) ** length),
        lengths.map((length) => mixed(parts.slice(0, length))),
      );
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Membership and equality

/** Whether `body` gets to its end without a requirement that does not hold, as a 0 or 1 that stays. */
export function attempt(target: Target, body: (require: Require) => void): Flat {
  const { builder } = target;
  const ok = builder.newTemp(true);
  let certain = true;
  const [statements, ends] = builder.collect(() => {
    builder.set(ok, ZERO);
    builder.block((failed) => {
      body((condition) => {
        if (isConstant(condition) && condition.value !== 0) return;
        certain = false;
        builder.if(unary('not', condition), () => builder.leave(failed));
      });
      builder.set(ok, ONE);
    });
  });
  builder.append(statements, ends);
  return certain ? ONE : builder.fix({ op: 'temp', temp: ok });
}

/** Whether a value is in a domain. */
export function isMember(target: Target, term: Term, domain: Domain): Flat {
  if (term.kind === 'constant') return contains(domain, term.value) ? ONE : ZERO;
  if (isScalar(domain)) return convertScalar(target, term, domain).valid;
  if (term.kind === 'view' && sameDomain(term.shape.domain, domain)) return ONE;
  const variable = newVariable(target, domain);
  return attempt(target, (require) => writeVariable(target, variable, term, require));
}

/** Whether two values are equal, as `sameValue`. */
export function equalTerms(target: Target, left: Term, right: Term): Flat {
  if (left.kind === 'constant' && right.kind === 'constant') return sameValue(left.value, right.value) ? ONE : ZERO;
  if (rank(left) < rank(right)) return equalTerms(target, right, left);
  switch (left.kind) {
    case 'scalar':
      return equalScalar(target, left, right);
    case 'view':
      return equalView(target, left, right);
    case 'set': {
      if (!casesOf(target, right).some((one) => kindOf(one.term) === 'set')) return ZERO;
      // Stays empty where evaluation has already failed.
      let words: readonly Flat[] = [];
      const valid = attempt(target, (require) => {
        words = setWords(target, right, left.shape, require).map((word) => target.builder.fix(word));
      });
      return left.words.reduce(
        (all, word, index) => binary('and', all, binary('equal', word, words[index] ?? ZERO)),
        valid,
      );
    }
    case 'values':
      return equalTerms(target, asSet(target, left), right);
    case 'fields': {
      const fields = fieldsOf(right);
      if (fields === undefined) return ZERO;
      const names = new Set([...left.fields.keys(), ...fields.keys()]);
      return [...names]
        .map((name) => equalTerms(target, left.fields.get(name) ?? NOTHING, fields.get(name) ?? NOTHING))
        .reduce((all, one) => binary('and', all, one), ONE);
    }
    case 'items': {
      if (kindOf(right) !== 'array') return ZERO;
      if (lengthOf(target, right).max !== left.items.length) return ZERO;
      return left.items
        .map((item, index) => equalTerms(target, item, elementAt(right, constant(index))))
        .reduce((all, one) => binary('and', all, one), ONE);
    }
    case 'constant':
      throw new Error('constants were compared already');
  }
}

/** Which side's representation the comparison is made in: the one that knows most of where the value is kept. */
function rank(term: Term): number {
  switch (term.kind) {
    case 'view':
      return term.shape.kind === 'union' ? 6 : 5;
    case 'scalar':
      return 4;
    case 'set':
      return 3;
    case 'values':
      return 2;
    case 'fields':
    case 'items':
      return 1;
    case 'constant':
      return 0;
  }
}

function equalScalar(target: Target, left: Term & { kind: 'scalar' }, right: Term): Flat {
  if (right.kind === 'scalar' && left.domain.kind === 'int' && right.domain.kind === 'int') {
    return binary('equal', left.code, right.code);
  }
  const { code, valid } = convertScalar(target, right, left.domain);
  return binary('and', valid, binary('equal', left.code, code));
}

function equalView(target: Target, left: Term & { kind: 'view' }, right: Term): Flat {
  const { builder } = target;
  const { shape, cell } = left;
  if (right.kind === 'view' && sameDomain(right.shape.domain, shape.domain)) {
    return equalCells(target, cell, right.cell, shape.leaves);
  }
  if (shape.kind === 'union') {
    // `x === null` on an optional object: only the alternatives of that kind can be equal.
    if (right.kind === 'constant' || (right.kind === 'view' && right.shape.kind !== 'union')) {
      const result = builder.newTemp(true);
      builder.set(result, ZERO);
      for (const one of casesOf(target, left).filter(({ term }) => kindOf(term) === kindOf(right))) {
        builder.if(one.test, () => builder.set(result, equalTerms(target, one.term, right)));
      }
      return builder.fix({ op: 'temp', temp: result });
    }
  } else if (!casesOf(target, right).some((one) => kindOf(one.term) === kindOf(left))) return ZERO;
  const region = newRegion(target, shape.leaves);
  const valid = attempt(target, (require) => store(target, shape, region, right, require));
  const result = builder.newTemp(true);
  builder.set(result, ZERO);
  builder.if(valid, () => builder.set(result, equalCells(target, cell, region, shape.leaves)));
  return builder.fix({ op: 'temp', temp: result });
}

/** The set of all values of a domain, as a bitmap. */
export function asSet(target: Target, term: Term & { kind: 'values' }): Term & { kind: 'set' } {
  const shape = shapeOf({ kind: 'set', element: term.domain }) as SetShape;
  return { kind: 'set', shape, words: setWords(target, term, shape, undefined), cell: undefined };
}
