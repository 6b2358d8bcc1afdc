import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { recheck } from '../../../checker/counterexample/recheck.ts';
import { goodRunOf } from '../../../checker/document/good-run.ts';
import { evaluateIn } from '../../../checker/engine/interpreter.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import type { Expression, ObjectValue } from '../../../dsl/ir/index.ts';
import { fairlead, folderWith } from '../cli/command.ts';
import * as ir from '../../support/ir.ts';

/** The states that are reached from some, in the order of their distance, each with it. */
function distances(plan: Plan, starts: readonly ObjectValue[]): readonly (readonly [ObjectValue, number])[] {
  const found = new Map<string, readonly [ObjectValue, number]>(
    starts.map((state) => [formatValue(state), [state, 0]]),
  );
  for (const [state, distance] of found.values()) {
    for (const instance of plan.instances) {
      for (const next of stepsOf(plan, state, instance).successors) {
        const key = formatValue(next);
        if (!found.has(key)) found.set(key, [next, distance + 1]);
      }
    }
  }
  return [...found.values()];
}

const VERTICES = 8;
const VERTEX = ir.intDomain(0, VERTICES - 1);
const vertex = ir.variable('vertex', VERTEX);
const isIn = (vertices: readonly number[]): Expression =>
  vertices.map((one): Expression => ir.equal(vertex, ir.literal(one))).reduce(ir.or, ir.literal(false));

/** A walk through a random graph, which is promised to lead from some vertices to others; that is held to be true. */
const walks = fc
  .record({
    edges: fc.array(fc.tuple(fc.nat(VERTICES - 1), fc.nat(VERTICES - 1)), { minLength: 4, maxLength: 16 }),
    asked: fc.subarray([...Array(VERTICES).keys()], { minLength: 1 }),
    kept: fc.subarray([...Array(VERTICES).keys()], { minLength: 1, maxLength: 3 }),
  })
  .map(({ edges, asked, kept }) => {
    const actions = edges.map(([from, to], index) =>
      ir.action(
        `edge${index}`,
        {},
        ir.when(isIn([from])),
        ir.assign(ir.variablePlace('vertex', VERTEX), ir.literal(to)),
      ),
    );
    const now = (predicate: Expression) => ({ kind: 'now', predicate, span: NO_SPAN }) as const;
    const sides = [isIn(asked), isIn(kept)] as const;
    const formula = { kind: 'leadsTo', left: now(sides[0]), right: now(sides[1]), span: NO_SPAN } as const;
    const properties = [{ name: 'promised', doc: '', span: NO_SPAN, formula }];
    return { system: { ...ir.system({ vertex: VERTEX }, { actions }), properties }, sides };
  });

const held = (): CheckResult =>
  ({ verdicts: [{ kind: 'property', name: 'promised', outcome: { kind: 'holds' } }] }) as unknown as CheckResult;

describe('a good run of a random walk', () => {
  it('is a behavior to the nearest state where something is promised, and from there to the nearest where it is kept', () => {
    let [runs, none] = [0, 0];
    fc.assert(
      fc.property(walks, ({ system, sides }) => {
        const plan = planOf(system);
        if (isRefused(plan)) throw new Error('refused');
        const all = distances(plan, initialSteps(plan).successors);
        const is = (side: 0 | 1, state: ObjectValue): unknown => {
          const answer = evaluateIn(plan, sides[side], new Map(), state);
          return 'value' in answer ? answer.value === true : 'fails';
        };
        const asked = all.find(([state]) => is(0, state) === true && is(1, state) === false);
        const run = goodRunOf(plan, held());
        if (asked === undefined) {
          expect(run).toBeUndefined();
          none += 1;
          return;
        }
        if (run === undefined) {
          expect(distances(plan, [asked[0]]).some(([state]) => is(1, state) === true)).toBe(false);
          none += 1;
          return;
        }
        const { trace, from } = run;
        expect(from).toBe(asked[1]);
        const here = trace.states[from]!;
        expect([is(0, here), is(1, here)]).toEqual([true, false]);
        const kept = distances(plan, [here]).find(([state]) => is(1, state) === true)!;
        expect(trace.steps.length - from).toBe(kept[1]);
        expect(is(1, trace.states.at(-1)!)).toBe(true);
        const labels = trace.steps.map(formatStep);
        expect(recheck(plan, { states: trace.states, labels }).kind).toBe('valid');
        runs += 1;
      }),
      { numRuns: 200 },
    );
    expect(runs).toBeGreaterThan(20);
    expect(none).toBeGreaterThan(20);
  });
});

describe('the pages of a spec with variants', () => {
  const spec = `import { leadsTo, spec, weak, when } from 'fairlead';
import { awake, broadcast, condvar, enter, exit, mutex, sleepOn } from 'fairlead/sync';
import * as z from 'zod';

/**
 * A flag and a sleeper.
 *
 * @variants wakes
 */
export const flag = spec('flag', {
  params: { wakes: z.enum(['atOnce', 'withLock', 'twice']), unused: z.boolean() },
  state: () => ({ lock: mutex(z.enum(['t'])), cv: condvar(z.enum(['t'])), ready: z.boolean() }),
});
export const t = flag.process({}, function* (s) {
  yield 'lock'; // takes the lock
  enter(s.lock, 't');
  yield 'test'; // looks whether it is ready
  if (!s.ready) {
    yield 'sleep';
    sleepOn(s.cv, s.lock, 't');
    yield 'asleep';
    when(awake(s.cv, 't') && s.lock.owner === null);
    enter(s.lock, 't');
  }
  yield 'out';
  exit(s.lock, 't');
});
export const wake = flag.action((s, p) => {
  when(!s.ready);
  if (p.wakes !== 'atOnce') when(s.lock.owner === null);
  s.ready = true;
  broadcast(s.cv);
});
export const getsOut = flag.property(() => leadsTo(t.at('test'), t.at('done')));
export const fair = flag.fairness(weak(t), weak(wake));
export const mendedTwice = flag.model({ wakes: 'twice', unused: false });
export const broken = flag.model({ wakes: 'atOnce', unused: false }, { violates: [getsOut], deadlocks: true });
export const otherwise = flag.model({ wakes: 'withLock', unused: true });
export const mended = flag.model({ wakes: 'withLock', unused: false });
`;
  const folder = folderWith({ 'specs/flag.ts': spec });
  let page = '';
  beforeAll(async () => {
    const { code, error } = await fairlead(['docs', '--format', 'markdown', '--quiet'], { cwd: folder });
    expect([code, error]).toEqual([0, '']);
    page = readFileSync(join(folder, 'docs/specs/flag.md'), 'utf8');
  }, 60_000);

  it('say what the next variant for which it holds, with all else the same, does with the steps of a violation', () => {
    expect(page.split('\n').filter((line) => line.startsWith('The same steps'))).toEqual([
      'The same steps with `wakes = withLock`, where it holds (`mended`): after 2 steps `wake` is not possible: it waits for `lock`, held by `t`.',
    ]);
  });

  it('tell a good run once, of each model that has no other story', () => {
    const lines = page.split('\n');
    const heads = lines.filter((line) => line.startsWith('#### ') && line.endsWith('a good run'));
    expect(heads).toEqual(['#### mendedTwice: a good run', '#### otherwise: a good run', '#### mended: a good run']);
    expect(lines.filter((line) => line.startsWith('What `getsOut` promises is due after step '))).toHaveLength(3);
    const others = lines.filter((line) => line.startsWith('The steps are those of [mendedTwice: a good run]'));
    expect(others).toHaveLength(2);
  });
});
