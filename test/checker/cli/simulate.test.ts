import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../../checker/report/json.ts';
import { fairlead, folderWith, LOCK } from './command.ts';

const folder = folderWith({ 'lock.ts': LOCK, 'wrong.ts': LOCK.replace('{ violates: [served] }', '{}') });
const run = (...args: string[]) => fairlead(['simulate', ...args], { cwd: folder });

describe('fairlead simulate', () => {
  it('says which runs it made, tells counterexamples as a check does, and calls the rest bounded', async () => {
    const { code, out } = await run('lock.ts', '--model', 'two', '--runs', '50', '--depth', '20', '--seed', '9');
    expect(out.replaceAll(/ +<?[\d.]+ m?s\b/g, ' …')).toMatchInlineSnapshot(`
      "lock  lock.ts  threads=2
        ✓ two          8 states          14 transitions  depth   3 …
            50 random runs of at most 20 steps, scheduler pct, seed 9
            reached      crowded
            bounded      no deadlock, no failing step, apart
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
                     when(s.owner === null && s.waiting.has(t));  lock.ts:17
                          ^^^^^^^^^^^^^^^^ owner: t1
               Fairness that would exclude this, though maybe no other counterexample: strong take.

      ✓ 1 model of 1 spec, all as expected (8 states, …)
      "
    `);
    expect(code).toBe(0);
  });

  it('ends with 1 when something is wrong that the model does not expect', async () => {
    const { code, out } = await run('wrong.ts', '-q');
    expect(out).toContain('✗ violated     served: 4 steps, of which 3 forever, but is expected to hold');
    expect(code).toBe(1);
  });

  it('writes what was cut into its report', async () => {
    const { out } = await run('lock.ts', '--runs', '5', '--scheduler', 'uniform', '--format', 'json');
    const { models, exitCode } = reportSchema.parse(JSON.parse(out));
    expect(exitCode).toBe(0);
    const cut = { kind: 'simulation', runs: 5, depth: 200, seed: 1, scheduler: 'uniform' };
    expect(models.map(({ statistics }) => statistics.cut)).toEqual([cut, cut]);
    expect(models[0]!.verdicts.find(({ name }) => name === 'apart')!.outcome).toEqual({ kind: 'bounded', cut });
  });

  it('writes traces that can be replayed', async () => {
    expect((await run('lock.ts', '-m', 'two', '-p', 'served', '--trace', 'hang.itf.json')).code).toBe(0);
    expect(readFileSync(join(folder, 'hang.itf.json'), 'utf8')).toContain('"loop"');
    const { code, out } = await fairlead(['replay', 'hang.itf.json', 'lock.ts'], { cwd: folder });
    expect(out).toContain('✓ lock, model two, behaves so');
    expect(code).toBe(0);
  });

  it.each([
    ['--seed', '-1', 'It has to be a whole number from 0 to 4294967295.'],
    ['--seed', '4294967296', 'It has to be a whole number from 0 to 4294967295.'],
    ['--runs', '0', 'It has to be a number from 1 up.'],
    ['--scheduler', 'fair', 'Allowed choices are pct, uniform.'],
  ])('refuses %s %s', async (option, value, message) => {
    const { code, error } = await run('lock.ts', option, value);
    expect(error).toContain(message);
    expect(code).toBe(2);
  });
});
