import { describe, expect, it } from 'vitest';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../compiler/compiled.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';

/** A light that anybody may take once it is on. */
const LIGHT = (properties: string): System =>
  systemOf(`
    const Node = ids('Node', 2);
    export const light = spec('light', {
      state: () => ({ on: z.boolean(), count: z.int().min(0).max(2), who: z.nullable(Node) }),
      init: (s) => { s.count = pick(z.int().min(0).max(1)); },
    });
    export const toggle = light.action((s) => { s.on = !s.on; });
    export const grab = light.action({ n: Node }, (s, { n }) => { when(s.who === null && s.on); s.who = n; });
    export const drop = light.action({ n: Node }, (s, { n }) => {
      when(s.who === n);
      s.who = null;
      s.count = (s.count + 1) % 3;
    });
    export const few = light.fairness(weak(toggle), strong(grab));
    export const more = light.fairness(weak(drop));
    ${properties}
    export const model = light.model({});
  `);

describe.skipIf(!isSpinHere())(`properties that speak of steps ${WITH_SPIN}`, () => {
  it.each([
    ['leadsTo(s.on, taken(grab, { n }))', 'holds'],
    ['always(implies(taken(grab, { n }), eventually(s.who === null)))', 'holds'],
    ['until(s.on, taken(grab))', 'violated'],
    ['until(not(taken(drop, { n })), taken(grab))', 'holds'],
    ['always(implies(taken(toggle), s.count < 2))', 'violated'],
    ['always(implies(enabled(grab, { n }), s.on))', 'holds'],
  ])('%s %s', (formula, answer) => {
    const system = LIGHT(`export const p = light.property((s) => all(Node, (n) => ${formula}));`);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(answer === 'holds' ? [] : ['p']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('take a step of each action that leads where it does', () => {
    const system = systemOf(`
      export const same = spec('same', { state: () => ({ x: z.boolean(), y: z.boolean() }) });
      export const a = same.action((s) => { s.x = !s.x; });
      export const b = same.action((s) => { when(!s.x); s.x = true; });
      export const up = same.action({ to: z.boolean() }, (s, { to }) => { s.y = to; });
      export const fair = same.fairness(weak(a));
      export const half = same.fairness(weak(b));
      export const rarely = same.fairness(strong(a, { when: (s) => s.x }));
      export const taking = same.property(() => always(eventually(taken(b))), { under: [fair] });
      export const made = same.property((s) => eventually(s.x), { under: [half] });
      export const back = same.property((s) => always(eventually(!s.x)), { under: [rarely] });
      export const first = same.property((s) => until(not(taken(a)), taken(b)), { under: [fair] });
      export const apart = same.property((s) => always(implies(taken(b), not(taken(a)))), { under: [fair] });
      export const model = same.model({});
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['apart']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('find an action enabled that changes nothing', () => {
    const system = systemOf(`
      export const still = spec('still', { state: () => ({ x: z.boolean() }) });
      export const go = still.action((s) => { s.x = true; });
      export const able = still.property(() => always(enabled(go)));
      export const fair = still.fairness(weak(go));
      export const going = still.property(() => always(eventually(taken(go))));
      export const model = still.model({});
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['going']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('assume what they name', () => {
    const system = LIGHT(`
      export const both = light.property((s) => always(eventually(taken(drop))));
      export const one = light.property((s) => always(eventually(taken(drop))), { under: [few] });
      export const none = light.property((s) => eventually(s.on), { under: [] });
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['none', 'one']);
    expect(spinJudgment(system)).toEqual(own);
  });
});

describe.skipIf(!isSpinHere())(`initial states that nothing leads from ${WITH_SPIN}`, () => {
  it.each([
    ['the first of several', 'pick(z.int().min(0).max(2))', 's.n > 0', '', 3, true],
    ['the last of several', 'pick(z.int().min(0).max(2))', 's.n < 2', '', 3, true],
    ['all of several', 'pick(z.int().min(0).max(2))', 's.n > 2', '', 3, true],
    ['none of several', 'pick(z.int().min(0).max(2))', 's.n > -1', '', 3, false],
    ['the only one, chosen twice', 'pick(z.int().min(0).max(2)) * 0', 's.n > 2', '', 1, true],
    ['the only one that is explored', 'pick(z.int().min(0).max(2))', 's.n > 2', 's.n === 1', 1, true],
    ['the first that is explored', 'pick(z.int().min(0).max(2))', 's.n > 1', 's.n > 0', 2, true],
    ['the only one, properly', 'pick(z.int().min(0).max(2)) * 0', 's.n > 2', '', 1, false, 's.n === 0'],
  ] as const)('%s', (_, start, guard, within, distinct, deadlocks, terminal: string = 'false') => {
    const system = systemOf(`
      export const still = spec('still', {
        state: () => ({ n: z.int().min(0).max(3) }),
        init: (s) => { s.n = ${start}; },
      });
      export const go = still.action((s) => { when(${guard}); s.n += 0; });
      export const end = still.terminal((s) => ${terminal});
      export const inside = still.invariant((s) => s.n !== 2);
      ${within === '' ? '' : `export const few = still.within((s) => ${within});`}
      export const model = still.model({});
    `);
    const own = ownJudgment(system);
    expect(own).toMatchObject({ distinct, deadlocks });
    expect(spinJudgment(system)).toEqual(own);
  });
});
