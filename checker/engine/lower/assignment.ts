import type { Expression, PathSegment, Place } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import type { Cell, Flat } from '../flat.ts';
import { binary, constant, isConstant, ONE, ZERO } from '../flat.ts';
import { sameDomain } from '../same-domain.ts';
import { casesOf, kindOf } from '../term/alternative.ts';
import { lengthOf, withinLength } from '../term/array.ts';
import { cellAt, elementCell, load } from '../term/cell.ts';
import { encode } from '../term/code.ts';
import { equalTerms } from '../term/equality.ts';
import { discriminatorOf } from '../term/object.ts';
import { asInt } from '../term/scalar.ts';
import { store } from '../term/store.ts';
import { failUnless } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import { NOTHING } from '../term/term.ts';
import { convert, snapshot, writeVariable } from '../term/variable.ts';
import { lower } from './expression.ts';
import type { Lowering } from './lowering.ts';

export function lowerAssign(lowering: Lowering, target: Place, value: Expression): void {
  const { builder } = lowering;
  const indices = target.path.map((segment) => (segment.kind === 'index' ? lower(lowering, segment.index) : NOTHING));
  if (!builder.live) return;
  const { root } = target;
  if (root.kind === 'local' && target.path.length === 0) {
    const local = lowering.locals.get(root.name);
    if (local === undefined || !('variable' in local)) throw new Error(`no mutable local \`${root.name}\``);
    const given = lower(lowering, value);
    if (!builder.live) return;
    writeVariable(lowering, local.variable, detached(lowering, given, local.variable.cell), failUnless(lowering));
    return;
  }
  let locations: readonly Location[] = [rootOf(lowering, target)];
  target.path.forEach((segment, position) => {
    locations = locations
      .flatMap((location) => stepInto(lowering, location, segment, indices[position]!))
      .filter(({ test }) => !isConstant(test) || test.value !== 0);
  });
  builder.check(locations.map((one) => one.test).reduce((any, test) => binary('or', any, test), ZERO));
  const reached = locations.map(({ test, shape, cell }) => ({
    test: locations.length === 1 ? ONE : builder.fix(test),
    shape,
    cell: { ...cell, index: cell.index === undefined ? undefined : builder.fix(cell.index) },
  }));
  if (!builder.live) return;
  const lowered = lower(lowering, value);
  if (!builder.live) return;
  // A local may be stored with more room than the object has that it is a name for.
  const isWider = root.kind === 'local' && reached.some(({ shape }) => !sameDomain(shape.domain, target.domain));
  const given = isWider ? convert(lowering, lowered, target.domain, failUnless(lowering)) : lowered;
  if (!builder.live) return;
  const chain = (index: number): void => {
    const location = reached[index];
    if (location === undefined) return;
    const { shape, cell } = location;
    const put = (): void => {
      // Places of one shape are the same place or do not overlap.
      const isCopy = given.kind === 'view' && sameDomain(given.shape.domain, shape.domain);
      store(lowering, shape, cell, isCopy ? given : detached(lowering, given, cell), failUnless(lowering));
    };
    if (index === reached.length - 1) put();
    else builder.if(location.test, put, () => chain(index + 1));
  };
  chain(0);
}

/** One of the places that a path may lead to, and the condition on which it does. */
interface Location {
  readonly test: Flat;
  readonly shape: Shape;
  readonly cell: Cell;
}

function rootOf(lowering: Lowering, { root }: Place): Location {
  if (root.kind === 'variable') {
    const { shape, leaf } = lowering.plan.layout.variables.get(root.name)!;
    return { test: ONE, shape, cell: { space: { kind: 'state' }, at: leaf, index: undefined } };
  }
  const local = lowering.locals.get(root.name);
  if (local === undefined || !('variable' in local) || local.variable.cell === undefined) {
    throw new Error(`no mutable compound local \`${root.name}\``);
  }
  return { test: ONE, shape: local.variable.shape, cell: local.variable.cell };
}

/** Where one segment of a path leads from a location: nowhere, to one place, or to one for each alternative. */
function stepInto(lowering: Lowering, location: Location, segment: PathSegment, index: Term): readonly Location[] {
  const { shape, cell, test } = location;
  if (shape.kind === 'union') {
    return shape.members.flatMap((member, tag) => {
      const present = binary('and', test, binary('equal', load(cell), constant(tag)));
      return stepInto(lowering, { test: present, shape: member, cell: cellAt(cell, 1) }, segment, index);
    });
  }
  if (segment.kind === 'field') {
    if (shape.kind === 'product') {
      const part = shape.parts.find((one) => one.name === segment.name);
      return part === undefined ? [] : [{ test, shape: part.shape, cell: cellAt(cell, part.offset) }];
    }
    if (shape.kind !== 'variant' || segment.name === discriminatorOf(shape)) return [];
    return shape.cases.flatMap((one, tag) => {
      const part = one.parts.find(({ name }) => name === segment.name);
      const present = binary('and', test, binary('equal', load(cell), constant(tag)));
      return part === undefined ? [] : [{ test: present, shape: part.shape, cell: cellAt(cell, part.offset) }];
    });
  }
  if (shape.kind === 'array') {
    if (!casesOf(lowering, index).some((one) => kindOf(one.term) === 'int')) return [];
    const position = asInt(lowering, index);
    const present = withinLength(position, lengthOf(lowering, { kind: 'view', shape, cell }));
    const place = elementCell(cell, shape.lengthLeaves, position.code, shape.element.leaves, shape.capacity);
    return [{ test: binary('and', test, present), shape: shape.element, cell: place }];
  }
  if (shape.kind !== 'product') return [];
  if (shape.domain.kind === 'record') {
    const { code, valid } = encode(lowering, index, shape.domain.key);
    const stride = shape.parts[0]?.shape.leaves ?? 0;
    if (shape.parts.length === 0) return [];
    const place = elementCell(cell, 0, code, stride, shape.parts.length);
    return [{ test: binary('and', test, valid), shape: shape.parts[0]!.shape, cell: place }];
  }
  // A tuple, or an object whose field is computed: one place for each part.
  return shape.parts.flatMap((part, position) => {
    const key: Term = { kind: 'constant', value: shape.domain.kind === 'tuple' ? position : part.name };
    const present = binary('and', test, equalTerms(lowering, index, key));
    if (isConstant(present) && present.value === 0) return [];
    return [{ test: present, shape: part.shape, cell: cellAt(cell, part.offset) }];
  });
}

/** A value that is about to be stored at a cell, as it was before the first of its parts is overwritten. */
function detached(lowering: Lowering, term: Term, cell: Cell | undefined): Term {
  if (cell === undefined || term.kind === 'scalar' || term.kind === 'constant') return term;
  return snapshot(lowering, term, ({ space }) => {
    if (space.kind !== cell.space.kind) return true;
    return space.kind === 'scratch' && cell.space.kind === 'scratch' && space.region !== cell.space.region;
  });
}
