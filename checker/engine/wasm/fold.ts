import type { Code, FunctionCode, Instruction } from './instruction.ts';

/**
 * The same code with less in it: no empty `else`, and what is set and got at once is set and kept. The optimizing
 * compiler behind us sees as much; the baseline compiler, which runs first, does not.
 *
 * Cost: linear.
 */
export function fold(code: FunctionCode): FunctionCode {
  return { ...code, body: foldCode(code.body) };
}

function foldCode(code: Code): Code {
  const folded: Instruction[] = [];
  for (const one of code) {
    // Comments make no difference.
    const before = one.op === 'local.get' ? folded.findLastIndex(({ op }) => op !== 'comment') : -1;
    const last = folded[before];
    if (one.op === 'local.get' && last?.op === 'local.set' && last.local === one.local) {
      folded[before] = { op: 'local.tee', local: one.local };
    } else folded.push(foldInside(one));
  }
  return folded;
}

function foldInside(one: Instruction): Instruction {
  switch (one.op) {
    case 'block':
    case 'loop':
      return { ...one, body: foldCode(one.body) };
    case 'if': {
      const { whenTrue, whenFalse = [], ...rest } = one;
      const otherwise = foldCode(whenFalse);
      return { ...rest, whenTrue: foldCode(whenTrue), ...(0 < otherwise.length && { whenFalse: otherwise }) };
    }
    default:
      return one;
  }
}
