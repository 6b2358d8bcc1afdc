import { visitFlats, visitStatements } from '../flat-walk.ts';
import type { Cell, FlatProgram, FlatStatement } from '../flat.ts';
import { cellName } from './access.ts';

/** Scratch cells that any program needs in memory; the sizes of `M` and `P`. */
export function scratchSize(programs: readonly FlatProgram[]): number {
  return Math.max(0, ...programs.map((program) => memoryOf(program).size));
}

/** Where each scratch region lies: in memory when some access to it is dynamic, else nowhere. */
export function memoryOf(program: FlatProgram): { at: (number | undefined)[]; size: number } {
  const dynamic = new Set<number>();
  const note = (cell: Cell): void => {
    if (cell.space.kind === 'scratch' && cell.index !== undefined) dynamic.add(cell.space.region);
  };
  visitStatements(program.body, (statement) => {
    if (statement.op === 'store') note(statement.cell);
    visitFlats(statement, (flat) => {
      if (flat.op === 'load') note(flat.cell);
    });
  });
  let size = 0;
  const at = program.regions.map((cells, region) => {
    if (!dynamic.has(region)) return undefined;
    size += cells;
    return size - cells;
  });
  return { at, size };
}

/** The variables of a program: its temps, and the cells of regions that are not in memory. */
export function declarations(body: readonly FlatStatement[], memory: { at: (number | undefined)[] }): string[] {
  const names = new Set<string>();
  const note = ({ space, at }: Cell): void => {
    if (space.kind === 'scratch' && memory.at[space.region] === undefined) names.add(cellName(space.region, at));
  };
  visitStatements(body, (statement) => {
    if (statement.op === 'set' || statement.op === 'choose' || statement.op === 'enabled') {
      names.add(`t${statement.temp}`);
    }
    if (statement.op === 'store') note(statement.cell);
    visitFlats(statement, (flat) => {
      if (flat.op === 'load') note(flat.cell);
      if (flat.op === 'temp') names.add(`t${flat.temp}`);
    });
  });
  return names.size === 0 ? [] : [`  let ${[...names].map((name) => `${name} = 0`).join(', ')};`];
}
