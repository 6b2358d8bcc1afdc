import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { interruptOn } from '../../../checker/cli/interrupt.ts';
import { keyboardOf } from '../../../checker/cli/keyboard.ts';
import type { KeyInput } from '../../../checker/cli/keyboard.ts';
import { runCommand } from '../../../checker/cli/main-thread.ts';
import { builtCommand, fairlead, folderWith, LOCK } from './command.ts';

const PING = `import { spec, when, z } from 'fairlead';
export const game = spec('game', { state: () => ({ ball: z.enum(['here', 'there']) }) });
export const ping = game.action((s) => { when(s.ball === 'here'); s.ball = 'there'; });
export const stuck = game.model({}, { deadlocks: true });
`;

const SLOW = `import { spec, z } from 'fairlead';
export const counters = spec('counters', { state: () => ({ a: z.int().min(0).max(9999), b: z.int().min(0).max(9999) }) });
export const first = counters.action((s) => { s.a = (s.a + 1) % 10000; });
export const second = counters.action((s) => { s.b = (s.b + 1) % 10000; });
export const large = counters.model();
`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const patiently = { timeout: 30_000, interval: 20 };
const CLEARED = '<cleared>';

/** A watch from source in this process, with a keyboard of ours. */
function watching(folder: string, ...args: string[]) {
  let text = '';
  const add = (part: string): void => void (text += part);
  const raw: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (isRaw: boolean) => raw.push(isRaw),
    setEncoding: () => {},
    resume: () => {},
    pause: () => {},
  });
  const shared = new SharedArrayBuffer(4);
  const ended = runCommand(['check', folder, '--watch', ...args], {
    entry: pathToFileURL(builtCommand()),
    terminal: { color: { out: false, error: false }, width: 100, live: false, links: false },
    interrupt: interruptOn(shared),
    evaluation: { patience: 1 },
    keyboard: () => keyboardOf(input as unknown as KeyInput),
    clear: () => add(CLEARED),
    out: add,
    error: add,
    progress: add,
  });
  let seen = 0;
  return {
    raw,
    ended,
    press: (keys: string) => input.emit('data', keys),
    interrupt: () => Atomics.store(new Int32Array(shared), 0, 1),
    /** What was printed since it was last asked, when the keys are offered. */
    screen: async (): Promise<string> => {
      await expect.poll(() => text.slice(seen), patiently).toMatch(/q quit\n$/);
      const shown = text.slice(seen);
      seen = text.length;
      return shown;
    },
    text: () => text,
  };
}

describe('fairlead check --watch', () => {
  it('checks what has changed, the models that fail first, and obeys keys', async () => {
    const folder = folderWith({ 'lock.ts': LOCK, 'more/ping.ts': PING });
    const { screen, press, ended, raw } = watching(folder);
    expect(await screen()).toMatch(/^<cleared>CHECK {2}first run[^]*3 models of 2 specs, all as expected[^]*PASS/);

    writeFileSync(join(folder, 'more/ping.ts'), PING.replace('deadlocks: true', 'deadlocks: false'));
    const failing = await screen();
    expect(failing).toMatch(/^<cleared>CHECK {2}.*ping\.ts changed\n[^]*1 other spec as expected, unchanged[^]*FAIL/);
    expect(failing).not.toContain('alone');

    appendFileSync(join(folder, 'lock.ts'), '\n');
    const both = await screen();
    expect(both.indexOf('stuck')).toBeLessThan(both.indexOf('alone'));
    expect(both).toContain('3 models of 2 specs');

    press('f');
    press('zzx\u007f\u007f\u007f\u001b[AAPAR\r');
    const filtered = await screen();
    expect(filtered).toContain('CHECK  what has APAR in its name');
    expect(filtered).toMatch(/two .* 1 holds\n/);
    expect(filtered).not.toContain('stuck');
    expect(filtered).toContain('\nfilter: APAR\n');
    press('f');
    press('nothing\r');
    expect(await screen()).toContain('no model and no property has nothing in its name');
    press('f');
    press('abc\u001b');
    expect(await screen()).toContain('filter: nothing');
    press('falone\r');
    expect(await screen()).toMatch(/alone[^]*1 model of 1 spec[^]*PASS/);
    press('v');
    expect(await screen()).toMatch(/with advice on fairness\n[^]*needs[^]*filter: alone, with advice/);
    press('a');
    expect(await screen()).toContain('3 models of 2 specs');
    press('q');
    expect(await ended).toBe(0);
    expect(raw).toEqual([true, false]);
  });

  it('recovers from files that are wrong, empty, gone, renamed and new', async () => {
    const folder = folderWith({ 'ping.ts': PING });
    const file = join(folder, 'ping.ts');
    const { screen, interrupt, ended } = watching(folder);
    await screen();
    writeFileSync(file, 'export const');
    expect(await screen()).toMatch(/ping\.ts:1[^]*REJECTED/);
    writeFileSync(file, PING.replace("= 'there'; }", "= 'nowhere'; }"));
    expect(await screen()).toMatch(/nowhere[^]*REJECTED/);
    writeFileSync(file, PING);
    expect(await screen()).toMatch(/1 model of 1 spec, all as expected[^]*PASS/);
    writeFileSync(file, '');
    expect(await screen()).toMatch(/there is no spec[^]*REJECTED/);
    rmSync(file);
    expect(await screen()).toMatch(/there is no spec[^]*REJECTED/);
    writeFileSync(join(folder, 'ping.tmp'), PING);
    renameSync(join(folder, 'ping.tmp'), file);
    expect(await screen()).toMatch(/1 model of 1 spec, all as expected[^]*PASS/);
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new/match.ts'), PING.replaceAll('game', 'match'));
    expect(await screen()).toMatch(/match\.ts changed[^]*match[^]*PASS/);
    interrupt();
    expect(await ended).toBe(0);
  });

  it('takes an editor that empties a file before it writes it, and a burst of saves, for one change', async () => {
    const folder = folderWith({ 'ping.ts': PING });
    const { screen, press, ended, text } = watching(folder);
    await screen();
    for (let save = 0; save < 10; save += 1) {
      writeFileSync(join(folder, 'ping.ts'), '');
      await new Promise((later) => setTimeout(later, 3));
      writeFileSync(join(folder, 'ping.ts'), `${PING}// ${save}\n`);
    }
    expect(await screen()).toContain('PASS');
    expect(text()).not.toContain('REJECTED');
    press('\u0003');
    expect(await ended).toBe(0);
  });

  it('gives up a check when the file changes meanwhile', async () => {
    const folder = folderWith({ 'slow.ts': SLOW });
    const { screen, press, ended, text } = watching(folder);
    // Of the check that is given up nothing is shown.
    await new Promise((later) => setTimeout(later, 1500));
    writeFileSync(join(folder, 'slow.ts'), SLOW.replaceAll('10000', '10').replaceAll('9999', '9'));
    expect(await screen()).toMatch(/slow\.ts changed[^]*100 states[^]*PASS/);
    expect(text()).not.toContain('interrupted');
    press('q');
    expect(await ended).toBe(0);
  });

  it('is a process without a terminal, which is edited and interrupted', async () => {
    const folder = folderWith({ 'specs/ping.ts': PING });
    const child = spawn(process.execPath, [builtCommand(), 'check', '--watch', '--no-cache'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let [out, error] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await expect.poll(() => error, patiently).toContain('waiting for changes');
    writeFileSync(join(folder, 'specs/ping.ts'), PING.replace('deadlocks: true', 'deadlocks: false'));
    await expect.poll(() => error, patiently).toMatch(/CHECK {2}specs.ping\.ts changed[^]*FAIL/);
    expect(out).toMatch(/all as expected[^]*1 of 1 model /);
    expect(out + error).not.toMatch(/\u001b|q quit/); // eslint-disable-line no-control-regex -- no terminal is told anything
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it.each([
    [['--format', 'json'], '--format json'],
    [['--report', 'junit=out.xml'], '--report'],
    [['--shard', '1/2'], '--shard'],
    [['--bail'], '--bail'],
    [['--trace', 'trace.json'], '--trace'],
    [['--baseline', 'states.json', '--update-baseline'], '--update-baseline'],
  ])('refuses %j', async (args, option) => {
    const { code, error } = await fairlead(['check', '--watch', ...args]);
    expect(error).toBe(
      `error: ${option} cannot be used with --watch\nIt is for a single run: leave out one of them.\n`,
    );
    expect(code).toBe(2);
  });

  it('ends where there is nothing to begin with', async () => {
    const { code, error } = await fairlead(['check', 'nothing.ts', '--watch']);
    expect(error).toContain('there is no file or folder nothing.ts');
    expect(code).toBe(2);
  });
});
