import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compile, type Overlay } from '../../../dsl/compiler/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'fairlead-overlay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COUNTER = (most = 'most', more = '') => `
  import { spec, when, z } from 'fairlead';
  import { most } from './most.ts';
  ${more}
  const m = spec('counter', { state: () => ({ n: z.int().min(0).max(9) }) });
  export const up = m.action((s) => { when(s.n < ${most}); s.n += 1; });
`;

/** Writes files into the folder, each test into one of its own. */
function saved(room: string, files: Readonly<Record<string, string>>): (name: string) => string {
  const place = (name: string): string => join(folder, room, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(place(name)), { recursive: true });
    writeFileSync(place(name), text);
  }
  return place;
}

/** The number of states of a spec, or what is said of it. */
function outcome(path: string, overlay?: Overlay): number | string {
  const { specs, diagnostics } = compile(path, overlay && { overlay });
  const made = specs[0]?.instantiate(undefined);
  if (made?.system !== undefined) return check(made.system).statistics.distinct;
  return [...diagnostics, ...(made?.diagnostics ?? [])].map(({ message }) => message).join('\n');
}

describe('text that is not saved', () => {
  it('is compiled in place of the spec and of what it imports', () => {
    const at = saved('unsaved', { 'spec.ts': COUNTER(), 'most.ts': 'export const most = 2;' });
    expect(outcome(at('spec.ts'))).toBe(3);
    expect(outcome(at('spec.ts'), new Map([[at('spec.ts'), COUNTER('most + 1')]]))).toBe(4);
    expect(outcome(at('spec.ts'), new Map([[at('most.ts'), 'export const most = 6;']]))).toBe(7);
    expect(outcome(at('spec.ts'))).toBe(3);
  });

  it('may be all that there is of a file, and of its folder', () => {
    const at = saved('nothing', {});
    const files = new Map([
      [at('spec.ts'), COUNTER().replace('./most.ts', './parts')],
      [at('parts/index.ts'), 'export const most = 4;'],
    ]);
    expect(outcome(at('spec.ts'), files)).toBe(5);
  });

  it('may be that a file is gone', () => {
    const at = saved('gone', { 'spec.ts': COUNTER(), 'most.ts': 'export const most = 2;' });
    expect(outcome(at('spec.ts'), new Map([[at('most.ts'), null]]))).toMatch('most.ts');
    expect(outcome(at('spec.ts'), new Map([[at('spec.ts'), null]]))).toMatch('spec.ts');
  });

  it('is what an answer is said to depend on', () => {
    const at = saved('inputs', { 'spec.ts': COUNTER(), 'most.ts': 'export const most = 2;' });
    const { inputs, files } = compile(at('spec.ts'), { overlay: new Map([[at('most.ts'), 'export const most = 1;']]) });
    expect(inputs.read).toContainEqual({ path: at('most.ts'), text: 'export const most = 1;' });
    expect(files.map(({ text }) => text)).toContain('export const most = 1;');
  });

  it('counts for tsconfig.json too', () => {
    const at = saved('paths', { 'spec.ts': COUNTER().replace('./most.ts', '@/most'), 'a/most.ts': 'export const most = 1;', 'b/most.ts': 'export const most = 5;' }); // prettier-ignore
    const paths = (to: string): string => JSON.stringify({ compilerOptions: { paths: { '@/*': [`./${to}/*`] } } });
    expect(outcome(at('spec.ts'), new Map([[at('tsconfig.json'), paths('a')]]))).toBe(2);
    expect(outcome(at('spec.ts'), new Map([[at('tsconfig.json'), paths('b')]]))).toBe(6);
  });
});

describe('versions of a file in one process', () => {
  it.each([
    ['a module', './most.ts', 'export const most = 2;', 'export const most = "two";'],
    ['data', './most.json', '{ "most": 2 }', '{ "most": "two" }'],
    ['CommonJS', './most.cjs', 'module.exports.most = 2;', 'module.exports.most = "two";'],
  ])('each have their own values and types: %s', (_, name, first, second) => {
    const at = saved('versions', { 'spec.ts': COUNTER().replace('./most.ts', name) });
    const path = at(name);
    for (const round of [1, 2]) {
      expect([round, outcome(at('spec.ts'), new Map([[path, first]]))]).toEqual([1 * round, 3]);
      expect(outcome(at('spec.ts'), new Map([[path, second]]))).not.toBe(3);
    }
  });

  it('each have their own types where only types are imported', () => {
    const spec = COUNTER('limit', "import type { Limit } from './limit.ts';\nconst limit: Limit = 3;");
    const at = saved('types', { 'spec.ts': spec, 'most.ts': 'export const most = 2;', 'limit.ts': 'export type Limit = 3;' }); // prettier-ignore
    expect(outcome(at('spec.ts'))).toBe(4);
    const changed = new Map([[at('limit.ts'), 'export type Limit = 4;']]);
    expect(outcome(at('spec.ts'), changed)).toMatch("type '3' is not assignable to type '4'");
    expect(outcome(at('spec.ts'))).toBe(4);
    expect(compile(at('spec.ts'), { overlay: changed }).inputs.read).toContainEqual({ path: at('limit.ts'), text: 'export type Limit = 4;' }); // prettier-ignore
  });
});

describe('a process that compiles again and again', () => {
  it('has no more names on its global object than before, and shows a spec none of another', () => {
    const leaving = `const all: any = globalThis; all.left = (all.left ?? 1) + 1; const seen: number = all.left;`;
    const at = saved('globals', { 'spec.ts': COUNTER('seen', leaving), 'most.ts': 'export const most = 2;' });
    const before = Reflect.ownKeys(globalThis);
    expect([outcome(at('spec.ts')), outcome(at('spec.ts'))]).toEqual([3, 3]);
    expect(Reflect.ownKeys(globalThis)).toEqual(before);
  });

  it('keeps what a spec has put there for that spec', () => {
    const leaving = `const all: any = globalThis; all.most = 4;`;
    const text = COUNTER('p.limit', leaving).replace(
      'state:',
      'params: { limit: z.int().default(() => all.most) }, state:',
    );
    const at = saved('kept', { 'spec.ts': text.replace('(s)', '(s, p)'), 'most.ts': 'export const most = 2;' });
    expect(outcome(at('spec.ts'))).toBe(5);
  });

  it('does not grow', { timeout: 300_000 }, () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const path = resolve('specs/classic/peterson.ts');
    const { text } = compile(path, { typecheck: false }).files[0]!;
    const compileOften = (times: number): void => {
      for (let round = 0; round < times; round += 1) {
        const overlay = new Map([[path, `${text}\n// ${Math.imul(round + 1, 2654435761)}\n`]]);
        const { specs } = compile(path, { overlay });
        expect(specs[0]!.instantiate(undefined).system).toBeDefined();
      }
      collect();
    };
    compileOften(30); // until caches are full and code is optimized
    const before = process.memoryUsage().heapUsed;
    compileOften(150);
    const grown = process.memoryUsage().heapUsed - before;
    expect(grown).toBeLessThan(3 * 2 ** 20);
  });
});
