import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { helpTexts } from './help-texts.ts';

const CASES = fileURLToPath(new URL('../../cases/', import.meta.url));

/** Helps that no spec of one file can be given, and where they are printed instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'check the path; specs are TypeScript files': 'test/dsl/compiler/imports.test.ts',
  'rename one of them': 'test/checker/cli/two-files.test.ts',
};

const printed = new Set(
  readdirSync(CASES)
    .filter((name) => !name.endsWith('.spec.txt'))
    .flatMap((name) => [...readFileSync(`${CASES}${name}`, 'utf8').matchAll(/= help: (.*)/g)].map(([, help]) => help!)),
);

function isPrinted(text: string): boolean {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  return [...printed].some((help) => pattern.test(help));
}

describe('a help in the source of the compiler', () => {
  const texts = helpTexts();

  it('is found wherever it stands', () => {
    const found = texts.map(({ text }) => text);
    // An argument of `error`, a result of a function, an entry of a table, one of several, and one with a name in it.
    expect(found).toContain('rename one of them');
    expect(found).toContain('compare with null: `x !== null`');
    expect(found).toContain('model a timer as an action that may happen');
    expect(found).toContain('add `.min(…)` and `.max(…)`');
    expect(found).toContain('did you mean `…`?');
    expect(found).not.toContain('…');
  });

  it('is printed by a case, where `mended.test.ts` does what it says', () => {
    const missing = texts.filter(({ text }) => !isPrinted(text) && !Object.hasOwn(ELSEWHERE, text));
    expect(missing.map(({ text, place }) => `${place} ${text}`)).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))('is printed elsewhere when it is: %s', (text, file) => {
    expect(readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8')).toContain(text);
  });
});
