import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interruptOn } from '../../../checker/cli/interrupt.ts';
import { runCommand } from '../../../checker/cli/main-thread.ts';
import { builtCommand, fairlead, fairleadProcess, folderWith, LOCK } from './command.ts';

/** A million states: six counters to nine. */
const COUNTERS = `import { ids, spec, when, z } from 'fairlead';

const Counter = ids('Counter', 6);
export const counters = spec('counters', {
  state: () => ({ count: z.record(Counter, z.int().min(0).max(9)) }),
});
export const increase = counters.action({ c: Counter }, (s, { c }) => {
  when(s.count[c] < 9);
  s.count[c] += 1;
});
export const full = counters.model({}, { deadlocks: true });
`;

/** Checks one file of this text. */
function checkText(text: string, ...args: string[]) {
  return fairlead(['check', 'odd.ts', ...args], { cwd: folderWith({ 'odd.ts': text }) });
}

const HEAD = "import { ids, spec, when, z } from 'fairlead';\n";

describe('a spec', () => {
  it.each<[what: string, text: string, message: string]>([
    ['that is empty', '', 'no spec'],
    ['that is something else', 'export const x = 1;\n', 'no spec'],
    ['with a syntax error', `${HEAD}export const a = spec('a', { state: () => ({ x: z.boolean() ) });\n`, 'odd.ts:2:'],
    ['with a type error', LOCK.replace('s.owner = t;', "s.owner = 'nobody';"), 'odd.ts:19:'],
    [
      'with an unbounded integer',
      `${HEAD}export const a = spec('a', { state: () => ({ x: z.int() }) });\n`,
      'odd.ts:2:',
    ],
    ['with a name that is not there', LOCK.replace('s.waiting.add(t)', 's.wating.add(t)'), 'odd.ts:13:'],
    [
      'with an import that is not there',
      `${HEAD}import { x } from './gone.ts';\nexport const a = spec('a', { state: () => ({ x: z.literal(x) }) });\n`,
      'odd.ts:2:',
    ],
    ['that throws while it is loaded', `${HEAD}throw new Error('not today');\n`, 'not today'],
  ])('%s is rejected', async (_, text, message) => {
    const { code, out, error } = await checkText(text);
    expect(error).toContain(message);
    expect(error).not.toContain('    at ');
    expect(out).not.toContain('✓');
    expect(code).toBe(2);
  });

  it('with two actions of one name is rejected', async () => {
    const { code, error } = await checkText(
      `${LOCK}export const again = { ask: lock.action((s) => { s.owner = null; }) };\nexport const ask = lock.action((s) => { s.owner = null; });\n`,
    );
    expect(error).toContain('ask');
    expect(code).toBe(2);
  });

  it('with a variable that is never assigned is checked, with a warning', async () => {
    const { code, out } = await checkText(
      `${HEAD}export const a = spec('a', { state: () => ({ x: z.boolean(), y: z.boolean() }) });
export const flip = a.action((s) => { s.x = !s.x; });
export const still = a.invariant((s) => !s.y);
`,
    );
    expect(out).toContain('still');
    expect(out).toMatch(/warning +.*`y`/);
    expect(code).toBe(0);
  });

  it('with a property that fails to evaluate is violated, with the line', async () => {
    const { code, out } = await checkText(
      `${HEAD}export const a = spec('a', { state: () => ({ x: z.int().min(0).max(3), list: z.array(z.boolean()).length(2) }) });
export const up = a.action((s) => { s.x = s.x < 3 ? s.x + 1 : 0; });
export const odd = a.invariant((s) => !s.list[s.x]);
`,
    );
    expect(out).toContain('index 2 is outside an array of 2');
    expect(out).toContain('--> odd.ts:4:');
    expect(code).toBe(1);
  });

  it('with a property that throws is rejected', async () => {
    const { code, error } = await checkText(
      LOCK.replace(
        '(s) => all(Thread, (t) => !(s.owner',
        "(s) => { throw new Error('no'); return all(Thread, (t) => !(s.owner",
      ).replace('s.waiting.has(t))));', 's.waiting.has(t))); });'),
    );
    expect(error).toContain('odd.ts:28:');
    expect(code).toBe(2);
  });

  it('with an action over a domain of 10^9 values is rejected, and soon', async () => {
    const { code, out, error } = await checkText(
      `${HEAD}export const a = spec('a', { state: () => ({ x: z.int().min(1).max(1_000_000_000) }) });
export const jump = a.action({ to: z.int().min(1).max(1_000_000_000) }, (s, { to }) => { s.x = to; });
`,
    );
    expect(out + error).toMatch(/odd\.ts:3:/);
    expect(code).toBe(2);
  });

  it('with a variable of 10^9 values is checked: only what is reachable counts', async () => {
    const { code, out } = await checkText(
      `${HEAD}export const a = spec('a', { state: () => ({ x: z.int().min(1).max(1_000_000_000) }) });
export const double = a.action((s) => { when(s.x < 500_000_000); s.x *= 2; });
export const end = a.terminal((s) => s.x >= 500_000_000);
`,
    );
    expect(out).toContain('30 states');
    expect(code).toBe(0);
  });
});

/** Counters are interchangeable: of their orbits there are few. */
const ALL_STATES = ['--reduction', 'none'];

describe('a large space', () => {
  it('stops at --max-states', async () => {
    const { code, out } = await checkText(COUNTERS, '--max-states', '1000');
    expect(out).toContain('nothing found; stopped at 1,000 states');
    expect(code).toBe(3);
  });

  it('stops after --time', async () => {
    const { code, out } = await checkText(
      COUNTERS.replace("'Counter', 6", "'Counter', 9"),
      ...['--time', '0.5'],
      ...ALL_STATES,
    );
    expect(out).toContain('nothing found; stopped after 0.5 s');
    expect(code).toBe(3);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('reports what is known after %s', async (signal) => {
    const folder = folderWith({ 'odd.ts': COUNTERS.replace("'Counter', 6", "'Counter', 9") });
    const signalled = async (delay: number): Promise<{ out: string; code: unknown }> => {
      const child = spawn(process.execPath, [builtCommand(), 'check', 'odd.ts', ...ALL_STATES], { cwd: folder });
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      const timer = setTimeout(() => child.kill(signal), delay);
      const code = await new Promise((resolve) => child.on('close', resolve));
      clearTimeout(timer);
      return { out, code };
    };
    // On a busy machine the signal may come before the search has begun: then once more, later.
    let ended = await signalled(2000);
    for (const delay of [6000, 20_000]) if (!ended.out.includes('interrupted')) ended = await signalled(delay);
    expect(ended.out).toContain('nothing found; interrupted');
    expect(ended.out).toMatch(/\? full +[\d,]+ states/);
    expect(ended.code).toBe(3);
  });
});

describe('a limit of memory', () => {
  const HUNDRED_MILLION = COUNTERS.replace("ids('Counter', 6)", "ids('Counter', 8)");

  it('is what the whole process uses at most', async () => {
    const cwd = folderWith({ 'odd.ts': HUNDRED_MILLION });
    const usage = join(cwd, 'usage.json');
    const environment = {
      NODE_OPTIONS: `--require "${resolve('test/bench/usage.cjs')}"`,
      FAIRLEAD_BENCH_USAGE: usage,
    };
    const { code, out } = await fairleadProcess(['check', 'odd.ts', '--memory', '220m', ...ALL_STATES], {
      cwd,
      environment,
    });
    expect(out).toContain('stopped at 220 MiB of memory');
    expect(code).toBe(3);
    const { rss } = JSON.parse(readFileSync(usage, 'utf8')) as { rss: number };
    expect(rss / 2 ** 20).toBeGreaterThan(190);
    expect(rss / 2 ** 20).toBeLessThan(225);
  });

  it('that is too small to begin with is told, with what is needed', async () => {
    const { code, out } = await checkText(HUNDRED_MILLION, '--memory', '20m');
    expect(out).toMatch(/not begun: it takes at least [\d.]+ [MG]iB of memory, more than 20 MiB/);
    expect(code).toBe(3);
  });

  it('holds for the interpreter too', async () => {
    const { code, out } = await checkText(HUNDRED_MILLION, '--memory', '20m', '--engine', 'interpreted');
    expect(out).toContain('stopped at 20 MiB of memory');
    expect(code).toBe(3);
  });
});

describe('output', () => {
  it('into a closed pipe ends quietly', async () => {
    const folder = folderWith({ 'odd.ts': LOCK });
    const child = spawn(process.execPath, [builtCommand(), 'check', 'odd.ts'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let error = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(error).toBe('');
    expect(code).toBe(3);
  });
});

describe('a place', () => {
  it('that may not be written to is no hindrance', async () => {
    const folder = folderWith({ 'specs/lock.ts': LOCK });
    chmodSync(join(folder, 'specs'), 0o555);
    chmodSync(folder, 0o555);
    const { code } = await fairleadProcess(['check'], { cwd: folder, environment: { HOME: join(folder, 'nowhere') } });
    chmodSync(folder, 0o755);
    expect(code).toBe(0);
  });

  it('with spaces and letters of all kinds in its path is as good as any', async () => {
    const folder = folderWith({ 'my specs/Schloß 鍵/lock it.ts': LOCK });
    const { code, out } = await fairlead(['check', 'my specs'], { cwd: folder });
    expect(out).toContain('my specs/Schloß 鍵/lock it.ts');
    expect(code).toBe(0);
  });

  it('without specs is told', async () => {
    const folder = folderWith({ 'docs/a.md': '' });
    expect(await fairlead(['check'], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      error:
        'error: there is no folder specs/ here\nName the files or folders to check: fairlead check path/to/spec.ts\nOr begin with a first spec: fairlead init\n',
    });
    expect(await fairlead(['check', 'docs'], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      error: 'error: there is no spec in docs\n',
    });
    expect(await fairlead(['check', 'dosc'], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      error: 'error: there is no file or folder dosc (did you mean docs?)\n',
    });
  });
});

describe('a name', () => {
  const folder = folderWith({ 'lock.ts': LOCK });
  it.each([
    [['--model', 'too'], 'there is no model too (did you mean two?)\nThere are the models alone, two.'],
    [
      ['--property', 'serve'],
      'there is no property serve (did you mean served?)\nThere are the properties deadlock, evaluation, apart, crowded, served.',
    ],
    [['--set', 'thread=3'], 'there is no parameter thread (did you mean threads?)\nThere are the parameters threads.'],
    [['--set', 'threads'], '--set threads gives no value\nWrite a parameter and its value: --set rings=3'],
  ])('%s that is not there is told with what is', async (args, message) => {
    expect(await fairlead(['check', 'lock.ts', ...args], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      error: `error: ${message}\n`,
    });
  });

  it.each(['threads=9', 'threads=many', 'threads='])('--set %s is refused by the schema', async (setting) => {
    const { code, out, error } = await fairlead(['check', 'lock.ts', '--set', setting], { cwd: folder });
    expect(error).toContain('threads');
    expect(error).not.toContain('    at ');
    expect(out).not.toContain('✓ two');
    expect(code).toBe(2);
  });
});

it('a damaged system is refused with the place of the damage', async () => {
  const folder = folderWith({
    'a.ir.json': '{"format":"fairlead-ir","version":1,"domains":[{"kind":"bool"}],"system":{}}',
  });
  const { code, error } = await fairlead(['check', 'a.ir.json'], { cwd: folder });
  expect(error).toMatch(/^error: a\.ir\.json is damaged, or no system that Fairlead wrote\nat domains\[0\]\.kind: /);
  expect(code).toBe(2);
  writeFileSync(join(folder, 'a.ir.json'), '{');
  expect((await fairlead(['check', 'a.ir.json'], { cwd: folder })).error).toContain('this is not JSON');
});

it('a bug of ours is admitted, with what a report of it needs', async () => {
  const errors: string[] = [];
  const code = await runCommand(['check', '--help'], {
    entry: new URL('file:///nowhere'),
    terminal: { color: { out: false, error: false }, width: 100, live: false, links: false },
    interrupt: interruptOn(new SharedArrayBuffer(4)),
    evaluation: {},
    progress: () => {},
    out: () => {
      throw new Error('the printer is on fire');
    },
    error: (text) => errors.push(text),
  });
  expect(errors.join('')).toMatch(
    /^\nThis is a bug in Fairlead, not in your spec\. Please report it.*\nfairlead \d+\.\d+\.\d+, node v.*\nError: the printer is on fire\n {4}at /s,
  );
  expect(code).toBe(70);
});
