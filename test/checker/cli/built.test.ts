import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fairlead, fairleadProcess, folderWith } from './command.ts';

const CASES = 'test/cases';

/** Mistakes about types of many kinds, so that TypeScript has much to say, some of it in several lines. */
const MISTAKEN = `import { all, ids, spec, when, z, type Missing } from 'fairlead';
import { nothing } from 'fairlead/sync';

interface Shape { readonly kind: 'a' | 'b'; readonly size: number; deep: { inner: readonly string[] } }
type Loop = Loop[number];
const Thread = ids('Thread', 2.5, 'more');
const shape: Shape = { kind: 'c', size: '1', deep: { inner: [1] }, extra: true };
const functions: ((x: number) => string)[] = [(x: string) => x, (x, y) => 1];
export const lock = spec('lock', { state: () => ({ owner: z.nullable(Thread), n: z.int().min('0') }) });
export const a = lock.action({ t: Thread, u: 1 }, (s, { t, v }) => { s.owner = 'x'; s.missing = 1; s.n = s.owner; return 1; });
export const b = lock.process('b', Thread, function* (s, me) { yield 1; yield* a; s.owner.x; });
export const c = lock.invariant((s) => all(Thread, (t) => s.owner));
export const d = lock.model({ threads: 1 }, { violates: [missing, a] });
function f<T extends string>(x: T, ...rest: T[]): asserts x is 'a' { const y: never = x; this.z = y; }
f(1, 2); f('a', 'b', 3); new f(); f.g; (shape as string).length; shape!.deep = undefined; Shape; let unset: number; unset += 1;
const dates = new Date(), timers = setTimeout(f), words = process.env, unknownName = windw;
for (const x of 1) x; for (const k in 2) k; switch (shape.kind) { case 'd': break; } if (shape.size === 'x') delete shape.size;
const spread = [...1, ...{}], { missing: gone, ...others } = shape, [one, two, three]: [number] = [1, 2];
`;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that the command from source and the built one say something of; without what depends on time. */
async function bothOn(files: Readonly<Record<string, string>>) {
  const folder = folderWith(files);
  folders.push(folder);
  const args = ['check', '.', '--max-states', '1000', '--no-cache'];
  const plain = ({ code, out, error }: { code: number | null; out: string; error: string }) => ({
    code,
    error,
    out: out.replace(/\d+(\.\d+)? (ms|s)\b|<1 ms/g, 'T').replace(/ {2,}/g, '  '),
  });
  return [plain(await fairleadProcess(args, { cwd: folder })), plain(await fairlead(args, { cwd: folder }))] as const;
}

describe('the built command, with its part of TypeScript', () => {
  it('says of every mistake what the whole of TypeScript says', async () => {
    const names = readdirSync(CASES).filter((name) => name.endsWith('.spec.txt'));
    const cases = names.map((name) => [name.replace('.spec.txt', '.ts'), readFileSync(join(CASES, name), 'utf8')]);
    const [built, source] = await bothOn(Object.fromEntries(cases) as Record<string, string>);
    expect(built).toEqual(source);
    expect(built.error.match(/^error\[/gm)!.length).toBeGreaterThan(names.length);
  });

  it('has all of its words for what is wrong with types', async () => {
    const [built, source] = await bothOn({ 'mistaken.ts': MISTAKEN });
    expect(built).toEqual(source);
    expect(built.error.match(/^error\[FL003\]/gm)!.length).toBeGreaterThan(40);
  });

  it('evaluates what takes more than erasing types', async () => {
    const [built, source] = await bothOn({
      'classy.ts': `import { spec, z } from 'fairlead';
class Limit { constructor(readonly most: number) {} }
enum Size { small = 2 }
const limit = new Limit(Size.small);
export const counter = spec('counter', { state: () => ({ n: z.int().min(0).max(limit.most) }) });
export const step = counter.action((s) => { s.n = s.n === 2 ? 0 : s.n + 1; });
export const low = counter.invariant((s) => s.n < 2);
`,
    });
    expect(built).toEqual(source);
    expect(built.out).toContain('violated');
  });
});
