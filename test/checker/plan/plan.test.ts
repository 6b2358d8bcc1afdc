import { expect, it } from 'vitest';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import * as ir from '../../support/ir.ts';
import { wordRefusal } from '../../../checker/plan/refusal.ts';

const ring = ir.idsDomain('Ring', 2);

it('makes an instance of each action for each combination of arguments, the last fastest', () => {
  const system = ir.system({}, { actions: [ir.action('go', { r: ring, on: ir.BOOLEAN }), ir.action('stop', {})] });
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  expect(plan.instances.map((instance) => instance.label)).toEqual([
    'go(r0, false)',
    'go(r0, true)',
    'go(r1, false)',
    'go(r1, true)',
    'stop',
  ]);
});

it('numbers the predicates by what they are for', () => {
  const yes = (name: string) => ir.predicate(name, ir.literal(true));
  const system = ir.system({}, { invariants: [yes('a'), yes('b')], steps: [yes('c')], terminal: [yes('d')] });
  const extra = { expression: ir.literal(false), bindings: new Map(), ofStep: false };
  const plan = planOf(system, [extra]);
  if (isRefused(plan)) throw new Error('refused');
  expect(plan.roles).toMatchObject({
    invariants: [0, 1],
    steps: [2],
    sometimes: [],
    terminal: [3],
    within: [],
    extra: [4],
  });
  expect(plan.predicates.map((predicate) => predicate.ofStep)).toEqual([false, false, true, false, false]);
});

it('refuses what is too large, each part by name', () => {
  const set = { kind: 'set', element: ir.intDomain(0, 9999) } as const;
  const refused = planOf(ir.system({ v: set }, { actions: [ir.action('a', { s: set }), ir.action('b', {})] }));
  if (!isRefused(refused)) throw new Error('not refused');
  expect(refused.refusals.map(wordRefusal)).toEqual([
    'action `a` has too many combinations of argument values; at most 1000000 are supported',
    'variable `v` holds sets over 10000 possible elements, and at most 4096 are supported',
  ]);
});
