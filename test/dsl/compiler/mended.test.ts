import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mend, readMended } from './mended.ts';
import type { Mending } from './mended.ts';
import { isTypechecked, whatIsSaidOf } from './rendered.ts';

/*
 * What a diagnostic proposes has to work: each case in `test/cases`, changed as the help of its diagnostics says,
 * compiles. The changes stand in `mended/*.txt`, each beside the help that it does.
 */
const CASES = fileURLToPath(new URL('../../cases/', import.meta.url));
const TABLES = fileURLToPath(new URL('./mended/', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../../dsl/diagnostics/catalog.ts', import.meta.url));

/** Codes for which there is nothing to do here, and why. */
const WITHOUT_CHANGE: Readonly<Record<string, string>> = {
  FL001: 'a path on the command line: there is no spec',
  FL002: 'the message is what TypeScript says, without a help',
  FL004: 'without a help: which file is meant is not known',
  FL005: 'the message is what the spec throws',
  FL011: 'two modules are needed for two declarations of one name',
  FL015: 'a name on the command line: there is no spec',
  FL018: 'the message says what was thrown',
  FL046: 'without a help: the message says what the operator takes',
  FL090: 'without a help: a step that changes nothing can be meant',
  FL093: 'without a help: the message says all',
};

const tables = new Map(
  readdirSync(TABLES).flatMap((name) => [...readMended(readFileSync(`${TABLES}${name}`, 'utf8'))]),
);
const sources = new Map(
  readdirSync(CASES)
    .filter((name) => name.endsWith('.spec.txt'))
    .map((name) => [name.replace('.spec.txt', ''), readFileSync(`${CASES}${name}`, 'utf8')]),
);

const codeOf = (name: string): string => name.slice(0, name.indexOf('-'));
const saidOf = (name: string): readonly string[] => helpsIn(readFileSync(`${CASES}${name}.txt`, 'utf8'));

function helpsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/= help: (.*)/g)].map(([, help]) => help!))];
}

/** Errors, and the warnings that the case is about. */
function mistakesIn(source: string, code: string): string {
  const { codes, text } = whatIsSaidOf(source, true);
  return codes.some((one) => one < 'FL090' || one === code) ? text : '';
}

describe('doing what the help says', () => {
  it('is tried for every help of every case', () => {
    for (const [name] of sources) {
      const tried = (tables.get(name) ?? []).map(({ help }) => help).filter((help) => help !== undefined);
      expect.soft(tried.toSorted(), name).toEqual(saidOf(name).toSorted());
    }
    expect([...tables.keys()].filter((name) => !sources.has(name))).toEqual([]);
  });

  it('is tried for every code, but for some', () => {
    const codes = [...new Set(readFileSync(CATALOG, 'utf8').match(/FL\d{3}/g))].sort();
    const tried = new Set([...tables.keys()].map(codeOf));
    expect(codes.filter((code) => !tried.has(code))).toEqual(Object.keys(WITHOUT_CHANGE));
  });

  describe.each([...tables])('%s', (name, mendings) => {
    const source = sources.get(name)!;
    const code = codeOf(name);
    const most = Math.max(...mendings.map(({ ways }) => ways.length));

    it.each(Array.from({ length: most }, (_, way) => way))('leaves no mistake (way %i)', (way) => {
      expect(mistakesIn(mend(source, mendings, way), code)).toBe('');
    });

    it('is what mends it', () => {
      for (const left of mendings) {
        if (left.help === undefined) continue;
        const others = mendings.filter((one: Mending) => one !== left);
        const { text } = whatIsSaidOf(mend(source, others, 0), isTypechecked(name));
        expect.soft(helpsIn(text), left.help).toContain(left.help);
      }
    });
  });
});
