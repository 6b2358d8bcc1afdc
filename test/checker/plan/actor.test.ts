import { expect, it } from 'vitest';
import { actorsOf, lanesOf } from '../../../checker/plan/actor.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import * as ir from '../../support/ir.ts';

const THREAD = ir.idsDomain('Thread', 2);
const ofWorker = (label: string) => ({
  ...ir.action(`worker.${label}`, { t: THREAD }),
  process: { name: 'worker', label },
});
const plan = planOf(
  ir.system(
    { x: ir.BOOLEAN },
    {
      actions: [
        ir.action('tick', {}),
        ir.action('signal', { t: THREAD }),
        ofWorker('start'),
        ofWorker('end'),
        ir.action('tock', {}),
      ],
    },
  ),
);
if (isRefused(plan)) throw new Error('refused');
const said = (actors: Iterable<{ name: string; instances: readonly { label: string }[] }>) =>
  [...actors].map(({ name, instances }) => `${name}: ${instances.map(({ label }) => label).join(' ')}`);

it('steps of a thread are one actor, actions without a process go by their first argument', () => {
  expect(said(actorsOf(plan).values())).toEqual([
    'tick: tick',
    't0: signal(t0)',
    't1: signal(t1)',
    'worker(t0): worker.start(t0) worker.end(t0)',
    'worker(t1): worker.start(t1) worker.end(t1)',
    'tock: tock',
  ]);
});

it('threads have the first lanes, and what belongs to nobody has one lane together', () => {
  expect(said(lanesOf(plan))).toEqual([
    'worker(t0): worker.start(t0) worker.end(t0)',
    'worker(t1): worker.start(t1) worker.end(t1)',
    'system: tick tock',
    't0: signal(t0)',
    't1: signal(t1)',
  ]);
});
