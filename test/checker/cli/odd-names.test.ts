import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatValue, setOf } from '../../../dsl/ir/index.ts';
import { fairlead, folderWith } from './command.ts';

/*
 * Names and values that a terminal, a page or another program would obey, that hide what stands beside them, or that
 * every object of JavaScript has: all of them are text, and come back as they were.
 */

/** A spec that is violated after two steps, with a trace in which all of these are. */
const ODD = String.raw`import { ids, spec, when, z } from 'fairlead';
const OWN = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'null', '0'] as const;
const E = z.enum(['</script><script>window.PWNED=1</script>', '\u001b[31mRED\u001b[0m\u0007', '\u202Egnp.exe\u2066', 'line1\nline2']);
const O = z.enum(OWN);
const R = ids('R', 2, { prefix: '<img src=x onerror=alert(1)>\u001b[2J' });
/** A comment with ${'\u001b[31m'} and ${'\u202e'} and <script>alert(1)</script>. */
export const m = spec('odd \u001b[2J</script>', {
  state: () => ({
    ['__proto__']: z.boolean(), constructor: z.int().min(0).max(2), toString: z.boolean(), hasOwnProperty: z.boolean(),
    ['']: z.boolean(), ['\u001b[31m']: z.boolean(), e: E, own: O, rec: z.record(O, z.boolean()), by: z.record(E, z.boolean()),
    o: z.object({ ['__proto__']: z.int().min(0).max(1), constructor: z.boolean() }), st: z.set(O),
  }),
});
export const go = m.action({ e: E }, (s, { e }) => {
  when(s.constructor < 2 && e !== s.e);
  s.constructor += 1; s.toString = true; s['__proto__'] = true; s.hasOwnProperty = true; s[''] = !s[''];
  s['\u001b[31m'] = true; s.e = e; s.by[e] = true;
});
export const w = m.process({ r: R }, function* (s, { r }) {
  yield '__proto__';
  s.own = 'toString'; s.rec['__proto__'] = true; s.o['__proto__'] = 1; s.st.add('__proto__');
  yield '\u001b[1m\u202e';
  s.o.constructor = true;
});
export const inv = m.invariant((s) => !(s.constructor === 2 && s.o.constructor && s.rec['__proto__']));
`;

/** What is obeyed rather than shown: no output has any of it, whatever it is for. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('odd names and values', () => {
  const folder = folderWith({ 'odd.ts': ODD });
  const run = (...args: string[]) => fairlead(args, { cwd: folder });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  beforeAll(async () => {
    expect((await run('check', 'odd.ts', '--trace', 'trace.itf.json', '--html', 'results.html')).code).toBe(1);
  });

  it.each<[what: string, args: string[], code: number]>([
    ['text', ['check', 'odd.ts', '--verbose', '--coverage'], 1],
    ['JSON', ['check', 'odd.ts', '--format', 'json'], 1],
    ['the IR', ['compile', 'odd.ts', '--emit', 'ir'], 0],
    ['the IR as text', ['compile', 'odd.ts', '--emit', 'text'], 0],
    ['TLA+', ['compile', 'odd.ts', '--emit', 'tla'], 0],
    ['Promela', ['compile', 'odd.ts', '--emit', 'promela'], 0],
    ['DOT', ['graph', 'odd.ts', '--format', 'dot', '--limit', '5000'], 0],
    ['Mermaid', ['graph', 'odd.ts', '--process', 'w', '--format', 'mermaid'], 0],
    ['a drawing', ['graph', 'odd.ts', '--process', 'w', '--format', 'svg'], 0],
  ])('are seen in %s', async (_, args, code) => {
    const ended = await run(...args);
    expect(ended.out).not.toMatch(OBEYED);
    expect(ended.error).not.toMatch(OBEYED);
    expect(ended.error).not.toContain('    at ');
    expect(ended.code).toBe(code);
  });

  it('are seen in pages', async () => {
    expect((await run('docs', 'odd.ts', '-o', 'pages', '--quiet')).error).toContain('is not as it expects');
    expect((await run('explore', 'odd.ts', '-o', 'explore.html')).code).toBe(0);
    const pages = [
      ...readdirSync(join(folder, 'pages')).map((name) => `pages/${name}`),
      'explore.html',
      'results.html',
    ];
    expect(pages.length).toBeGreaterThanOrEqual(6);
    for (const page of pages) {
      const [ours = ''] = read(page).split('<script>');
      expect(ours).not.toMatch(OBEYED);
      if (page.endsWith('.html')) expect(ours).not.toMatch(/<script>window|<img src=x/);
    }
  });

  it('come back from a trace, a report and the IR', async () => {
    const report = await run('check', 'odd.ts', '--format', 'json');
    writeFileSync(join(folder, 'report.json'), report.out);
    await run('compile', 'odd.ts', '--emit', 'ir', '-o', 'odd.ir.json');
    for (const trace of ['trace.itf.json', 'report.json']) {
      for (const spec of ['odd.ts', 'odd.ir.json']) {
        const { code, error } = await run('replay', trace, spec);
        expect(error).not.toContain('error');
        expect(code).toBe(0);
      }
    }
    const counts = (text: string) => /[\d,]+ states +[\d,]+ transitions/.exec(text)?.[0];
    const [source, ir] = [await run('check', 'odd.ts'), await run('check', 'odd.ir.json')];
    expect(counts(source.out)).toMatch(/\d/);
    expect(counts(ir.out)).toBe(counts(source.out));
  });
});

describe('a value', () => {
  it.each([
    ['idle', 'idle'],
    ['waiting for it', 'waiting for it'],
    ['__proto__', '__proto__'],
    ['', '""'],
    [' ', '" "'],
    ['1', '1'],
    ['a, b', '"a, b"'],
    ['{a}', '"{a}"'],
    ['\u001b[31m', String.raw`"\u001b[31m"`],
    ['\u202e', String.raw`"\u202e"`],
    ['x\ny', String.raw`"x\ny"`],
    [{ 'a: b': null, '': null, n: 1 }, '{ "a: b": null, "": null, n: 1 }'],
    [setOf(['b', 'a, c']), '{"a, c", b}'],
  ])('%j is written so that it is like no other', (value, text) => expect(formatValue(value)).toBe(text));
});
