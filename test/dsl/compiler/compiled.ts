import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../dsl/compiler/compile.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { printSystem } from '../../../dsl/ir/print.ts';

const WORDS = [
  ...[
    'all',
    'always',
    'and',
    'count',
    'either',
    'enabled',
    'equal',
    'eventually',
    'ids',
    'implies',
    'leadsTo',
    'local',
    'mayTimeOut',
  ],
  ...[
    'not',
    'or',
    'pick',
    'record',
    'some',
    'spec',
    'strong',
    'taken',
    'until',
    'values',
    'verify',
    'weak',
    'when',
    'z',
  ],
];

/**
 * The first model of a spec given as text, which may use every word of the language.
 *
 * @throws Error when it is refused.
 */
export function systemOf(source: string): System {
  return systemsIn(source, ([first]) => [first])[0]!;
}

/** All models of a spec given as text, as {@link systemOf}. */
export function systemsOf(source: string): readonly System[] {
  return systemsIn(source, (names) => names);
}

function systemsIn(
  source: string,
  select: (models: readonly string[]) => readonly (string | undefined)[],
): readonly System[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-compiled-'));
  try {
    const path = join(folder, 'spec.ts');
    const words = source.includes('serial(') ? [...WORDS, 'first', 'fresh', 'serial'] : WORDS;
    writeFileSync(path, `import { ${words.join(', ')} } from 'fairlead';\n${source}`);
    const { diagnostics, specs } = compile(path, { typecheck: false });
    const [spec] = specs;
    return select(spec?.models.map(({ name }) => name) ?? []).map((model) => {
      const { system, diagnostics: refused } = spec?.instantiate(model) ?? { diagnostics: [] };
      if (system === undefined) throw new Error([...diagnostics, ...refused].map(({ message }) => message).join('\n'));
      return system;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The body of an action `step` over `state`, as it is lowered. */
export function bodyOf(state: string, statements: string, before = ''): string {
  const system = systemOf(`
    const Node = ids('Node', 2);
    ${before}
    export const subject = spec('subject', { state: () => ({ ${state} }) });
    export const step = subject.action((s) => { ${statements} });
  `);
  return part(printSystem(system), 'action step() {');
}

/** The lines of a printed system from a line on, to the one that closes it; without indentation. */
export function part(printed: string, start: string): string {
  const lines = printed.split('\n');
  const from = lines.indexOf(start);
  const to = lines.indexOf('}', from);
  return lines
    .slice(from + 1, to)
    .map((line) => line.slice(2))
    .join('\n');
}
