import type { Value } from '../../../dsl/ir/index.ts';
import { contains, isObject } from '../../../dsl/ir/index.ts';
import type { Part, Shape } from '../../plan/shape.ts';
import { minLengthOf, writeLeaves } from '../../plan/shape.ts';
import { offsetBy } from '../builder.ts';
import type { Cell } from '../flat.ts';
import { binary, constant, ONE, ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import type { Case } from './alternative.ts';
import { casesOf, kindOf, kindOfDomain } from './alternative.ts';
import { elementAt, lengthOf } from './array.ts';
import { cellAt, clearCells, copyCells, elementCell, toLeaf, UNROLLED_CELLS } from './cell.ts';
import { equalTerms, isMember } from './equality.ts';
import { discriminatorOf, fieldsOf, variantCases } from './object.ts';
import { convertScalar } from './scalar.ts';
import { setWords } from './set.ts';
import type { Require, Target } from './target.ts';
import { TooLarge } from './target.ts';
import type { Term } from './term.ts';
import { NOTHING } from './term.ts';

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
  if (!contains(shape.domain, value)) {
    return shape.domain.kind === 'record' && isObject(value) ? withOtherKeys(cell, require) : require(ZERO);
  }
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
  const isComplete = shape.domain.kind !== 'record' || [...names].every((name) => fields.has(name));
  if (!isComplete) return withOtherKeys(cell, require);
  requireNothing(target, fields, names, require);
  for (const part of shape.parts) {
    store(target, part.shape, cellAt(cell, part.offset), fields.get(part.name) ?? NOTHING, require);
  }
}

/**
 * Where records with other keys meet, their type has all of the keys, and so no place for any of them: that is not the
 * mistake of the model.
 */
function withOtherKeys(cell: Cell, require: Require): void {
  if (cell.space.kind === 'scratch') throw new TooLarge('one place for records with other keys');
  require(ZERO);
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
