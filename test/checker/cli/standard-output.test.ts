import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fairleadProcess, folderWith } from './command.ts';

/*
 * Standard output is the report and nothing else, so that a program can read it: whatever a spec prints when it is
 * evaluated goes to standard error. A run of the same spec without a sound says what the report is.
 */

/** A spec that is the same whether or not the file that it imports prints something. */
const SPEC = `import { spec, when, z } from 'fairlead';
import { most } from './most.cjs';

export const m = spec('odd', {
  params: { n: z.int().min(1).max(3).default(3) },
  state: (p) => ({ x: z.int().min(0).max(p.n + most) }),
});
export const go = m.action((s, p) => { when(s.x < p.n); s.x = s.x + 1; });
export const low = m.invariant((s) => s.x < 3);
export const one = m.model({}, { violates: [low], deadlocks: true });
`;

const SILENT = 'exports.most = 0;';

/** Every way to standard output that a file has while it is evaluated, and some time after it. */
const LOUD = `
console.log('[log]');
console.info('[info]');
console.debug('[debug]');
console.dir('[dir]');
console.table([['[table]']]);
console.group('[group]');
console.log('within');
console.groupEnd();
process.stdout.write('[written]\\n');
process.stdout.write(new TextEncoder().encode('[bytes]\\n'));
require('node:process').stdout.write('[required]\\n');
new (require('node:console').Console)(process.stdout).log('[console]');
Promise.resolve().then(() => console.log('[promised]'));
`;

const SOUNDS = [...LOUD.matchAll(/\[[a-z]+\]/g)].map(([sound]) => sound);

/** Prints also whenever a state is asked for, which is when bodies are lowered and systems are made. */
const ANY_TIME =
  "Object.defineProperty(exports, 'most', { enumerable: true, get() { console.log('[asked]'); return 0; } });";

const COMMANDS = [
  'check odd.ts',
  'check odd.ts --format json',
  'check odd.ts --html page.html',
  'check odd.ts --trace trace.json',
  'simulate odd.ts --format json',
  'compile odd.ts',
  'compile odd.ts --emit text',
  'compile odd.ts --emit promela',
  'compile odd.ts --emit tla',
  'compile odd.ts --emit dot',
  'graph odd.ts --format svg',
  'graph odd.ts --format mermaid',
  'graph odd.ts --format dot --limit 2',
  'replay trace.itf.json odd.ts',
  'docs odd.ts -o docs',
  'explore odd.ts -o page.html',
];

const TRACE = { 'trace.itf.json': '{ "#meta": {}, "vars": ["x"], "states": [{ "x": 0 }, { "x": 1 }] }' };

async function run(command: string, most: string, environment: NodeJS.ProcessEnv = {}) {
  const cwd = folderWith({ 'odd.ts': SPEC, 'most.cjs': most, ...TRACE });
  return { cwd, ...(await inFolder(cwd, command, environment)) };
}

async function inFolder(cwd: string, command: string, environment: NodeJS.ProcessEnv = {}) {
  const { code, out, error } = await fairleadProcess(command.split(' '), { cwd, environment });
  return { code, error, out: withoutTimes(out, cwd) };
}

function withoutTimes(out: string, folder: string): string {
  return out
    .replaceAll(folder, '')
    .replaceAll(/ *[\d.]+ (ms|s)\b/g, ' time')
    .replaceAll(/"(\w*(?:[sS]econds|[tT]ime|[mM]emory|[bB]ytes)\w*)": ?[\d.e-]+/g, '"$1": 0');
}

function expectSounds(error: string): void {
  for (const sound of SOUNDS) expect(error).toContain(sound);
}

describe('what a spec prints is not in the report of', () => {
  it.each(COMMANDS)('%s', async (command) => {
    const silent = await run(command, SILENT);
    const loud = await run(command, SILENT + LOUD);
    expect(loud.out).toBe(silent.out);
    expect(loud.code).toBe(silent.code);
    expectSounds(loud.error);
    if (command.includes('json') && !command.includes('trace')) JSON.parse(loud.out);
  });
});

it('a spec prints while its models are made, and its report does not', async () => {
  const silent = await run('check odd.ts --format json', SILENT);
  const loud = await run('check odd.ts --format json', ANY_TIME);
  expect(loud.out).toBe(silent.out);
  expect(loud.error).toContain('[asked]');
});

it.each(['check odd.ts --format json', 'compile odd.ts'])(
  'a spec prints to standard error too where %s goes on in a thread',
  async (command) => {
    const slow = 'const end = Date.now() + 1500; while (Date.now() < end);';
    const silent = await run(command, SILENT);
    const loud = await run(command, SILENT + slow + LOUD);
    expect(loud.out).toBe(silent.out);
    expectSounds(loud.error);
  },
);

it('a spec that prints has the same report from a cache', async () => {
  const { cwd, ...silent } = await run('check odd.ts --format json', SILENT, { FAIRLEAD_CACHE: '' });
  const loud = folderWith({ 'odd.ts': SPEC, 'most.cjs': SILENT + LOUD });
  const environment = { FAIRLEAD_CACHE: join(cwd, 'cache') };
  for (const _ of ['made', 'recalled']) {
    expect((await inFolder(loud, 'check odd.ts --format json', environment)).out).toBe(silent.out);
  }
});

it('a trace that goes to a file has nothing else in it', async () => {
  const { cwd } = await run('check odd.ts --trace trace.json', SILENT + LOUD);
  expect(JSON.parse(readFileSync(join(cwd, 'trace.one.low.json'), 'utf8'))).toHaveProperty('states');
});
