import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from './compiled.ts';

/** A timed waiter beside one that takes its wake-up with it when its time is over. */
const stolen = (wait: string, passesOn: boolean, more = '') =>
  systemOf(`
    const T = ids('T', 2);
    export const timed = spec('timed wait', {
      state: () => ({ lock: T.nullable(), asleep: z.set(T), items: z.int().min(0).max(1), made: z.boolean() }),
    });
    export const consumer = timed.process({ t: T }, function* (s, { t }) {
      while (true) {
        yield 'test';
        when(s.lock === null);
        if (s.items > 0) { s.items--; break; }
        s.asleep.add(t);
        ${wait}
        yield 'retake';
        when(s.lock === null);
        if (gaveUp) { if (${passesOn} && s.asleep.size > 0) s.asleep.delete(pick(s.asleep)); break; }
      }
    });
    export const make = timed.action((s) => {
      when(!s.made && s.lock === null);
      s.made = true;
      s.items++;
      if (s.asleep.size > 0) s.asleep.delete(pick(s.asleep));
    });
    export const scheduler = timed.fairness(weak(consumer, make));
    export const found = timed.property((s) =>
      all(T, (t) => leadsTo(s.items > 0 && s.asleep.has(t), s.items === 0 || !s.asleep.has(t))));
    ${more}
  `);

const TIMED = `
  const gaveUp = yield* mayTimeOut('asleep');
  if (gaveUp) s.asleep.delete(t); else when(!s.asleep.has(t));`;
const CHOSEN = `
  yield 'asleep';
  let gaveUp = false;
  either(() => when(!s.asleep.has(t)), () => { s.asleep.delete(t); gaveUp = true; });`;

const counts = (system: System) => {
  const { distinct, transitions, depth } = check(system, {}).statistics;
  return { distinct, transitions, depth };
};

const outcomeOf = (system: System, name = 'found') =>
  check(system, {}).verdicts.find((verdict) => verdict.name === name)!.outcome.kind;

describe('a step that may time out', () => {
  it.each([true, false])('has the states of a choice in the step (the wake-up is passed on: %s)', (passesOn) => {
    expect(counts(stolen(TIMED, passesOn))).toEqual(counts(stolen(CHOSEN, passesOn)));
  });

  it('is not promised by the fairness of the process, as a choice in the step is', () => {
    expect(outcomeOf(stolen(TIMED, true))).toBe('holds');
    expect(outcomeOf(stolen(TIMED, false))).toBe('violated');
    // Whoever sleeps has a step that is always possible: fairness makes them go away, item or no item.
    expect(outcomeOf(stolen(CHOSEN, false))).toBe('holds');
  });

  it('is promised by who asks for it', () => {
    const clock = `export const clock = timed.fairness(weak(consumer.timeouts));
      export const leaves = timed.property(() => all(T, (t) => eventually(consumer.at({ t }, 'done'))), { under: [scheduler, clock] });
      export const stays = timed.property(() => all(T, (t) => eventually(consumer.at({ t }, 'done'))), { under: [scheduler] });`;
    expect(outcomeOf(stolen(TIMED, false, clock), 'leaves')).toBe('holds');
    expect(outcomeOf(stolen(TIMED, false, clock), 'stays')).toBe('violated');
  });

  it('is a step of the thread, as `taken` and `enabled` say', () => {
    const asks = `
      export const asleepCan = timed.invariant((s) => all(T, (t) => implies(consumer.at({ t }, 'asleep'),
        enabled(consumer, { t }) && enabled(consumer.timeouts, { t }))));
      export const elsewhereNot = timed.invariant((s) => all(T, (t) => consumer.at({ t }, 'asleep') || !enabled(consumer.timeouts, { t })));
      export const neverTaken = timed.property(() => always(not(taken(consumer.timeouts))));`;
    const system = stolen(TIMED, false, asks);
    expect(outcomeOf(system, 'asleepCan')).toBe('holds');
    expect(outcomeOf(system, 'elsewhereNot')).toBe('holds');
    expect(outcomeOf(system, 'neverTaken')).toBe('violated');
  });

  it('is named where somebody waits, as possible and not forced', () => {
    const verdict = check(stolen(TIMED, false), {}).verdicts.find(({ name }) => name === 'found')!;
    const trace = verdict.outcome.kind === 'violated' ? verdict.outcome.trace : undefined;
    const [wait] = trace!.waitsFor!.waits;
    expect(wait!.isHopeless).toBe(false);
    expect(wait!.steps).toContainEqual([
      {
        action: 'consumer.asleep.timeout',
        arguments: wait!.who.kind === 'thread' && wait!.who.arguments,
        because: 'unforced',
      },
    ]);
    expect(trace!.waitsFor!.waits).toHaveLength(1);
  });

  it('has a name of its own', () => {
    const { actions } = systemOf(`
      export const odd = spec('odd', { state: () => ({ n: z.int().min(0).max(1) }) });
      export const p = odd.process(function* (s) {
        yield 'a.timeout'; s.n = 0;
        yield* mayTimeOut('a'); s.n = 1;
      });`);
    expect(actions.map(({ name }) => name)).toEqual(['p.a.timeout', 'p.a', 'p.a.timeout_2']);
  });
});
