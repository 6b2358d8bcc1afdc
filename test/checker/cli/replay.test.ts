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
    expect(out).toContain('✗ lock, model two, does not behave so, told of served: state 3: take(t1) is not');
    expect(code).toBe(1);
  });

  it.each([
    ['is not JSON', '{', 'It is not JSON'],
    ['is other JSON', '[1]', 'neither a trace in the Informal Trace Format nor a report'],
    ['has no states', '{"states":[]}', 'no trace in the Informal Trace Format'],
    ['is JSON of another format', '{"format":"tap","version":1}', 'no report of Fairlead'],
    [
      'is a report of a later version',
      '{"format":"fairlead-report","version":99,"models":[]}',
      'version 1 can be read',
    ],
    ['is a report without traces', '{"format":"fairlead-report","version":1,"models":[]}', 'nothing is violated'],
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

describe('fairlead replay of a report', () => {
  beforeAll(async () => {
    const { out } = await run('check', 'lock.ts', '--set', 'threads=3', '--format', 'json');
    writeFileSync(here('report.json'), out);
  });

  /** The report with one thing in its text changed. */
  const forgedReport = (from: string | RegExp, to: string): string => {
    const text = readFileSync(here('report.json'), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(here('forged.json'), text.replace(from, to));
    return 'forged.json';
  };

  it('runs every trace in it again, with the parameters of each', async () => {
    const { code, out } = await run('replay', 'report.json', 'lock.ts');
    expect(out.match(/^✓ .*/gm)).toEqual([
      '✓ lock, model alone with threads = 3, behaves so, told of crowded',
      '✓ lock, model alone with threads = 3, behaves so, told of served',
      '✓ lock, model two with threads = 3, behaves so, told of crowded',
      '✓ lock, model two with threads = 3, behaves so, told of served',
    ]);
    expect(out).toContain('take(t1)');
    expect(code).toBe(0);
  });

  it('runs those that are asked for', async () => {
    const { out } = await run('replay', 'report.json', 'lock.ts', '--model', 'two', '--property', 'served');
    expect(out.match(/^✓ .*/gm)).toEqual(['✓ lock, model two with threads = 3, behaves so, told of served']);
    const { code, error } = await run('replay', 'report.json', 'lock.ts', '--property', 'apart');
    expect(error).toContain('report.json holds no such trace');
    expect(code).toBe(2);
  });

  it('finds out that the spec has changed', async () => {
    const { code, out } = await run('replay', 'report.json', 'patient.ts', '--model', 'alone', '--property', 'served');
    expect(out).toMatch(/^✗ lock, model alone with threads = 3, does not behave so, .* is not possible/);
    expect(code).toBe(1);
  });

  it.each([
    ['has a step that there is not', '"label": "take(t1)"', '"label": "steal(t1)"', 1, 'there is no step steal(t1)'],
    ['starts elsewhere', '"owner": null', '"owner": "t1"', 1, 'state 0: it is no initial state'],
    ['has a value outside a domain', '"owner": null', '"owner": "t9"', 2, 'owner of state 0 is no value of its domain'],
    ['has no such variable', '"owner": null', '"holder": null', 2, 'holder, which is no variable of the spec'],
    [
      'has a state too many',
      '"states": [',
      '"states": [{ "owner": null, "waiting": [] },',
      2,
      'one more state than steps',
    ],
    ['goes back to nowhere', '"loop": 1', '"loop": 9', 2, 'the loop goes back to a state that there is not'],
    ['was made with other parameters', '"threads": 3', '"threads": 1', 2, 'is no value of its domain'],
    ['is of another spec', /"spec": "lock"/g, '"spec": "lease"', 2, 'of the spec lease, which is not in lock.ts'],
    ['ends early', /\}\s*$/, '', 2, 'It is not JSON'],
  ])('finds out a trace that %s', async (_, from, to, expected, message) => {
    const file = forgedReport(from, to);
    const { code, out, error } = await run('replay', file, 'lock.ts');
    expect(out + error).toContain(message);
    expect(code).toBe(expected);
  });
});
