import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { Explainer } from '../../../checker/counterexample/explanation.ts';
import { exploredBy } from '../../../checker/counterexample/explored.ts';
import { overlap, readingsOf, writesOf } from '../../../checker/counterexample/places.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Trace } from '../../../checker/verdict/verdict.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import { rewriteExpression } from '../../../dsl/ir/fold.ts';
import { formatPlace, formatValue } from '../../../dsl/ir/index.ts';
import type { Domain, Expression, ObjectValue } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { formatActor, formatStep, formatAssumption } from '../../../checker/plan/step-name.ts';
import { nameOfWait } from '../../../checker/counterexample/waits.ts';
import { place, step } from '../../support/named.ts';

/** Two threads take two locks, each beginning with another one: `t0` with `l0`, `t1` with `l1`. */
const THREAD = ir.idsDomain('Thread', 2);
const LOCK = ir.idsDomain('Lock', 2);
const OWNER: Domain = { kind: 'union', members: [{ kind: 'null' }, THREAD] };
const LOCKS: Domain = { kind: 'record', key: LOCK, value: OWNER };
const AT: Domain = { kind: 'record', key: THREAD, value: ir.enumDomain('first', 'second', 'inside') };

const t = ir.local('t', THREAD);
const at = ir.index(ir.variable('at', AT), t);
const first = ir.conditional(ir.equal(t, ir.literal('t0')), ir.literal('l0'), ir.literal('l1'));
const second = ir.conditional(ir.equal(t, ir.literal('t0')), ir.literal('l1'), ir.literal('l0'));
const ownerOf = (lock: Expression): Expression => ir.index(ir.variable('owner', LOCKS), lock);
const goTo = (label: string) => ir.assign(ir.part(ir.variablePlace('at', AT), t), ir.literal(label));
const own = (lock: Expression, owner: Expression) => ir.assign(ir.part(ir.variablePlace('owner', LOCKS), lock), owner);
const stands = (label: string) => ir.equal(at, ir.literal(label));
const free = (lock: Expression) => ir.equal(ownerOf(lock), ir.literal(null));

const system = ir.system(
  { at: AT, owner: LOCKS },
  {
    actions: [
      ir.action(
        'lockFirst',
        { t: THREAD },
        ir.when(ir.and(stands('first'), free(first))),
        own(first, t),
        goTo('second'),
      ),
      ir.action(
        'lockSecond',
        { t: THREAD },
        ir.when(stands('second')),
        ir.when(free(second)),
        own(second, t),
        goTo('inside'),
      ),
      ir.action(
        'unlock',
        { t: THREAD },
        ir.when(stands('inside')),
        own(first, ir.literal(null)),
        own(second, ir.literal(null)),
        goTo('first'),
      ),
    ],
  },
);

function traceOf(given: typeof system, name: string): Trace {
  const { outcome } = check(given).verdicts.find((verdict) => verdict.name === name)!;
  if (outcome.kind !== 'violated') throw new Error(`${name} is ${outcome.kind}`);
  return outcome.trace;
}

describe('a deadlock', () => {
  const waiting = (...labels: string[]) => labels.map((label) => [label, 'waits']);

  it('is told as who waits for what and on whom, and as a circle', () => {
    const { waitsFor, states } = traceOf(system, 'deadlock');
    expect(waitsFor!.state).toBe(states.length - 1);
    expect(
      waitsFor!.waits.map((wait) => [
        formatActor(wait.who),
        nameOfWait(wait),
        wait.on.map(formatActor),
        wait.steps.map((steps) => steps.map((step) => [formatStep(step), step.because])),
        wait.because,
        wait.reads.map(({ place, value }) => `${formatPlace(place)} = ${formatValue(value)}`),
      ]),
    ).toEqual([
      ['t0', 'lockSecond(t0)', ['t1'], [waiting('unlock(t1)')], ['waits'], ['owner[l1] = t1']],
      ['t1', 'lockSecond(t1)', ['t0'], [waiting('unlock(t0)')], ['waits'], ['owner[l0] = t0']],
    ]);
    expect(waitsFor!.circle.map(formatActor)).toEqual(['t0', 't1']);
  });

  it('is told as an end where nobody waits for anybody', () => {
    const { waitsFor } = traceOf(
      ir.system(Object.fromEntries(system.variables.map(({ name, domain }) => [name, domain])), {
        actions: [ir.action('once', { t: THREAD }, ir.when(stands('first')), goTo('second'))],
      }),
      'deadlock',
    );
    expect(waitsFor).toMatchObject({
      waits: [
        { step: step('once(t0)'), isHopeless: true, isEverEnded: false },
        { step: step('once(t1)'), isHopeless: true, isEverEnded: false },
      ],
      circle: [],
      finished: {},
    });
  });
});

describe('a lasso', () => {
  const formula = {
    kind: 'eventually',
    operand: {
      kind: 'now',
      predicate: ir.equal(ir.index(ir.variable('at', AT), ir.literal('t0')), ir.literal('inside')),
      span: NO_SPAN,
    },
    span: NO_SPAN,
  } as const;
  const property = { name: 'getsInside', doc: '', span: NO_SPAN, formula };
  const group = (name: string) => ({ name, actions: [name], per: ['t'] });
  const fairness = (...names: string[]) => [
    {
      name: 'f',
      doc: '',
      span: NO_SPAN,
      assumptions: [{ strength: 'weak' as const, groups: names.map(group), span: NO_SPAN }],
    },
  ];

  it('names the assumptions that would exclude it', () => {
    const idle = traceOf({ ...system, properties: [property] }, 'getsInside');
    expect(idle).toMatchObject({ steps: [], loop: 0, fairness: [] });
    expect(idle.unfairTo).toEqual([{ strength: 'weak', name: 'lockFirst' }]);
  });

  it('has nothing to name when it is fair to everything, and says who waits', () => {
    const trace = traceOf(
      { ...system, properties: [property], fairness: fairness('lockFirst', 'lockSecond', 'unlock') },
      'getsInside',
    );
    expect(trace.steps.map(formatStep)).toEqual(['lockFirst(t0)', 'lockFirst(t1)']);
    expect(trace.unfairTo).toEqual([]);
    expect(trace.waitsFor!.circle.map(formatActor)).toEqual(['t0', 't1']);
    const lockSecond = trace.fairness!.find((one) => formatAssumption(one.about) === 'lockSecond(t0)')!;
    expect(lockSecond.evidence).toMatchObject({
      kind: 'neverEnabled',
      because: { step: step('lockSecond(t0)'), reads: [{ place: place('owner[l1]'), value: 't1' }] },
    });
  });

  it('does not call somebody waiting who takes part in the loop', () => {
    const trace = traceOf(
      { ...system, properties: [property], fairness: fairness('lockSecond', 'unlock') },
      'getsInside',
    );
    expect(trace.waitsFor).toBeUndefined();
  });
});

describe('a thread that waits for steps outside of processes', () => {
  /** `worker(t)` waits for `go`; `wake(t)` sets it, `reset(t)` does not, and `turn` changes whether `wake` may. */
  const GO: Domain = { kind: 'record', key: THREAD, value: ir.BOOLEAN };
  const N = ir.intDomain(0, 1);
  const go = ir.index(ir.variable('go', GO), t);
  const n = ir.variable('n', N);
  const setGo = (value: boolean) => ir.assign(ir.part(ir.variablePlace('go', GO), t), ir.literal(value));
  const waking = (...guard: Expression[]) => {
    const worker = {
      ...ir.action('worker.wait', { t: THREAD }, ir.when(go)),
      process: { name: 'worker', label: 'wait' },
    };
    const counter: Domain = { kind: 'record', key: THREAD, value: ir.enumDomain('wait') };
    const made = ir.system(
      { go: GO, n: N, 'worker.pc': counter },
      {
        actions: [
          worker,
          ir.action('wake', { t: THREAD }, ...guard.map(ir.when), setGo(true)),
          ir.action('reset', { t: THREAD }, ir.when(ir.equal(n, ir.literal(1))), setGo(false)),
          ir.action('turn', {}, ir.assign(ir.variablePlace('n', N), ir.operation('subtract', ir.literal(1), n))),
        ],
      },
    );
    return planOf({
      ...made,
      processes: [
        {
          ...{ name: 'worker', doc: '', span: NO_SPAN, labels: ['wait'], counter: 'worker.pc' },
          arguments: [{ name: 't', domain: THREAD }],
        },
      ],
    }) as Plan;
  };
  const idle = { go: { t0: false, t1: false }, n: 0, 'worker.pc': { t0: 'wait', t1: 'wait' } };
  const waitOf = (plan: Plan, states: readonly ObjectValue[], ...taken: string[]) => {
    const engine = interpret(plan);
    const exploration = explore(engine, plan.roles, {
      ...{ instances: plan.instances.length, deadlock: true, keepSteps: true, stopAtFirst: false },
    });
    const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
    const ids = plan.instances.filter(({ label }) => taken.includes(label)).map(({ id }) => id);
    const course = {
      states: [...states, states[0]!],
      steps: states.map(() => ({ action: 'turn', arguments: [] })),
      from: 0,
      isEnd: false,
    };
    const { waits } = explainer.waitsIn(course, new Set(ids))!;
    const wait = waits.find(({ who }) => formatActor(who) === 'worker(t0)')!;
    const { who, on, steps, because, isHopeless, wayOut } = wait;
    expect([formatActor(who), nameOfWait(wait), on.map(formatActor)]).toEqual([
      'worker(t0)',
      'worker(t0)',
      isHopeless ? [] : ['t0'],
    ]);
    return [
      ...because,
      ...steps.flat().map((step) => `${formatStep(step)} ${step.because}`),
      wayOut?.map(formatStep).join() ?? 'no way out',
    ];
  };
  const never = ir.literal(false);

  it('is told by which, and whether anything forces them', () => {
    expect(waitOf(waking(), [idle])).toEqual(['unforced', 'wake(t0) unforced', 'wake(t0)']);
    expect(waitOf(waking(never), [idle])).toEqual(['no way out']);
  });

  it('has one that is possible in another state of the loop only', () => {
    const states = [idle, { ...idle, n: 1 }];
    const waits = waitOf(waking(ir.equal(n, ir.literal(1))), states, 'turn');
    expect(waits).toEqual(['unforced', 'wake(t0) unforced', 'wake(t0)']);
  });
});

describe('places', () => {
  const plan = planOf(system) as Plan;
  const state = { at: { t0: 'first', t1: 'second' }, owner: { l0: null, l1: 't1' } };
  const paths = (expression: Expression): readonly string[] =>
    readingsOf(plan, withT1(expression), state).map(
      ({ place, value }) => `${formatPlace(place)} = ${formatValue(value)}`,
    );
  const withT1 = (expression: Expression): Expression =>
    rewriteExpression(expression, (part) => (part.kind === 'local' && part.name === 't' ? ir.literal('t1') : part));

  it('that are read are told with keys put in', () => {
    expect(paths(free(second))).toEqual(['owner[l0] = null']);
    expect(paths(ir.and(stands('second'), free(ir.literal('l1'))))).toEqual(['at[t1] = second', 'owner[l1] = t1']);
    expect(paths(ir.and(stands('first'), free(ir.literal('l1'))))).toEqual(['at[t1] = second']);
  });

  it('that a quantifier goes through are told one by one, as far as they are known without it', () => {
    const quantified = ir.comprehension('some', ir.all(LOCK), 'l', free(ir.local('l', LOCK)));
    expect(paths(quantified)).toEqual(['owner[l0] = null', 'owner[l1] = t1']);
    const some = ir.comprehension('some', ir.set(ir.literal('l0'), ir.literal('l1')), 'l', free(ir.local('l', LOCK)));
    expect(paths(some)).toEqual(['owner = { l0: null, l1: t1 }']);
  });

  it('that are written have the arguments put in, and any key where that depends on the step', () => {
    const write = (id: number) =>
      writesOf(plan.instances[id]!).map(({ variable, segments }) => [
        variable,
        ...segments.map((one) => one?.text ?? '*'),
      ]);
    expect(write(1)).toEqual([
      ['owner', '*'],
      ['at', 't1'],
    ]);
  });

  it('overlap when one is part of the other', () => {
    const place = (variable: string, ...keys: (string | undefined)[]) => ({
      variable,
      segments: keys.map((text) => (text === undefined ? undefined : { kind: 'key' as const, text })),
    });
    expect(overlap(place('a'), place('a', 'x'))).toBe(true);
    expect(overlap(place('a', undefined), place('a', 'x'))).toBe(true);
    expect(overlap(place('a', 'y'), place('a', 'x'))).toBe(false);
    expect(overlap(place('b'), place('a'))).toBe(false);
  });

  it('are not looked at in models with very many instances', () => {
    const many = ir.system(
      { n: ir.intDomain(0, 1) },
      { actions: [ir.action('a', { i: ir.intDomain(0, 3000) }, ir.when(ir.literal(false)))] },
    );
    const course = { states: [{ n: 0 }], steps: [], from: 0, isEnd: true };
    expect(new Explainer(planOf(many) as Plan).waitsIn(course, new Set())).toBeUndefined();
  });
});
