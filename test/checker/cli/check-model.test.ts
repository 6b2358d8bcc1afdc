import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { ModelChecker } from '../../../checker/cli/check-model.ts';
import type { CheckWorkers } from '../../../checker/cli/check-model.ts';
import { interruptOn } from '../../../checker/cli/interrupt.ts';
import { NO_KERNELS } from '../../../checker/cli/kernel-cache.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import type { System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { builtCommand, fairleadProcess, folderWith } from './command.ts';

const DIGIT = ir.intDomain(0, 149);

/** So many digits that count up on their own. */
function counters(name: string, digits: number): System {
  const names = Array.from({ length: digits }, (_, index) => `d${index}`);
  const actions = names.map((digit) =>
    ir.action(
      `up_${digit}`,
      {},
      ir.when(ir.operation('less', ir.variable(digit, DIGIT), ir.literal(149))),
      ir.assign(ir.variablePlace(digit, DIGIT), ir.add(ir.variable(digit, DIGIT), ir.literal(1))),
    ),
  );
  const system = ir.system(Object.fromEntries(names.map((digit) => [digit, DIGIT])), { actions });
  return { ...system, name, model: { ...system.model, deadlocks: 'ignored' } };
}

const host = { entry: pathToFileURL(builtCommand()), interrupt: interruptOn(new SharedArrayBuffer(4)) };
const plain = ({ statistics, ...rest }: CheckResult) => ({ ...rest, distinct: statistics.distinct });

describe('models that are checked side by side', () => {
  it('get the results that they get alone', async () => {
    const systems = [3, 1, 3, 2, 1].map((digits) => counters(`of ${digits}`, digits));
    const checker = new ModelChecker(host);
    const results = await Promise.all(systems.map((system) => checker.check(system, {}, () => {})));
    checker.close();
    expect(results.map((result) => plain(result!))).toEqual(systems.map((system) => plain(check(system))));
  });

  it('are checked again alone where there was not memory enough for all of them', async () => {
    const result = check(counters('small', 1));
    const cut = { ...result, statistics: { ...result.statistics, cut: { kind: 'memory' } } } as const;
    const log: string[] = [];
    let running = 0;
    const workers: CheckWorkers = {
      size: 4,
      close: () => {},
      async run({ system: { name } }) {
        running += 1;
        const company = running;
        log.push(`${name} with ${company - 1}`);
        await setTimeout(20);
        const most = running;
        running -= 1;
        return { result: name === 'large' && 1 < Math.max(most, company) ? cut : result };
      },
    };
    const checker = new ModelChecker(host, NO_KERNELS, workers);
    // Each takes too long for the main thread at first.
    const slow = (name: string) => ({ ...counters(name, 4), name });
    const names = ['small', 'large', 'other', 'large', 'last'];
    const results = await Promise.all(names.map((name) => checker.check(slow(name), {}, () => {})));
    expect(results.map((result) => result!.statistics.cut)).toEqual(names.map(() => undefined));
    expect(log.filter((line) => line === 'large with 0').length).toBeGreaterThanOrEqual(2);
    expect(log).toContain('large with 1');
  });

  it('stay cut where they are alone', async () => {
    const result = check(counters('small', 1));
    const cut = { ...result, statistics: { ...result.statistics, cut: { kind: 'memory' } } } as const;
    let runs = 0;
    const run: CheckWorkers['run'] = () => {
      runs += 1;
      return Promise.resolve({ result: cut });
    };
    const checker = new ModelChecker(host, NO_KERNELS, { size: 2, close: () => {}, run });
    const stopped = await checker.check(counters('large', 4), {}, () => {});
    expect([stopped!.statistics.cut?.kind, runs]).toEqual(['memory', 1]);
  });
});

const COUNTERS = `import { spec, when, z } from 'fairlead';
export const counters = spec('counters', {
  params: { top: z.int().min(0).max(99).default(1), limit: z.int().default(99) },
  state: () => ({ a: z.int().min(0).max(99), b: z.int().min(0).max(99), c: z.int().min(0).max(99) }),
  deadlocks: 'ignored',
});
${['a', 'b', 'c'].map((name) => `export const ${name} = counters.action((s, p) => { when(s.${name} < p.top); s.${name} += 1; });`).join('\n')}
export const low = counters.invariant((s, p) => s.a + s.b + s.c < p.limit);
${[70, 2, 65, 60, 3, 68, 1].map((top, index) => `export const m${index} = counters.model({ top: ${top}, limit: ${index === 3 ? 90 : 999} });`).join('\n')}
`;

describe('a stop', () => {
  it('ends what is being checked, and begins nothing else', async () => {
    const shared = new SharedArrayBuffer(4);
    const checker = new ModelChecker({ ...host, interrupt: interruptOn(shared) });
    const begun = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => checker.check(counters(name, 4), {}, () => {}));
    await setTimeout(1500);
    Atomics.store(new Int32Array(shared), 0, 1);
    const results = await Promise.all(begun);
    checker.close();
    const kinds = results.map((result) => result?.statistics.cut?.kind);
    const running = kinds.filter((kind) => kind === 'interrupted').length;
    expect(running).toBeGreaterThan(0);
    expect(kinds).toEqual(kinds.map((_, index) => (index < running ? 'interrupted' : undefined)));
    expect(running).toBeLessThan(6);
  });
});

describe('a report of models that are checked side by side', () => {
  it('is that of one after the other, in the order of the models', async () => {
    const cwd = folderWith({ 'counters.ts': COUNTERS });
    const report = async (...args: string[]) => {
      const { code, out } = await fairleadProcess(['check', 'counters.ts', '--no-cache', ...args], { cwd });
      return { code, out: out.replaceAll(/ *(\d+(\.\d+)? (ms|s)\b|<1 ms)/g, ' T') };
    };
    const beside = await report();
    expect(beside).toEqual(await report('--workers', '1'));
    expect(beside.code).toBe(1);
    expect(beside.out.match(/\bm\d/g)!.filter((name, index, all) => all.indexOf(name) === index)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((index) => `m${index}`),
    );
  });
});
