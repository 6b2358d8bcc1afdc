import type { Layout } from '../../plan/layout.ts';
import { askedInstances, someStatement, visitFlats, visitStatements } from '../flat-walk.ts';
import type { FlatProgram, FlatStatement } from '../flat.ts';
import type { Access } from './access.ts';
import { sourceWords } from './access.ts';
import { conjunction } from './condition.ts';
import type { Guards } from './guards.ts';
import { isImpossible } from './guards.ts';
import { declarations, memoryOf } from './memory.ts';
import type { Ends } from './statement.ts';
import { emitBody } from './statement.ts';

export function emitStep(
  name: string,
  body: readonly FlatStatement[],
  program: FlatProgram,
  id: number,
  layout: Layout,
): string {
  const memory = memoryOf(program);
  const drafted = needsDraft(body);
  const words = new Set<number>();
  const stored = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op === 'store' && statement.cell.space.kind === 'state' && statement.cell.index === undefined) {
      stored.add(layout.leaves[statement.cell.at]!.word);
    }
  });
  const access: Access = {
    word(word) {
      if (drafted) return `D[${word}]`;
      words.add(word);
      return `w${word}`;
    },
    nextWord: () => {
      throw new Error('a step reads the next state');
    },
    leafAt: (index) => (drafted ? `leaf(D, 0, ${index})` : `leaf(S, at, ${index})`),
    nextLeafAt: () => {
      throw new Error('a step reads the next state');
    },
    regionAt: (region) => memory.at[region],
    memory: 'M',
  };
  const hasChoices = someStatement(body, (statement) => statement.op === 'choose');
  // The functions of other steps use the same memory, draft and digits: they are called before any of these is in use.
  const asked = askedInstances(body).map((instance) => `  const x${instance} = e${instance}(S, at);`);
  const enabled = (instance: number): string => `x${instance}`;
  const ends: Ends = hasChoices
    ? { enabled, impossible: 'break run;', fail: `{ out.failures.push(${id}); break run; }` }
    : { enabled, impossible: 'return;', fail: `{ out.failures.push(${id}); return; }` };
  const lines = emitBody(body, access, layout, ends, '    ');
  for (const word of stored) access.word(word);
  const marks = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op === 'mark') marks.add(statement.branch);
  });

  const unmarked = [...marks].map((branch) => `    let m${branch} = 0;`);
  const copied = drafted
    ? Array.from({ length: layout.words }, (_, word) => `    D[${word}] = S[at + ${word}];`)
    : [...words].map((word) => `    let w${word} = S[at + ${word}];`);
  const start = [...copied, ...unmarked];
  const push = [
    '    const o = out.reserve(), T = out.states;',
    ...Array.from({ length: layout.words }, (_, word) => {
      const source = drafted ? `D[${word}]` : words.has(word) ? `w${word}` : `S[at + ${word}]`;
      return `    T[o${word === 0 ? '' : ` + ${word}`}] = ${source};`;
    }),
    `    out.instances[out.count++] = ${id};`,
    ...[...marks].map((branch) => `    out.branches[${branch}] += m${branch};`),
  ];
  const variables = [...asked, ...declarations(body, memory)];
  if (!hasChoices) return [`function ${name}(S, at, out) {`, ...variables, ...start, ...lines, ...push, '}'].join('\n');
  return [
    `function ${name}(S, at, out) {`,
    ...variables,
    '  let used = 0;',
    '  for (;;) {',
    '    let position = 0;',
    '    run: {',
    ...start,
    ...lines,
    ...push,
    '    }',
    '    used = position;',
    '    while (used > 0 && C[used - 1] + 1 >= R[used - 1]) used--;',
    '    if (used === 0) return;',
    '    C[used - 1]++;',
    '  }',
    '}',
  ].join('\n');
}

export function emitPredicate(id: number, program: FlatProgram, layout: Layout): string {
  const memory = memoryOf(program);
  const access: Access = {
    word: (word) => `S[at + ${word}]`,
    nextWord: (word) => `N[nextAt + ${word}]`,
    leafAt: (index) => `leaf(S, at, ${index})`,
    nextLeafAt: (index) => `leaf(N, nextAt, ${index})`,
    regionAt: (region) => memory.at[region],
    memory: 'P',
  };
  const enabled = (instance: number): string => `e${instance}(S, at)`;
  const lines = emitBody(program.body, access, layout, { enabled, impossible: 'return 2;', fail: 'return 2;' }, '  ');
  return [
    `function p${id}(S, at, N, nextAt) {`,
    ...declarations(program.body, memory),
    ...lines,
    '  return 2;',
    '}',
  ].join('\n');
}

export function emitEnabled(id: number, { conditions, rest }: Guards, layout: Layout): string {
  if (isImpossible(rest)) return `function e${id}(S, at) { return 0; }`;
  const access = { ...sourceWords(new Set()), word: (word: number) => `S[at + ${word}]` };
  const guard = conditions.length === 0 ? '' : `  if (!(${conjunction(conditions, access, layout)})) return 0;\n`;
  return `function e${id}(S, at) {\n${guard}  E.clear();\n  i${id}(S, at, E);\n  const some = E.count > 0 ? 1 : 0;\n  E.clear();\n  return some;\n}`;
}

/** Whether a step reads the state at a dynamic address after it has changed it, or changes it at one. */
function needsDraft(body: readonly FlatStatement[]): boolean {
  let stored = false;
  let needed = false;
  const storesState = (list: readonly FlatStatement[]): boolean =>
    someStatement(list, (statement) => statement.op === 'store' && statement.cell.space.kind === 'state');
  const walk = (list: readonly FlatStatement[]): void => {
    for (const statement of list) {
      visitFlats(statement, (flat) => {
        if (flat.op === 'load' && flat.cell.space.kind === 'state' && flat.cell.index !== undefined) needed ||= stored;
      });
      switch (statement.op) {
        case 'store':
          if (statement.cell.space.kind !== 'state') break;
          stored = true;
          if (statement.cell.index !== undefined) needed = true;
          break;
        case 'if':
          walk(statement.whenTrue);
          walk(statement.whenFalse);
          break;
        case 'loop':
          stored ||= storesState(statement.body);
          walk(statement.body);
          break;
        case 'block':
          walk(statement.body);
          break;
        default:
          break;
      }
    }
  };
  walk(body);
  return needed;
}
