import { visitFlats } from '../flat-walk.ts';
import type { FlatStatement } from '../flat.ts';
import type { PreparedProgram } from './prepared-program.ts';

export interface Guards {
  readonly guards: readonly (FlatStatement & { op: 'when' })[];
  readonly rest: readonly FlatStatement[];
}

/** Takes off the leading guards that only read the state at fixed places, which whoever calls a step can ask. */
export function splitGuards({ body }: PreparedProgram): Guards {
  const guards: (FlatStatement & { op: 'when' })[] = [];
  for (const statement of body) {
    if (statement.op !== 'when' || !isStatic(statement)) break;
    guards.push(statement);
  }
  return { guards, rest: body.slice(guards.length) };
}

function isStatic(statement: FlatStatement): boolean {
  let result = true;
  visitFlats(statement, (flat) => {
    if (flat.op === 'temp') result = false;
    if (flat.op === 'load' && (flat.cell.space.kind !== 'state' || flat.cell.index !== undefined)) result = false;
  });
  return result;
}

export function isImpossible({ body }: PreparedProgram): boolean {
  const [first] = body;
  return first?.op === 'when' && first.condition.op === 'const' && first.condition.value === 0;
}
