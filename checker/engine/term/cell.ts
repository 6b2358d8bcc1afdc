import type { Domain } from '../../../dsl/ir/index.ts';
import { valueAt } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import { offsetBy } from '../builder.ts';
import type { Cell, Flat, Progression, Space } from '../flat.ts';
import { binary, constant, isConstant, ONE, ZERO } from '../flat.ts';
import type { Target } from './target.ts';
import type { Term } from './term.ts';

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

/** Above this many cells, copies, comparisons and clearing are loops. */
export const UNROLLED_CELLS = 16;

export function copyCells(target: Target, from: Cell, to: Cell, count: number): void {
  const { builder } = target;
  if (count <= UNROLLED_CELLS) {
    for (let index = 0; index < count; index += 1) builder.store(cellAt(to, index), load(cellAt(from, index)));
  } else {
    builder.repeat(constant(count), (index) => builder.store(cellAt(to, 0, index), load(cellAt(from, 0, index))));
  }
}

export function clearCells(target: Target, cell: Cell, count: number): void {
  const { builder } = target;
  if (count <= UNROLLED_CELLS) {
    for (let index = 0; index < count; index += 1) builder.store(cellAt(cell, index), ZERO);
  } else {
    builder.repeat(constant(count), (index) => builder.store(cellAt(cell, 0, index), ZERO));
  }
}

export function equalCells(target: Target, left: Cell, right: Cell, count: number): Flat {
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
