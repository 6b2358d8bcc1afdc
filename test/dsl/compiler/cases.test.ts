import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isTypechecked, whatIsSaidOf } from './rendered.ts';

/*
 * Beside each `<code>-<name>.spec.txt` stands what is printed about it. To accept what is printed now:
 * `npx vitest run test/dsl/compiler/cases.test.ts -u`, and then read the difference.
 */
const FOLDER = fileURLToPath(new URL('../../cases/', import.meta.url));

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.spec.txt'))
  .map((name) => name.replace('.spec.txt', ''))
  .sort();

describe('what is said about', () => {
  it.each(names)('%s', async (name) => {
    const code = name.slice(0, name.indexOf('-'));
    const said = whatIsSaidOf(readFileSync(`${FOLDER}${name}.spec.txt`, 'utf8'), isTypechecked(name));
    expect(said.codes).toContain(code);
    await expect(`${said.text}\n`).toMatchFileSnapshot(`${FOLDER}${name}.txt`);
  });
});
