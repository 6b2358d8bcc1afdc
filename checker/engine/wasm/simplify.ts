import type { Flat, FlatProgram, FlatStatement } from '../flat.ts';
import { mapFlat, visitFlats, visitStatements } from '../flat-walk.ts';

interface SimpleProgram {
  readonly body: readonly FlatStatement[];
  /** The scratch regions with an access whose address is only known when the program runs: they have to be in memory. */
  readonly dynamic: ReadonlySet<number>;
}

/**
 * The same program with less in it: blocks that are only left at their end are gone, so are temps and scratch cells that
 * nobody reads, and a temp that is used once, by the next statement, is put in there. A compiler behind us could do the
 * same; but the mask arithmetic of `draft.ts` sees the statements first, and the baseline compiler does nothing of it.
 */
export function simplify(program: FlatProgram): SimpleProgram {
  const uses = countUses(program.body);
  const unread = (statement: FlatStatement): boolean => {
    if (statement.op === 'set') return !uses.temps.has(statement.temp);
    if (statement.op !== 'store' || statement.cell.space.kind !== 'scratch') return false;
    const { region } = statement.cell.space;
    return !uses.dynamic.has(region) && !uses.cells.has(cellKey(region, statement.cell.at));
  };
  const shorten = (body: readonly FlatStatement[]): readonly FlatStatement[] => {
    const shorter: FlatStatement[] = [];
    for (const statement of body) {
      if (unread(statement)) continue;
      switch (statement.op) {
        case 'if':
          shorter.push({
            ...statement,
            whenTrue: shorten(statement.whenTrue),
            whenFalse: shorten(statement.whenFalse),
          });
          break;
        case 'loop':
          shorter.push({ ...statement, body: shorten(statement.body) });
          break;
        case 'block': {
          const inner = withoutLastLeave(shorten(statement.body), statement.label, uses.leaves);
          if (0 < (uses.leaves.get(statement.label) ?? 0)) shorter.push({ ...statement, body: inner });
          else shorter.push(...inner);
          break;
        }
        default:
          shorter.push(statement);
      }
    }
    return forwarded(shorter, uses.temps, uses.sets);
  };
  return { body: shorten(program.body), dynamic: uses.dynamic };
}

function cellKey(region: number, at: number): string {
  return `${region}:${at}`;
}

interface Uses {
  /** How often each temp is read. */
  readonly temps: ReadonlyMap<number, number>;
  /** How many statements give it a value. */
  readonly sets: ReadonlyMap<number, number>;
  /** The scratch cells that are read at fixed places. */
  readonly cells: ReadonlySet<string>;
  /** The scratch regions with an access at a dynamic place. */
  readonly dynamic: ReadonlySet<number>;
  /** How many statements leave each block. */
  readonly leaves: Map<number, number>;
}

function countUses(body: readonly FlatStatement[]): Uses {
  const temps = new Map<number, number>();
  const sets = new Map<number, number>();
  const cells = new Set<string>();
  const dynamic = new Set<number>();
  const leaves = new Map<number, number>();
  const count = (counts: Map<number, number>, key: number): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const visitRead = (flat: Flat): void => {
    if (flat.op === 'temp') return count(temps, flat.temp);
    if (flat.op !== 'load' || flat.cell.space.kind !== 'scratch') return;
    const { region } = flat.cell.space;
    cells.add(cellKey(region, flat.cell.at));
    if (flat.cell.index !== undefined) dynamic.add(region);
  };
  visitStatements(body, (statement) => {
    if (statement.op === 'set' || statement.op === 'choose' || statement.op === 'enabled') count(sets, statement.temp);
    if (statement.op === 'leave') count(leaves, statement.label);
    if (statement.op === 'store' && statement.cell.space.kind === 'scratch' && statement.cell.index !== undefined) {
      dynamic.add(statement.cell.space.region);
    }
    visitFlats(statement, visitRead);
  });
  return { temps, sets, cells, dynamic, leaves };
}

/** Without leaves of a block that stand where it ends anyway; takes them off their count. */
function withoutLastLeave(
  body: readonly FlatStatement[],
  label: number,
  counts: Map<number, number>,
): readonly FlatStatement[] {
  const last = body.at(-1);
  if (last === undefined) return body;
  const before = body.slice(0, -1);
  if (last.op === 'leave' && last.label === label) {
    counts.set(label, counts.get(label)! - 1);
    return withoutLastLeave(before, label, counts);
  }
  if (last.op !== 'if') return body;
  const whenTrue = withoutLastLeave(last.whenTrue, label, counts);
  const whenFalse = withoutLastLeave(last.whenFalse, label, counts);
  return whenTrue === last.whenTrue && whenFalse === last.whenFalse
    ? body
    : [...before, { ...last, whenTrue, whenFalse }];
}

/** Puts `set` statements into the statement after them, if that is the only one to read the temp, and reads it once. */
function forwarded(
  body: readonly FlatStatement[],
  reads: ReadonlyMap<number, number>,
  sets: ReadonlyMap<number, number>,
): readonly FlatStatement[] {
  const result: FlatStatement[] = [];
  for (let statement of body) {
    for (let last = result.at(-1); last?.op === 'set'; last = result.at(-1)) {
      const { temp, value } = last;
      if (reads.get(temp) !== 1 || sets.get(temp) !== 1 || !reads1(statement, temp)) break;
      statement = mapStatement(statement, (flat) => (flat.op === 'temp' && flat.temp === temp ? value : flat));
      result.pop();
    }
    result.push(statement);
  }
  return result;
}

/** Whether an expression of the statement itself, not of one within it, reads a temp. */
function reads1(statement: FlatStatement, temp: number): boolean {
  let found = false;
  visitFlats(statement, (flat) => {
    if (flat.op === 'temp' && flat.temp === temp) found = true;
  });
  return found;
}

function mapStatement(statement: FlatStatement, replace: (flat: Flat) => Flat): FlatStatement {
  switch (statement.op) {
    case 'set':
    case 'answer':
      return { ...statement, value: mapFlat(statement.value, replace) };
    case 'store': {
      const value = mapFlat(statement.value, replace);
      const { cell } = statement;
      if (cell.index === undefined) return { ...statement, value };
      return { ...statement, value, cell: { ...cell, index: mapFlat(cell.index, replace) } };
    }
    case 'if':
    case 'when':
    case 'check':
      return { ...statement, condition: mapFlat(statement.condition, replace) };
    case 'choose':
      return { ...statement, count: mapFlat(statement.count, replace) };
    default:
      return statement;
  }
}
