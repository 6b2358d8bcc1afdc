import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { CheckOptions } from '../../../checker/options.ts';
import { claimOrbits } from '../../../checker/liveness/claim-orbits.ts';
import { prepare } from '../../../checker/liveness/prepare.ts';
import { isRefused } from '../../../checker/plan/plan.ts';
import { symmetryOf } from '../../../checker/reduction/symmetry.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** A lock that threads want, take and leave, in a variant that is given, with properties and fairness. */
function written({ take = 's.owner === null', leave = 'true', fairness = 'weak(leave), strong(take)', claims }: Parts) {
  return `
    const Thread = ids('Thread', 3);
    const Job = ids('Job', 2);
    export const lock = spec('lock', {
      state: () => ({ wants: z.record(Thread, Job.nullable()), owner: Thread.nullable(), last: Job.nullable() }),
      init: (s) => { for (const t of Thread) s.wants[t] = null; s.owner = null; s.last = null; },
    });
    const [FIRST, SECOND] = Thread;
    export const want = lock.action({ t: Thread, j: Job }, (s, { t, j }) => {
      when(s.wants[t] === null && s.owner !== t); s.wants[t] = j;
    });
    export const take = lock.action({ t: Thread }, (s, { t }) => {
      when(s.wants[t] !== null && ${take}); s.owner = t; s.last = s.wants[t]; s.wants[t] = null;
    });
    export const leave = lock.action({ t: Thread }, (s, { t }) => { when(s.owner === t && ${leave}); s.owner = null; });
    export const fair = lock.fairness(${fairness});
    ${claims.map((claim, index) => `export const claim${index} = lock.property((s) => ${claim});`).join('\n')}
    export const model = lock.model({});
  `;
}

interface Parts {
  readonly take?: string;
  readonly leave?: string;
  readonly fairness?: string;
  readonly claims: readonly string[];
}

/** For each claim of the first property the first that it is like. */
function orbitsOf(system: System): string {
  const { plan, properties } = prepare(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  const { property, claims } = properties[0]!;
  const sets = system.fairness.map(({ name }) => name);
  return claimOrbits(plan, property, claims!, { interchangeable: symmetryOf(plan).classes, sets }).join();
}

const SERVED = 'all(Thread, (t) => leadsTo(s.wants[t] !== null, s.owner === t))';

describe('claims are alike', () => {
  it.each<[string, string, Omit<Parts, 'claims'>, string]>([
    ['that differ in nothing but an id', SERVED, {}, '0,0,0'],
    [
      'in two ids that are the same, and in two that are not',
      'all(Thread, (a) => all(Thread, (b) => leadsTo(s.wants[a] !== null, s.owner === b)))',
      {},
      '0,1,1,1,0,1,1,1,0',
    ],
    [
      'in ids of two sets',
      'all(Thread, (t) => all(Job, (j) => leadsTo(s.wants[t] === j, s.owner === t)))',
      {},
      '0,0,0,0,0,0',
    ],
    [
      'within each conjunct',
      'and(all(Thread, (t) => always(eventually(s.owner !== t))), all(Thread, (t) => leadsTo(s.owner === t, s.owner !== t)))',
      {},
      '0,0,0,3,3,3',
    ],
    [
      'but for ids that the property names',
      'all(Thread, (t) => leadsTo(s.wants[t] !== null, s.owner === FIRST))',
      {},
      '0,1,1',
    ],
    [
      'but for ids that it names as the argument of a step',
      'all(Thread, (t) => leadsTo(s.wants[t] !== null, taken(take, { t: SECOND })))',
      {},
      '0,1,0',
    ],
    [
      'but for ids that fairness names',
      SERVED,
      { fairness: 'weak(take, { when: (_, { t }) => t !== SECOND })' },
      '0,1,0',
    ],
    ['but for ids that a step names', SERVED, { take: 's.owner === null && t !== FIRST' }, '0,1,1'],
    [
      'whatever stands for it within',
      'all(Thread, (t) => always(eventually(some(Thread, (o) => always(s.owner === o && o !== t)))))',
      {},
      '0,0,0',
    ],
    [
      'not in numbers',
      'all(z.int().min(0).max(2), (n) => always(eventually(count(Thread, (t) => s.wants[t] !== null) >= n)))',
      {},
      '0,1,2',
    ],
  ])('%s', (_, claim, parts, orbits) => {
    expect(orbitsOf(systemOf(written({ ...parts, claims: [claim] })))).toBe(orbits);
  });
});

/** What a check says but for times and for what was reduced. */
function said(result: CheckResult): unknown {
  const { distinct, transitions, depth } = result.statistics;
  const { reduction: _, ...rest } = { ...result, statistics: { distinct, transitions, depth } };
  return rest;
}

function expectTheSame(system: System, options: CheckOptions = {}): CheckResult {
  const [each, first] = (['none', 'auto'] as const).map((reduction) => said(check(system, { ...options, reduction })));
  expect(first).toEqual(each);
  return check(system, options);
}

/** Threads are alike in all of these, in all but one, or in none. */
const TAKING = [
  's.owner === null',
  's.owner === null && t !== FIRST',
  's.owner !== t',
  '(s.last === null || s.wants[t] !== s.last)',
];
const LEAVING = ['true', 's.last !== null', 't === SECOND'];
const FAIRNESS = [
  'weak(leave), strong(take)',
  'weak(want, take, leave)',
  'strong(take, { when: (s, { t }) => s.wants[t] !== s.last }), weak(leave)',
  'weak(take, leave, { when: (_, { t }) => t !== SECOND })',
  'weak(take, want)',
];
const CLAIMS = [
  SERVED,
  'all(Thread, (t) => always(eventually(s.owner === t)))',
  'all(Thread, (t) => all(Job, (j) => leadsTo(s.wants[t] === j, taken(take, { t }))))',
  'all(Thread, (a) => all(Thread, (b) => leadsTo(s.wants[a] !== null && s.owner === b, s.owner !== b)))',
  'all(Thread, (t) => leadsTo(s.wants[t] !== null && s.owner === FIRST, s.owner !== FIRST))',
  'all(Thread, (t) => leadsTo(s.wants[t] === null && s.owner === t && s.last === null, s.owner !== t))',
  'and(all(Thread, (t) => eventually(always(s.owner !== t))), all(Job, (j) => always(eventually(s.last !== j))))',
  'all(Thread, (t) => eventually(some(Thread, (o) => always(s.owner === o && o !== t))))',
];

describe('a claim of each orbit', () => {
  it('says what all of them say', () => {
    let [violated, held, vacuous] = [0, 0, 0];
    for (const [number, fairness] of FAIRNESS.entries()) {
      for (const next of [number, number + 1]) {
        const take = TAKING[next % TAKING.length]!;
        const leave = LEAVING[(number + next) % LEAVING.length]!;
        const result = expectTheSame(systemOf(written({ take, leave, fairness, claims: CLAIMS })));
        for (const { kind, outcome, vacuous: because } of result.verdicts) {
          if (kind !== 'property') continue;
          if (outcome.kind === 'violated') violated += 1;
          else if (because === undefined) held += 1;
          else vacuous += 1;
        }
      }
    }
    expect([violated, held, vacuous].every((count) => 10 < count)).toBe(true);
  });

  it('is not enough where the graph was cut', () => {
    // In the first states after the initial one it is the first thread that wants something, and others that do not.
    const others = 'all(Thread, (t) => always(s.wants[t] !== null || all(Thread, (o) => s.wants[o] === null)))';
    const system = systemOf(written({ fairness: 'weak(want)', claims: [others] }));
    const outcomes = [7, 8, 9, 10, 11, 12].map((maxStates) =>
      expectTheSame(system, { maxStates }).verdicts.map(({ outcome }) => outcome.kind),
    );
    expect(outcomes.some((kinds) => kinds.includes('violated'))).toBe(true);
  });
});
