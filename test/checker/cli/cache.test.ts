import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCommand, fairleadProcess, folderWith } from './command.ts';

const COUNTER = (limit: string) => `import { spec, when, z } from 'fairlead';
import { limit } from './limit';

export const counter = spec('counter', {
  params: { size: z.int().min(1).max(9).default(3) },
  state: () => ({ count: z.int().min(0).max(9) }),
});

export const step = counter.action((s, p) => {
  when(s.count < limit(p.size));
  s.count += 1;
});

export const done = counter.terminal((s) => s.count === ${limit});
export const small = counter.invariant((s) => s.count <= 3);
`;

const LIMIT = (value: string) => `export function limit(size: number): number {
  return ${value};
}
`;

const workshops: string[] = [];
afterAll(() => workshops.forEach((path) => rmSync(path, { recursive: true, force: true })));

/** A folder with a spec and a cache of its own, and what the command says of the spec: the same build each time. */
function workshop(files: Readonly<Record<string, string>> = {}) {
  const folder = folderWith({ 'counter.ts': COUNTER('limit(3)'), 'limit.ts': LIMIT('size'), ...files });
  const cache = mkdtempSync(join(tmpdir(), 'fairlead-cache-'));
  workshops.push(folder, cache);
  const check = async (args: readonly string[] = [], command?: string) => {
    const options = { cwd: folder, environment: { FAIRLEAD_CACHE: cache }, ...(command && { command }) };
    const { code, out, error } = await fairleadProcess(['check', 'counter.ts', ...args], options);
    return { code, out: out.replace(/\d+(\.\d+)? (ms|s)\b|<1 ms/g, 'T').replace(/ {2,}/g, '  '), error };
  };
  const kept = (kind: 'specs' | 'code' | 'kernels'): string[] => {
    const path = join(cache, kind);
    return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
  };
  return { folder, cache, check, kept, write: (path: string, text: string) => writeFileSync(join(folder, path), text) };
}

/** The same build with a TypeScript that only throws: whatever it checks, it checks without compiling. */
function withoutTypeScript(): string {
  const built = dirname(builtCommand());
  const copy = join(dirname(built), `without-typescript-${process.pid}`);
  workshops.push(copy);
  cpSync(built, copy, { recursive: true });
  writeFileSync(join(copy, 'command', 'typescript.cjs'), "throw new Error('TypeScript was loaded');");
  return join(copy, 'cli.cjs');
}

describe('the cache of the command', () => {
  it('answers for a spec that has not changed without loading TypeScript, and says the same', async () => {
    const { check, kept } = workshop();
    const command = withoutTypeScript();
    expect((await check([], command)).error).toContain('TypeScript was loaded');
    const first = await check();
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(kept('specs')).toHaveLength(1);
    expect(await check([], command)).toEqual(first);
  });

  it('keeps the code that was generated for a model, and generates other code for another question', async () => {
    const { check, kept, write } = workshop();
    const first = await check();
    const [path, ...others] = kept('kernels');
    expect(others).toEqual([]);
    const written = readFileSync(path!);
    expect(await check()).toEqual(first);
    // Generated again, it would be another file of the same name.
    writeFileSync(path!, written.subarray(0, -1));
    expect(await check()).toEqual(first);
    expect(readFileSync(path!)).toEqual(written);
    await check(['--property', 'small']);
    await check(['--set', 'size=2']);
    expect(kept('kernels')).toHaveLength(3);
    // A comment behind it all is nothing to the code; another condition is.
    write('counter.ts', `${COUNTER('limit(3)')}// The end.\n`);
    expect(await check()).toEqual(first);
    expect(kept('kernels')).toHaveLength(3);
    write('counter.ts', COUNTER('2'));
    expect((await check()).code).toBe(1);
    expect(kept('kernels')).toHaveLength(4);
  });

  it('gives the new verdict when an imported helper has changed', async () => {
    const { check, write } = workshop();
    expect((await check()).code).toBe(0);
    write('limit.ts', LIMIT('size + 1'));
    const changed = await check();
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/violated +small/);
    write('limit.ts', LIMIT('size'));
    expect((await check()).code).toBe(0);
  });

  it('gives the new verdicts when only models have changed, of a spec in another file', async () => {
    const models = (expected: string, more = '') =>
      `import { counter, small } from './counter.ts';\nexport const usual = counter.model({ size: 3 });\n${more}export const large = counter.model({ size: 6 }, ${expected});\n`;
    const right = '{ violates: [small], deadlocks: true }';
    const { check, write } = workshop({ 'models.ts': models(right) });
    const both = async () => [await check(['models.ts']), await check(['models.ts', '--no-cache'])] as const;
    expect((await both())[0].code).toBe(0);
    for (const text of [models('{}'), models(right, '// lines move\n'), models('{ violates: [small], distinct: 7 }')]) {
      write('models.ts', text);
      const [cached, anew] = await both();
      expect(cached).toEqual(anew);
      expect(cached.code).toBe(text.includes(right) ? 0 : 1);
    }
  });

  it('gives the new verdict when a file appears that an import finds first', async () => {
    const { check, write, folder } = workshop({ 'limit/index.ts': LIMIT('size') });
    rmSync(join(folder, 'limit.ts'));
    expect((await check()).code).toBe(0);
    write('limit.ts', LIMIT('size + 1'));
    expect((await check()).code).toBe(1);
  });

  it('keeps an answer for each setting, and for models that were asked for', async () => {
    const { check } = workshop();
    const command = withoutTypeScript();
    const three = await check(['--set', 'size=3']);
    const one = await check(['--set', 'size=1']);
    expect(one.out).not.toBe(three.out);
    expect(await check(['--set', 'size=3'], command)).toEqual(three);
    expect(await check(['--set', 'size=1'], command)).toEqual(one);
    expect((await check(['--set', 'size=2'], command)).error).toContain('TypeScript was loaded');
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'changed in the middle',
      (bytes: Buffer) => {
        bytes[bytes.length >> 1]! ^= 0xff;
        return bytes;
      },
    ],
  ])('is as good as none when its files are %s', async (_, damage) => {
    const { check, kept } = workshop();
    const first = await check();
    for (const path of [...kept('specs'), ...kept('code')]) writeFileSync(path, damage(readFileSync(path)));
    expect(await check()).toEqual(first);
    expect(await check([], withoutTypeScript())).toEqual(first);
  });

  it('does without where nothing can be written', async () => {
    const { folder } = workshop();
    const environment = { FAIRLEAD_CACHE: '/dev/null/nowhere' };
    expect(await fairleadProcess(['check', 'counter.ts', '-q'], { cwd: folder, environment })).toMatchObject({
      code: 0,
      error: '',
    });
  });

  it('is neither read nor written with --no-cache', async () => {
    const { check, kept } = workshop();
    const first = await check(['--no-cache']);
    expect(first.code).toBe(0);
    expect([...kept('specs'), ...kept('code')]).toEqual([]);
    await check();
    expect((await check(['--no-cache'], withoutTypeScript())).error).toContain('TypeScript was loaded');
  });

  it('keeps nothing of a spec that looks at the clock, and nothing of one that is rejected', async () => {
    const { check, kept, write } = workshop({
      'limit.ts': `${LIMIT('size')}export const seconds = Date.now() / 1000;\n`,
    });
    expect((await check()).code).toBe(0);
    write('limit.ts', LIMIT("'three'"));
    expect((await check()).code).toBe(2);
    expect((await check()).error).toContain('error[FL003]');
    expect(kept('specs')).toEqual([]);
  });

  it('can be used by several runs at once', async () => {
    const { check, kept } = workshop();
    const all = await Promise.all([check(), check(), check()]);
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    expect(kept('specs')).toHaveLength(1);
    expect(kept('code').filter((path) => path.endsWith('.tmp'))).toEqual([]);
    expect(await check([], withoutTypeScript())).toEqual(all[0]);
  });
});
