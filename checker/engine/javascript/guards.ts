import type { Flat, FlatProgram, FlatStatement } from '../flat.ts';

export interface Guards {
  readonly conditions: readonly Flat[];
  readonly rest: readonly FlatStatement[];
}

/** Takes off the leading guards that only read the state at fixed places. */
export function splitGuards(program: FlatProgram): Guards {
  const conditions: Flat[] = [];
  let next = 0;
  for (; next < program.body.length; next += 1) {
    const statement = program.body[next]!;
    if (statement.op !== 'when' || !isStatic(statement.condition)) break;
    if (statement.condition.op === 'const') break;
    conditions.push(statement.condition);
  }
  return { conditions, rest: program.body.slice(next) };
}

export function isImpossible(body: readonly FlatStatement[]): boolean {
  const [first] = body;
  return first?.op === 'when' && first.condition.op === 'const' && first.condition.value === 0;
}

function isStatic(flat: Flat): boolean {
  switch (flat.op) {
    case 'const':
      return true;
    case 'temp':
      return false;
    case 'load':
      return flat.cell.space.kind === 'state' && flat.cell.index === undefined;
    case 'select':
      return isStatic(flat.condition) && isStatic(flat.whenTrue) && isStatic(flat.whenFalse);
    case 'not':
    case 'popcount':
    case 'trailingZeros':
      return isStatic(flat.operand);
    default:
      return isStatic(flat.left) && isStatic(flat.right);
  }
}
