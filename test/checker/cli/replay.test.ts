import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fairlead, folderWith, LOCK } from './command.ts';

const GUARD = 's.owner === null && s.waiting.has(t)';
const PATIENT = LOCK.replace(GUARD, `${GUARD} && s.waiting.size === 1`);
const folder = folderWith({ 'lock.ts': LOCK, 'patient.ts': PATIENT });
const here = (file: string) => join(folder, file);
const run = (...args: string[]) => fairlead(args, { cwd: folder });
const readTrace = (file: string) => JSON.parse(readFileSync(here(file), 'utf8')) as ItfFile;

interface ItfFile {
  readonly vars: readonly string[];
  readonly loop?: number;
  readonly states: readonly Readonly<Record<string, unknown>>[];
}

beforeAll(async () => {
  const { code } = await run('check', 'lock.ts', '--model', 'two', '--property', 'served', '--trace', 'hang.itf.json');
  expect(code).toBe(0);
});

/** The trace with one thing in its text changed; the test fails when there is nothing to change. */
function forged(name: string, from: string, to: string): string {
  const text = readFileSync(here('hang.itf.json'), 'utf8');
  expect(text).toContain(from);
  writeFileSync(here(name), text.replace(from, to));
  return name;
}

describe('fairlead check --trace', () => {
  it('writes a lasso without its last state, and where it goes back to', () => {
    const { vars, loop, states } = readTrace('hang.itf.json');
    expect(vars).toEqual(['owner', 'waiting']);
    expect(loop).toBe(1);
    expect(states).toHaveLength(4);
    expect(states[0]).toEqual({
      '#meta': { index: 0 },
      owner: { tag: 'Null', value: { '#tup': [] } },
      waiting: { '#set': [] },
    });
    expect(states[3]).toMatchObject({ '#meta': { label: 'take(t1)' }, owner: 't1', waiting: { '#set': ['t0'] } });
  });

  it('writes several traces to files of their own', async () => {
    await run('check', 'lock.ts', '--trace', 'all.itf.json');
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith('all'))
        .sort(),
    ).toEqual(['all.alone.crowded.itf.json', 'all.two.crowded.itf.json', 'all.two.served.itf.json']);
  });

  it('says so when there is nothing to write', async () => {
    const { code, error } = await run('check', 'lock.ts', '--property', 'apart', '--trace', 'none.itf.json');
    expect(error).toContain('there is no trace to write to none.itf.json');
    expect(code).toBe(2);
  });
});

describe('fairlead replay', () => {
  it('runs a trace again and shows it', async () => {
    const { code, out } = await run('replay', 'hang.itf.json', 'lock.ts');
    expect(out).toContain('✓ lock, model two, behaves so, told of served');
    expect(out).toContain('back to the state after step 1, and so on forever');
    expect(code).toBe(0);
  });

  it.each([
    ['starts elsewhere', '"waiting":{"#set":[]}', '"waiting":{"#set":["t0"]}', 'state 0: it is no initial state'],
    ['has a step that is not possible', '"label":"take(t1)"', '"label":"release"', 'release is not possible'],
    ['names a step that there is not', '"label":"take(t1)"', '"label":"steal(t1)"', 'there is no step steal(t1)'],
    ['has a state that the step does not lead to', '["t0","t1"]', '["t1"]', 'ask(t1) leads elsewhere'],
    ['does not close its loop', '"loop":1', '"loop":0', 'leads elsewhere'],
  ])('finds out a trace that %s', async (_, from, to, message) => {
    const { code, out } = await run('replay', forged('forged.itf.json', from, to), 'lock.ts');
    expect(out).toContain(message);
    expect(code).toBe(1);
  });

  it('finds out that the spec has changed', async () => {
    const { code, out } = await run('replay', 'hang.itf.json', 'patient.ts');
    expect(out).toContain('✗ lock, model two, does not behave so: state 3: take(t1) is not possible');
    expect(code).toBe(1);
  });

  it.each([
    ['is not JSON', '{', 'it is not JSON'],
    ['is other JSON', '{"states":[]}', 'no trace in the Informal Trace Format'],
    ['lacks a variable', '{"vars":[],"states":[{}],"#meta":{"model":"two"}}', 'state 0 has no variable owner'],
    [
      'has a value outside a domain',
      '{"vars":[],"states":[{"owner":"t7","waiting":{"#set":[]}}],"#meta":{"model":"two"}}',
      'owner of state 0 is no value of its domain',
    ],
  ])('rejects a file that %s', async (_, text, message) => {
    writeFileSync(here('bad.json'), text);
    const { code, error } = await run('replay', 'bad.json', 'lock.ts', '--model', 'two');
    expect(error).toContain(message);
    expect(code).toBe(2);
  });
});
