import { constant, isConstant, unary } from './flat.ts';
import type { Cell, Flat, FlatProgram, FlatStatement } from './flat.ts';
import type { FlatSystem } from './flat-system.ts';
import { mapFlat, visitStatements } from './flat-walk.ts';

/** Told of every store to the state that can be reached, with the value as far as it is known. */
type OnStore = (cell: Cell, value: Flat) => void;

/**
 * A program under the assumption that some leaves of the state always have one code: it is put in and folded, what
 * cannot be reached any more is left out, and so are stores to such leaves.
 *
 * @param known - those leaves, with their codes.
 * @param constants - the values of the space `constant`.
 */
export function specialize(
  program: FlatProgram,
  known: ReadonlyMap<number, number>,
  constants: Int32Array,
  onStore: OnStore = () => {},
): FlatProgram {
  const setOnce = tempsSetOnce(program.body);
  const temps = new Map<number, Flat>();
  const replace = (flat: Flat): Flat => {
    if (flat.op === 'temp') return temps.get(flat.temp) ?? flat;
    if (flat.op !== 'load' || flat.cell.index !== undefined) return flat;
    const { space, at } = flat.cell;
    if (space.kind === 'constant') return constant(constants[at]!);
    const code = space.kind === 'scratch' ? undefined : known.get(at);
    return code === undefined ? flat : constant(code);
  };
  const folded = (flat: Flat): Flat => mapFlat(flat, replace);

  const list = (body: readonly FlatStatement[]): FlatStatement[] => {
    const result: FlatStatement[] = [];
    for (const statement of body) {
      if (!add(statement, result)) break;
    }
    return result;
  };

  /** Whether what comes after the statement can be reached. */
  const add = (statement: FlatStatement, to: FlatStatement[]): boolean => {
    switch (statement.op) {
      case 'set': {
        const value = folded(statement.value);
        if (isConstant(value) && setOnce.has(statement.temp)) temps.set(statement.temp, value);
        else to.push({ ...statement, value });
        return true;
      }
      case 'store': {
        const cell = foldedCell(statement.cell, folded);
        const value = folded(statement.value);
        if (cell.space.kind === 'state') onStore(cell, value);
        if (cell.space.kind === 'state' && cell.index === undefined && known.has(cell.at)) return true;
        to.push({ op: 'store', cell, value });
        return true;
      }
      case 'if': {
        const condition = folded(statement.condition);
        if (isConstant(condition)) {
          const taken = condition.value === 0 ? statement.whenFalse : statement.whenTrue;
          return taken.every((one) => add(one, to));
        }
        const whenTrue = list(statement.whenTrue);
        const whenFalse = list(statement.whenFalse);
        if (0 < whenTrue.length) to.push({ op: 'if', condition, whenTrue, whenFalse });
        else if (0 < whenFalse.length)
          to.push({ op: 'if', condition: unary('not', condition), whenTrue: whenFalse, whenFalse: [] });
        return true;
      }
      case 'when':
      case 'check': {
        const condition = folded(statement.condition);
        if (isConstant(condition) && condition.value !== 0) return true;
        to.push({ ...statement, condition });
        return !isConstant(condition);
      }
      case 'block':
      case 'loop':
        to.push({ ...statement, body: list(statement.body) });
        return true;
      case 'leave':
        to.push(statement);
        return false;
      case 'choose':
        to.push({ ...statement, count: folded(statement.count) });
        return true;
      case 'answer':
        to.push({ ...statement, value: folded(statement.value) });
        return false;
      case 'mark':
      case 'enabled':
        to.push(statement);
        return true;
    }
  };
  return { ...program, body: list(program.body) };
}

/**
 * All programs of a system, specialized, but for `init`: it begins with defaults, whatever comes of them.
 */
export function specializeSystem(flat: FlatSystem, known: ReadonlyMap<number, number>): FlatSystem {
  const ready = (program: FlatProgram): FlatProgram => specialize(program, known, flat.constants);
  return { ...flat, instances: flat.instances.map(ready), predicates: flat.predicates.map(ready) };
}

/** A program without its stores to these leaves, which are at fixed places. */
export function withoutStores(program: FlatProgram, leaves: ReadonlyMap<number, number>): FlatProgram {
  const without = (body: readonly FlatStatement[]): readonly FlatStatement[] =>
    body.flatMap((statement): readonly FlatStatement[] => {
      switch (statement.op) {
        case 'store': {
          const { space, at } = statement.cell;
          return space.kind === 'state' && leaves.has(at) ? [] : [statement];
        }
        case 'if':
          return [{ ...statement, whenTrue: without(statement.whenTrue), whenFalse: without(statement.whenFalse) }];
        case 'loop':
        case 'block':
          return [{ ...statement, body: without(statement.body) }];
        default:
          return [statement];
      }
    });
  return { ...program, body: without(program.body) };
}

function foldedCell(cell: Cell, folded: (flat: Flat) => Flat): Cell {
  if (cell.index === undefined) return cell;
  const index = folded(cell.index);
  return isConstant(index) ? { space: cell.space, at: cell.at + index.value, index: undefined } : { ...cell, index };
}

/** The temps that a single statement gives a value. */
function tempsSetOnce(body: readonly FlatStatement[]): ReadonlySet<number> {
  const once = new Set<number>();
  const seen = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op !== 'set' && statement.op !== 'choose' && statement.op !== 'enabled') return;
    if (seen.has(statement.temp)) once.delete(statement.temp);
    else once.add(statement.temp);
    seen.add(statement.temp);
  });
  return once;
}
