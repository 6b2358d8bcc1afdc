import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { whatIsSaidOf } from './rendered.ts';

/*
 * Every code has a page; the example on it gets exactly the diagnostic that the page shows, and what the page calls
 * mended gets none. To put what is said now on the pages: `PAGES=write npx vitest run test/dsl/compiler/pages.test.ts`.
 */
const PAGES = fileURLToPath(new URL('../../../docs/diagnostics/', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../../dsl/diagnostics/catalog.ts', import.meta.url));
const CASES = fileURLToPath(new URL('../../cases/', import.meta.url));

/** Of what is no single file's fault there is neither an example nor a case. */
const WITHOUT_CASE = ['FL001', 'FL011', 'FL015'];
/** Nor is there an example that would fill a page by itself. */
const WITHOUT_EXAMPLE = [...WITHOUT_CASE, 'FL007'];

const codes = [...new Set(readFileSync(CATALOG, 'utf8').match(/FL\d{3}/g))].sort();

describe('the pages about diagnostics', () => {
  it('are there for every code, and for no other', () => {
    const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`));
    expect([...new Set(readFileSync(`${PAGES}README.md`, 'utf8').match(/FL\d{3}(?=\.md)/g))].sort()).toEqual(codes);
  });

  it('come with a case for every code', () => {
    const cases = new Set(readdirSync(CASES).map((name) => name.slice(0, 5)));
    expect(codes.filter((code) => !cases.has(code))).toEqual(WITHOUT_CASE);
  });

  it.each(codes.filter((code) => !WITHOUT_EXAMPLE.includes(code)))(
    '%s show what is said, and how to mend it',
    (code) => {
      const path = `${PAGES}${code}.md`;
      const page = readFileSync(path, 'utf8');
      const [, example = '', shown = ''] = /```ts example\n(.*?)```\n\n```text\n(.*?)```/s.exec(page) ?? [];
      const said = whatIsSaidOf(example, true);
      if (process.env['PAGES'] === 'write') {
        writeFileSync(
          path,
          page.replace(/```text\n.*?```/s, () => `\`\`\`text\n${said.text}\n\`\`\``),
        );
      } else expect(`${said.text}\n`).toBe(shown);
      expect(said.codes).toContain(code);
      const [, mended] = /```ts mended\n(.*?)```/s.exec(page) ?? [];
      // The examples are small: that nobody reads a variable is no news.
      const rest = mended === undefined ? [] : whatIsSaidOf(mended, true).codes;
      expect(rest.filter((one) => one !== 'FL092' || code === 'FL092')).toEqual([]);
    },
  );
});
