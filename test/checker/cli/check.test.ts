import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../../checker/report/json.ts';
import { fairlead, fairleadProcess, folderWith, LOCK } from './command.ts';

const folder = folderWith({ 'specs/lock.ts': LOCK });
const check = (...args: string[]) => fairlead(['check', ...args], { cwd: folder });

/** Times differ from run to run, and nothing else does. */
function withoutTimes(text: string): string {
  return text.replaceAll(/ *<?[\d.]+ (ms|s)\b/g, ' …');
}

describe('fairlead check', () => {
  it('checks the models of specs/ and shows the counterexample of a single spec', async () => {
    const { code, out, error } = await check();
    expect(error).toBe('');
    expect(withoutTimes(`\n${out}`)).toMatchInlineSnapshot(`
      "
      lock  specs/lock.ts
        ✓ alone  threads=1          3 states           3 transitions  depth   2 …
            holds        no deadlock, no failing step, apart, served
            reached      crowded

        ✓ two    threads=2          8 states          14 transitions  depth   3 …
            holds        no deadlock, no failing step, apart
            reached      crowded
            violated     served: 4 steps, of which 3 forever, as expected

          served is violated for t = t0, as expected: 4 steps, the last 3 of them forever
          Whoever asks gets it.

              0  initially  owner: null, waiting: {}
              1  ask(t0)    waiting: {} → {t0}
               ┌─ loop
              2│ ask(t1)    waiting: {t0} → {t0, t1}
              3│ take(t1)   owner: null → t1, waiting: {t0, t1} → {t0}
              4│ release    owner: t1 → null
               └─ back to the state after step 1, and so on forever

               Every fairness assumption is met:
                 taken by step 3        weak   take(t1)
                 taken by step 4        weak   release
                 disabled after step 3  weak   take(t0)
                     when(s.owner === null && s.waiting.has(t));  specs/lock.ts:17
                          ^^^^^^^^^^^^^^^^ owner: t1
               It would hold with strong take.

      ✓ 2 models of 1 spec, all as expected (11 states, …)
      "
    `);
    expect(code).toBe(0);
  });

  it('checks a spec before it lowers the next, and still says what is wrong with that', async () => {
    const now = `import { spec, z } from 'fairlead';
      export const clock = spec('clock', { state: () => ({ odd: z.boolean() }) });
      export const tick = clock.action((s) => { s.odd = Date.now() > 0; });`;
    let all = '';
    const cwd = folderWith({ 'a.ts': LOCK, 'b.ts': now });
    const { code } = await fairlead(['check', '.'], { cwd, watch: (text) => (all += text) });
    expect(code).toBe(2);
    const [first, second] = [all.indexOf('a.ts'), all.indexOf('error[FL035]')];
    expect(first).toBeGreaterThanOrEqual(0);
    expect(second).toBeGreaterThan(first);
  });

  it('checks a spec before it asks TypeScript about the next, and refuses that alone', async () => {
    const illTyped = LOCK.replaceAll('s.owner = null', 's.owner = 7');
    expect(illTyped).not.toBe(LOCK);
    const cwd = folderWith({ 'a.ts': LOCK, 'b.ts': illTyped, 'c.ts': LOCK });
    let all = '';
    const { code, out } = await fairlead(['check', '.'], { cwd, watch: (text) => (all += text) });
    expect(code).toBe(2);
    const [first, refused, last] = ['lock  a.ts', 'error[FL003]', 'lock  c.ts'].map((text) => all.indexOf(text));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(refused).toBeGreaterThan(first!);
    expect(last).toBeGreaterThan(refused!);
    expect(out.match(/✓ (alone|two)/g)).toHaveLength(4);
    const report = await fairlead(['check', '.', '--format', 'json'], { cwd });
    expect(report.code).toBe(2);
    expect(reportSchema.parse(JSON.parse(report.out)).diagnostics.map(({ code }) => code)).toContain('FL003');
  });

  it('asks TypeScript about a file without a spec that no spec imports', async () => {
    const cwd = folderWith({ 'a.ts': LOCK, 'helper.ts': 'export const x: string = 7;\n' });
    const { code, error } = await fairlead(['check', '.'], { cwd });
    expect(error).toContain('helper.ts');
    expect(code).toBe(2);
  });

  it('says the same every time', async () => {
    const here = await check('--traces');
    const elsewhere = await fairleadProcess(['check', '--traces'], { cwd: folder });
    expect({ ...elsewhere, out: withoutTimes(elsewhere.out) }).toEqual({ ...here, out: withoutTimes(here.out) });
  });

  it('exits with 1 when an expectation is not met', async () => {
    const wrong = folderWith({ 'lock.ts': LOCK.replace('{ violates: [served] }', '{}') });
    const { code, out } = await fairlead(['check', 'lock.ts'], { cwd: wrong });
    expect(out).toContain('✗ violated     served: ');
    expect(out).toContain('✗ 1 of 2 models of 1 spec is not as expected');
    expect(code).toBe(1);
  });

  it('exits with 1 when the number of states is another', async () => {
    const wrong = folderWith({
      'lock.ts': LOCK.replace('{ violates: [served] }', '{ violates: [served], distinct: 7 }'),
    });
    const { code, out } = await fairlead(['check', 'lock.ts'], { cwd: wrong });
    expect(out).toMatch(/✗ \d+ distinct states, but the model says 7/);
    expect(code).toBe(1);
  });

  it('checks one model, one property', async () => {
    const { code, out } = await check('--model', 'two', '--property', 'apart');
    expect(out).toContain('holds        apart\n');
    expect(out).not.toContain('served');
    expect(out).toContain('✓ 1 model of 1 spec');
    expect(code).toBe(0);
  });

  it('says that deadlocks are not judged where they are ignored, and never that there are none', async () => {
    const spec = `import { spec, when, z } from 'fairlead';
      export const fuse = spec('fuse', { state: () => ({ lit: z.boolean(), seen: z.boolean() }), deadlocks: 'ignored' });
      export const light = fuse.action((s) => { when(!s.lit); s.lit = true; });
      export const burns = fuse.sometimes((s) => s.lit);
      export const ignores = fuse.model({});
      export const asks = fuse.model({}, { deadlocks: true });
      export const denies = fuse.model({}, { deadlocks: false });`;
    const cwd = folderWith({ 'fuse.ts': spec });
    const run = (...args: string[]) => fairlead(['check', 'fuse.ts', ...args], { cwd });
    const ignores = await run('--model', 'ignores');
    expect(ignores.out).toMatch(/\n {6}holds {8}no failing step\n {6}reached {6}burns\n {6}not judged {3}deadlock\n/);
    expect([ignores.code, ignores.out.includes('no deadlock')]).toEqual([0, false]);
    const json = reportSchema.parse(JSON.parse((await run('--format', 'json')).out)).models;
    expect(json.map(({ model, deadlocks, standing }) => [model, deadlocks, standing])).toEqual([
      ['ignores', 'ignored', 'asExpected'],
      ['asks', undefined, 'asExpected'],
      ['denies', undefined, 'notAsExpected'],
    ]);
    expect(json.map(({ verdicts }) => verdicts.some(({ kind }) => kind === 'deadlock'))).toEqual([false, true, true]);

    const asked = await run('--model', 'ignores', '--property', 'deadlock');
    expect([asked.code, asked.error]).toEqual([2, expect.stringContaining('deadlocks are not judged in ignores')]);
    const others = await run('--model', 'ignores', '--model', 'asks', '--property', 'deadlock');
    expect([others.code, others.out.includes('ignores')]).toEqual([0, false]);
    const random = await fairlead(['simulate', 'fuse.ts', '--model', 'ignores'], { cwd });
    expect([random.code, random.out.includes('not judged   deadlock')]).toEqual([0, true]);
  });

  it('prints only what is wrong when asked to be quiet', async () => {
    const { code, out } = await check('--quiet');
    expect(out.split('\n')).toHaveLength(2);
    expect(code).toBe(0);
  });

  it('ends with code 3 when a limit comes before the answer', async () => {
    const { code, out } = await check('--model', 'two', '--max-states', '3');
    expect(out).toContain('nothing found; stopped at 3 states');
    expect(code).toBe(3);
  });
});

describe('--set', () => {
  it('changes a parameter, and then nothing is expected to be violated', async () => {
    const { code, out } = await check('--model', 'two', '--set', 'threads=3');
    expect(out).toContain('threads=3');
    expect(out).toContain('threads not as declared: every property is expected to hold');
    expect(out).toContain('✗ violated     served');
    expect(code).toBe(1);
  });

  it('to the value that the model has changes nothing', async () => {
    const { code, out } = await check('--model', 'two', '--set', 'threads=2');
    expect(out).not.toContain('not as declared');
    expect(code).toBe(0);
  });
});

describe('--format json', () => {
  it('prints one document that satisfies its schema', async () => {
    const { code, out } = await check('--format', 'json');
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.exitCode).toBe(code);
    expect(report.models.map(({ model, standing }) => [model, standing])).toEqual([
      ['alone', 'asExpected'],
      ['two', 'asExpected'],
    ]);
    const served = report.models[1]?.verdicts.find(({ name }) => name === 'served');
    expect(served?.outcome.kind).toBe('violated');
  });

  it('holds what the compiler has to say, and nothing goes elsewhere', async () => {
    const broken = folderWith({ 'a.ts': LOCK.replace('s.owner = t;', 's.owner = 3;') });
    const { code, out, error } = await fairlead(['check', '--format', 'json', 'a.ts'], { cwd: broken });
    const report = reportSchema.parse(JSON.parse(out));
    expect(report.rejected).toEqual(['a.ts']);
    expect(report.diagnostics[0]?.place?.path).toBe('a.ts');
    expect(error).toBe('');
    expect(code).toBe(2);
  });
});

describe('fairness from the command line', () => {
  it('takes the place of what the spec says, and of what its models expect of temporal properties', async () => {
    const { code, out } = await check('--fairness', 'none', '--model', 'alone');
    expect(code).toBe(1);
    expect(withoutTimes(out.slice(0, out.indexOf('Who waits')))).toMatchInlineSnapshot(`
      "lock  specs/lock.ts  threads=1
        ✗ alone          3 states           3 transitions  depth   2 …
            without fairness: every temporal property is expected to hold
            holds        no deadlock, no failing step, apart
            reached      crowded
          ✗ violated     served: 1 step, then stuttering forever, but is expected to hold

          served is violated for t = t0: 1 step, then stuttering forever
          Whoever asks gets it.

              0  initially  owner: null, waiting: {}
              1  ask(t0)    waiting: {} → {t0}
               ↻ stuttering forever: nothing is forced to happen

               "
    `);
    const json = await check('--fairness', 'none', '--format', 'json');
    const { models } = reportSchema.parse(JSON.parse(json.out));
    expect(models.map(({ fairness }) => fairness)).toEqual([[], []]);
  });

  it('may name several sets, and has to name sets that are there', async () => {
    expect((await check('--fairness', 'scheduler', '--model', 'alone')).code).toBe(0);
    const { code, error } = await check('--fairness', 'sheduler');
    expect(code).toBe(2);
    expect(error).toMatchInlineSnapshot(`
      "error: there is no fairness set sheduler (did you mean scheduler?)
      There are the fairness sets scheduler. \`none\` is without fairness.
      "
    `);
  });
});

it('says what each action and branch did when it is asked for coverage', async () => {
  const branching = LOCK.replace('s.owner = null;', 's.owner = null; if (s.waiting.size > 0) s.owner = null;');
  const where = folderWith({ 'lock.ts': branching });
  const { out } = await fairlead(['check', 'lock.ts', '--model', 'two', '--coverage'], { cwd: where });
  expect(out.slice(out.indexOf('      coverage'), out.indexOf('\n\n'))).toMatchInlineSnapshot(`
    "      coverage                        steps    new states
          ask                                 6             3
          take                                4             4
          release                             4             0
            if s.waiting.size > 0             2"
  `);
});

it('warns of a protocol whose models stand in several files by all of them together', async () => {
  const lamp = `import { spec, when, z } from 'fairlead';
    export const lamp = spec('lamp', { params: { dims: z.boolean() }, 
      state: () => ({ light: z.enum(['off', 'on', 'dim']), spare: z.boolean() }) });
    export const turnOn = lamp.action((s) => { when(s.light === 'off'); s.light = 'on'; });
    export const dim = lamp.action((s, p) => { when(p.dims && s.light === 'on'); s.light = 'dim'; });
    export const turnOff = lamp.action((s) => { when(s.light !== 'off'); s.light = 'off'; });`;
  const modelFile = (name: string, dims: boolean): string =>
    `import { lamp } from '../lamp.ts';\n/** ${name} */ export const ${name} = lamp.model({ dims: ${dims} });`;
  const cwd = folderWith({
    'specs/lamp.ts': lamp,
    'specs/models/plain.ts': modelFile('plain', false),
    'specs/models/dimmed.ts': modelFile('dimmed', true),
  });
  const shown = async (...args: string[]): Promise<readonly string[]> => {
    const { out } = await fairlead(['check', ...args], { cwd });
    return out.split('\n').filter((line) => /warning|in all models/.test(line));
  };
  expect(await shown()).toEqual([
    'in all models of files that several specs import',
    '  warning `spare` has the same value in every reachable state (specs/lamp.ts:3)',
  ]);
  // In this file alone nothing dims, which a model elsewhere may do. The step itself a parameter has switched off.
  expect(await shown('specs/models/plain.ts')).toEqual([
    '  2 warnings about 1 imported file are not counted: other models of the spec may need what these do not (--verbose lists them)',
  ]);
  const all = (await fairlead(['check', '--verbose', 'specs/models/plain.ts'], { cwd })).out;
  expect(all).toContain('    `light` is never dim (specs/lamp.ts:3)');
  expect(all).not.toContain('`dim` is never enabled');
  expect(await shown('--model', 'plain')).toEqual([]);
  expect((await fairlead(['check', '--strict', '--quiet'], { cwd })).code).toBe(1);
});

it('lets no warning pass when it is strict', async () => {
  const idle = `${LOCK}\nexport const idle = lock.action((s) => { when(s.owner !== null && s.owner === null); s.owner = null; });`;
  const where = folderWith({ 'lock.ts': idle });
  const run = (...args: string[]) => fairlead(['check', 'lock.ts', '--quiet', ...args], { cwd: where });
  expect((await run()).code).toBe(0);
  const { code, out } = await run('--strict');
  expect(code).toBe(1);
  expect(withoutTimes(out)).toMatchInlineSnapshot(`
    "  warning \`idle\` is never enabled (lock.ts:40)

    ✓ 2 models of 1 spec, all as expected (11 states, …), but:
    ✗ 1 warning, which --strict does not let pass
    "
  `);
  expect((await check('--strict')).code).toBe(0);
});

describe('files', () => {
  it('that only others import are not checked by themselves', async () => {
    const parts = folderWith({
      'specs/lock.ts': LOCK.replace(/^export const (alone|two).*$/gm, ''),
      'specs/models.ts':
        "import { lock, served } from './lock.ts';\nexport const two = lock.model({}, { violates: [served] });\n",
    });
    const { code, out } = await fairlead(['check'], { cwd: parts });
    expect(out).toContain('✓ 1 model of 1 spec, all as expected');
    expect(out).toContain('specs/models.ts');
    expect(code).toBe(0);
    const named = await fairlead(['check', 'specs/lock.ts'], { cwd: parts });
    expect(named.out).toContain('defaults');
  });

  it('without models are checked with the defaults when nobody imports them', async () => {
    const alone = folderWith({
      'specs/lock.ts': LOCK.replace(/^export const (alone|two).*$/gm, ''),
      'specs/helper.ts': 'export const x = 1;\n',
    });
    const { code, out } = await fairlead(['check'], { cwd: alone });
    expect(out).toContain('✗ defaults');
    expect(code).toBe(1);
  });
});

it('is coloured when it is forced to be', async () => {
  const forced = await fairleadProcess(['check', '--help', 'x'], { environment: { FORCE_COLOR: '1' } });
  expect(forced.code).toBe(0);
  const wrong = await fairleadProcess(['check'], { cwd: folder, environment: { FORCE_COLOR: '1' } });
  expect(wrong.out).toContain('\u001b[');
});

describe('many models', () => {
  const sweep = (last: number, ...args: string[]) => check('--model', 'two', '--set', `threads=1..${last}`, ...args);

  it('that are as expected take a line each', async () => {
    const { out } = await sweep(3, '--property', 'apart');
    expect(withoutTimes(`\n${out}`)).toMatchInlineSnapshot(`
      "
      lock  specs/lock.ts
        ✓ two  threads=1          3 states …  1 holds
        ✓ two  threads=2     5 of 8 states …  1 holds
        ✓ two  threads=3    7 of 20 states …  1 holds

      ✓ 3 models of 1 spec, all as expected (31 states, …)
      "
    `);
  });

  it('are told of in full where one is not as expected', async () => {
    const { out } = await sweep(3, '--property', 'served');
    const lines = out.split('\n');
    expect(lines.filter((line) => line.startsWith('  ✓ two'))).toHaveLength(2);
    expect(out).toContain('✗ violated     served: 4 steps, of which 3 forever, but is expected to hold');
  });

  it('are all told of in full with --verbose', async () => {
    const { out } = await sweep(3, '--property', 'apart', '--verbose');
    expect(out.match(/^ {6}holds +apart$/gm)).toHaveLength(3);
  });

  const specs = (last: string) =>
    folderWith({
      ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`specs/lock${index}.ts`, LOCK])),
      'specs/elsewhere/in/a/folder/with/a/long/name/last.ts': last,
    });

  it('of very many specs take a line for each spec, and no line is longer than the terminal is wide', async () => {
    const { out } = await fairlead(['check'], { cwd: specs(LOCK) });
    const lines = withoutTimes(out).trimEnd().split('\n');
    expect([lines.length, ...lines.slice(-4)]).toMatchInlineSnapshot(`
      [
        23,
        "✓ lock  2 models        11 states …  specs/lock8.ts",
        "✓ lock  2 models        11 states …  specs/lock9.ts",
        "",
        "✓ 42 models of 21 specs, all as expected (231 states, …)",
      ]
    `);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('of very many specs are told of where one is not as expected', async () => {
    const wrong = LOCK.replace(', { violates: [served] }', '');
    expect(wrong).not.toBe(LOCK);
    const { out, code } = await fairlead(['check'], { cwd: specs(wrong) });
    const lines = out.split('\n');
    expect(lines.filter((line) => line.startsWith('✓ lock'))).toHaveLength(20);
    const at = lines.findIndex((line) => line.startsWith('lock  specs/elsewhere'));
    expect(lines[at + 1]).toMatch(/^  ✓ alone  threads=1 .* 1 reached/);
    expect(out).toContain('✗ violated     served: 4 steps, of which 3 forever, but is expected to hold');
    expect(code).toBe(1);
  });
});

describe('a sweep', () => {
  it('checks every model with each value in turn', async () => {
    const { code, out } = await check('--model', 'two', '--set', 'threads=1..3', '--property', 'apart');
    expect(out.match(/threads=\d/g)).toEqual(['threads=1', 'threads=2', 'threads=3']);
    expect(out).toContain('✓ 3 models of 1 spec, all as expected');
    expect(code).toBe(0);
  });

  it('says for which values a model is not as expected', async () => {
    const { code, out } = await check('--model', 'two', '--set', 'threads=1..3', '--property', 'served');
    expect(out.slice(out.indexOf('✗ 1 of')).replace(/\(.*\)/, '(…)')).toBe(
      '✗ 1 of 3 models of 1 spec is not as expected (…)\n    two  threads=3  specs/lock.ts\n',
    );
    expect(code).toBe(1);
  });

  it.each(['3..1', '1..100000'])('of %s is refused', async (range) => {
    const { code, error } = await check('--set', `threads=${range}`);
    expect(error).toBe(`error: --set threads=${range} is no sweep\nA sweep has from 1 to 1000 values: 1..3\n`);
    expect(code).toBe(2);
  });
});

describe('fairlead compile', () => {
  it('writes a system that is checked like the spec it came from', async () => {
    const written = await fairlead(['compile', 'specs/lock.ts', '--model', 'two', '-o', 'two.ir.json'], {
      cwd: folder,
    });
    expect(written).toEqual({ code: 0, out: '', error: '' });
    const [fromIr, fromSpec] = [await check('two.ir.json'), await check('--model', 'two')];
    expect(withoutTimes(fromIr.out).replace('two.ir.json', 'specs/lock.ts')).toBe(withoutTimes(fromSpec.out));
    expect(fromIr.code).toBe(0);
  });

  it('prints what the compiler understood', async () => {
    const { out } = await fairlead(['compile', 'specs/lock.ts', '--model', 'two', '--emit', 'text'], { cwd: folder });
    expect(out).toContain('action take(t: Thread) {\n  when(s.owner === null && s.waiting.has(t));');
  });

  it('prints a model for SPIN', async () => {
    const { out, code } = await fairlead(['compile', 'specs/lock.ts', '-m', 'two', '--emit', 'promela'], {
      cwd: folder,
    });
    expect(out).toContain('active proctype');
    expect(code).toBe(0);
  });

  it('writes a TLA+ module and a configuration of each model into a folder', async () => {
    const { code } = await fairlead(['compile', 'specs/lock.ts', '--emit', 'tla', '-o', 'tla'], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'tla')).sort()).toEqual([
      'Lock_alone.cfg',
      'Lock_alone.tla',
      'Lock_two.cfg',
      'Lock_two.tla',
    ]);
    expect(readFileSync(join(folder, 'tla', 'Lock_two.tla'), 'utf8')).toContain('MODULE Lock_two');
  });

  it('asks which model is meant', async () => {
    expect(await fairlead(['compile', 'specs/lock.ts'], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      error: 'error: specs/lock.ts has several models\nChoose one with --model: alone, two.\n',
    });
  });

  it('tells a file that cannot be written', async () => {
    const { code, error } = await fairlead(['compile', 'specs/lock.ts', '-m', 'two', '-o', 'no/where.json'], {
      cwd: folder,
    });
    expect(error).toMatch(/^error: no\/where\.json cannot be written: ENOENT/);
    expect(code).toBe(2);
  });
});
