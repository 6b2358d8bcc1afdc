import { visitStatements, askedInstances, someStatement } from './flat-walk.ts';
import type { Cell, Flat, FlatProgram, FlatStatement } from './flat.ts';

/**
 * What a step depends on and what it changes, in leaves of the state. Everything is an upper bound: what it may read on
 * some way through it, what it may write.
 */
export interface Footprint {
  /** What it sees of each leaf that it reads: expressions over that leaf alone. All else of it depends on their values. */
  readonly reads: ReadonlyMap<number, readonly Flat[]>;
  /** For each leaf that it writes the codes that it may store there; undefined: any. */
  readonly writes: ReadonlyMap<number, readonly number[] | undefined>;
  /** The codes that leaves are known to have wherever the step is possible. */
  readonly before: ReadonlyMap<number, number>;
}

/**
 * The footprints of some steps.
 *
 * @param programs - the steps of all instances; at most `leaves` leaves are in them.
 * @param unknown - leaves that stand for a value which is not known but is a certain code: what loads one of them and
 * stores it, stores that code.
 */
export function footprintsOf(
  programs: readonly Pick<FlatProgram, 'body'>[],
  leaves: number,
  unknown: ReadonlyMap<number, number> = new Map(),
): readonly Footprint[] {
  const known: (Footprint | undefined)[] = [];
  const of = (program: number): Footprint =>
    (known[program] ??= footprint(programs[program]!.body, { leaves, of, unknown }));
  return programs.map((_, program) => of(program));
}

/** What the footprints of all steps are found with. */
interface Programs {
  readonly leaves: number;
  readonly of: (program: number) => Footprint;
  readonly unknown: ReadonlyMap<number, number>;
}

function footprint(body: readonly FlatStatement[], { leaves, of, unknown }: Programs): Footprint {
  const reads = new Map<number, Flat[]>();
  const writes = new Map<number, number[] | undefined>();
  const see: See = (leaf, expression) => {
    const seen = reads.get(leaf);
    if (seen === undefined) reads.set(leaf, [expression]);
    else seen.push(expression);
  };
  // Whether another step is enabled depends on all that it reads.
  for (const asked of askedInstances(body)) {
    for (const leaf of of(asked).reads.keys()) see(leaf, loadOf(leaf));
  }
  visitStatements(body, (statement) => {
    for (const flat of expressionsOf(statement)) {
      const leaf = onlyLeafOf(flat, leaves, see);
      if (typeof leaf === 'number') see(leaf, flat);
    }
    if (statement.op !== 'store' || statement.cell.space.kind !== 'state') return;
    const { cell, value } = statement;
    const code = codeStored(value, unknown);
    for (const leaf of leavesOf(cell, leaves)) {
      const known = writes.has(leaf) ? writes.get(leaf) : [];
      writes.set(leaf, code !== undefined && known !== undefined ? [...known, code] : undefined);
    }
  });
  return { reads, writes, before: codesBefore(body) };
}

function codeStored(value: Flat, unknown: ReadonlyMap<number, number>): number | undefined {
  if (value.op === 'const') return value.value;
  const isLeaf = value.op === 'load' && value.cell.space.kind === 'state' && value.cell.index === undefined;
  return isLeaf ? unknown.get(value.cell.at) : undefined;
}

/** The expressions of a statement itself. */
function expressionsOf(statement: FlatStatement): readonly Flat[] {
  switch (statement.op) {
    case 'set':
    case 'answer':
      return [statement.value];
    case 'store':
      return statement.cell.index === undefined ? [statement.value] : [statement.value, statement.cell.index];
    case 'if':
    case 'when':
    case 'check':
      return [statement.condition];
    case 'choose':
      return [statement.count];
    case 'enabled':
    case 'loop':
    case 'block':
    case 'leave':
    case 'mark':
      return [];
  }
}

/** Told of an expression over one leaf. */
type See = (leaf: number, expression: Flat) => void;

/**
 * The one leaf that an expression depends on, or `none`, or `more`: then the largest parts of it that depend on one leaf
 * have been named. What depends on temps and scratch cells is `more`; what these depend on is seen where they are set.
 */
function onlyLeafOf(flat: Flat, leaves: number, see: See): number | 'none' | 'more' {
  switch (flat.op) {
    case 'const':
      return 'none';
    case 'temp':
      return 'more';
    case 'load': {
      const { cell } = flat;
      const { kind } = cell.space;
      if (kind === 'next') throw new Error('a step reads the next state');
      if (cell.index === undefined) return kind === 'state' ? cell.at : kind === 'constant' ? 'none' : 'more';
      if (kind === 'constant') return onlyLeafOf(cell.index, leaves, see);
      joined([cell.index], leaves, see, true);
      if (kind === 'state') for (const leaf of leavesOf(cell, leaves)) see(leaf, loadOf(leaf));
      return 'more';
    }
    case 'select':
      return joined([flat.condition, flat.whenTrue, flat.whenFalse], leaves, see);
    case 'not':
    case 'popcount':
    case 'trailingZeros':
      return onlyLeafOf(flat.operand, leaves, see);
    default:
      return joined([flat.left, flat.right], leaves, see);
  }
}

/** {@link onlyLeafOf} what several expressions make together. */
function joined(parts: readonly Flat[], leaves: number, see: See, isMore = false): number | 'none' | 'more' {
  const all = parts.map((part) => onlyLeafOf(part, leaves, see));
  const different = new Set(all.filter((one) => one !== 'none'));
  if (!isMore && different.size === 0) return 'none';
  if (!isMore && different.size === 1 && !different.has('more')) return [...different][0]!;
  all.forEach((one, index) => {
    if (typeof one === 'number') see(one, parts[index]!);
  });
  return 'more';
}

function loadOf(at: number): Flat {
  return { op: 'load', cell: { space: { kind: 'state' }, at, index: undefined } };
}

/** The leaves that a cell of the state may be. */
function leavesOf({ at, index, among }: Cell, leaves: number): readonly number[] {
  if (index === undefined) return [at];
  const [first, count, stride] = among === undefined ? [0, leaves, 1] : [at, among.count, among.stride];
  return Array.from({ length: count }, (_, position) => first + position * stride).filter((leaf) => leaf < leaves);
}

/** What the guards that a step begins with say about the codes that leaves have before it. */
function codesBefore(body: readonly FlatStatement[]): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  const written = new Set<number>();
  const assume = (flat: Flat): void => {
    if (flat.op === 'and') {
      assume(flat.left);
      assume(flat.right);
    } else if (flat.op === 'load') note(flat, 1);
    else if (flat.op === 'not') note(flat.operand, 0);
    else if (flat.op === 'equal' && flat.right.op === 'const') note(flat.left, flat.right.value);
  };
  const note = (flat: Flat, code: number): void => {
    if (flat.op !== 'load' || flat.cell.space.kind !== 'state' || flat.cell.index !== undefined) return;
    if (!written.has(flat.cell.at)) codes.set(flat.cell.at, code);
  };
  /** False where what follows is not always come to, or not before the step can have failed. */
  const walk = (statements: readonly FlatStatement[]): boolean =>
    statements.every((statement) => {
      switch (statement.op) {
        case 'when':
          assume(statement.condition);
          return true;
        case 'set':
        case 'mark':
        case 'choose':
        case 'enabled':
          return true;
        case 'store':
          if (statement.cell.space.kind !== 'state') return true;
          written.add(statement.cell.at);
          return statement.cell.index === undefined;
        case 'block':
          return walk(statement.body) && !someStatement(statement.body, ({ op }) => op === 'leave');
        case 'if':
        case 'loop':
        case 'leave':
        case 'check':
        case 'answer':
          return false;
      }
    });
  walk(body);
  return codes;
}
