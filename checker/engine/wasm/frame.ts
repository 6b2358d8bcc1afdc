import type { Cell, Flat } from '../flat.ts';
import { mapFlat } from '../flat-walk.ts';
import { constant } from '../flat.ts';
import type { CodeBuilder, LocalIndex } from './code-builder.ts';
import type { Draft } from './draft.ts';
import { maskOf, rowOf } from './state-words.ts';
import type { Field, FieldRow } from './state-words.ts';

/** Where a system's code finds its tables and its memory. */
export interface Tables {
  readonly fields: readonly Field[];
  /** `FlatSystem.constants`; `constantsAt` is where they are in memory. */
  readonly constants: Int32Array;
  readonly constantsAt: number;
  /** For each leaf 8 bytes: its 32-bit word's offset in bytes × 32 + its shift, then its mask. */
  readonly leavesAt: number;
  /** What a leaf holds, for who reads the code. */
  readonly nameOf: (leaf: number) => string;
}

/** Memory as address on the stack plus a constant offset. */
export interface Place {
  /** Pushes the address (i32). */
  readonly push: () => void;
  readonly offset: number;
}

/** The state after a step, or the one that predicates ask about, in terms of a draft or of memory. */
interface StateAccess {
  /** Undefined when the words are only in memory. */
  readonly draft: Draft | undefined;
  /** Where its 32-bit words are; right as long as the draft has not changed. Undefined when they are only in locals. */
  readonly memory: Place | undefined;
}

/** What the code of one program refers to while it is emitted. */
export interface Frame {
  readonly code: CodeBuilder;
  readonly tables: Tables;
  readonly state: StateAccess;
  readonly next: StateAccess | undefined;
  readonly locals: LocalPool;
  /** The local of a temp. */
  temp(temp: number): LocalIndex;
  /** The local of a scratch cell of a region that is not in memory. */
  cell(region: number, at: number): LocalIndex;
  /** Where a region is, if it is in memory. */
  region(region: number): Place | undefined;
  /** Temps that are known to hold a constant here. */
  knownTemps: Map<number, number>;
}

/** Locals that are used for a while and then again for something else. */
interface LocalPool {
  /** A local of nobody else until it is given back. */
  take(type: 'i32' | 'i64'): LocalIndex;
  give(type: 'i32' | 'i64', local: LocalIndex): void;
}

export function localPool(code: CodeBuilder): LocalPool {
  const free = { i32: [] as LocalIndex[], i64: [] as LocalIndex[] };
  return {
    take: (type) => free[type].pop() ?? code.newLocal(type),
    give: (type, local) => void free[type].push(local),
  };
}

/** The place in a function where the code of a program goes. */
export interface CodeSite {
  readonly code: CodeBuilder;
  readonly tables: Tables;
  readonly locals: LocalPool;
  /** For regions and drafts that are not in locals. */
  readonly scratch: Place;
}

/** The frame of one program. Its temps and cells get locals as they come up; `release` gives them back. */
export function newFrame(
  { code, tables, locals, scratch }: CodeSite,
  regions: readonly (number | undefined)[],
  state: StateAccess,
  next?: StateAccess,
): Frame & { release(): void } {
  const taken = new Map<string, LocalIndex>();
  const localOf = (name: string): LocalIndex => {
    let local = taken.get(name);
    if (local === undefined) taken.set(name, (local = locals.take('i32')));
    return local;
  };
  return {
    code,
    tables,
    state,
    next,
    locals,
    temp: (temp) => localOf(`t${temp}`),
    cell: (region, at) => localOf(`${region}:${at}`),
    region: (region) => {
      const offset = regions[region];
      return offset === undefined ? undefined : { push: scratch.push, offset: scratch.offset + offset };
    },
    knownTemps: new Map(),
    release: () => {
      for (const local of taken.values()) locals.give('i32', local);
      taken.clear();
    },
  };
}

export function accessOf(frame: Frame, kind: 'state' | 'next'): StateAccess {
  if (kind === 'state') return frame.state;
  if (frame.next === undefined) throw new Error('a step reads the next state');
  return frame.next;
}

/** The field of a cell of the state at a fixed place. Places that code cannot reach have none: it is their field then. */
export function fieldOf(frame: Frame, cell: Cell): Field {
  return frame.tables.fields[cell.at] ?? { word: 0, shift: 0, width: 0 };
}

/** The row that a cell of the state at a dynamic place is in, when the draft can serve it. */
export function draftRow(frame: Frame, cell: Cell, access: StateAccess): FieldRow | undefined {
  return access.draft === undefined ? undefined : rowOf(cell, frame.tables.fields);
}

/**
 * Puts in what is known here, and brings the words up to date that the rest reads. To be done for every expression of a
 * statement, before any of it is emitted: code inside of an expression may be skipped when it runs.
 */
export function resolve(frame: Frame, flat: Flat): Flat {
  return mapFlat(flat, (leaf) => {
    if (leaf.op === 'temp') {
      const known = frame.knownTemps.get(leaf.temp);
      return known === undefined ? leaf : constant(known);
    }
    if (leaf.op !== 'load') return leaf;
    const { cell } = leaf;
    const { space } = cell;
    if (space.kind === 'constant') {
      return cell.index === undefined ? constant(frame.tables.constants[cell.at] ?? 0) : leaf;
    }
    if (space.kind === 'scratch') return leaf;
    const { draft } = accessOf(frame, space.kind);
    if (draft === undefined) return leaf;
    if (cell.index === undefined) {
      const field = fieldOf(frame, cell);
      const known = draft.known(field);
      if (known !== undefined) return constant(known);
      draft.settle(field.word, maskOf(field));
      return leaf;
    }
    const row = rowOf(cell, frame.tables.fields);
    if (row !== undefined) draft.settle(row.word, row.mask);
    return leaf;
  });
}
