import type { Trace } from '../../../checker/counterexample/behavior.ts';
import type { CheckedModel } from '../../../checker/report/text-options.ts';
import type { Outcome, Verdict, VerdictKind } from '../../../checker/verdict/verdict.ts';
import type { ObjectValue, Value } from '../../../dsl/ir/index.ts';
import { setOf } from '../../../dsl/ir/index.ts';
import { actor, place as placeAt, step } from '../../support/named.ts';

const text = `export const lease = spec("lease", {
  params: { rings: z.int().min(1).max(4).default(2) },
});
export const writeLock = lease.property((s) => leadsTo(s.writer === "expiring", s.writer === "holding"));
`;
const span = { file: 0, start: text.indexOf('writeLock'), end: text.indexOf('writeLock') + 9 };

/** Two rings; the writer waits forever while ring 0 renews its lease and sleeps. */
export const livelock: Trace = (() => {
  const start: ObjectValue = { lease: { r0: 'held', r1: 'held' }, writer: 'idle', sleepers: setOf(['r0', 'r1']) };
  const taken = (name: string, ...changes: [path: string, from: Value, to: Value][]) => ({
    ...step(name),
    actor: actor('r0'),
    changes: changes.map(([path, from, to]) => ({ place: placeAt(path), from, to })),
    span,
  });
  const because = { step: step('expire(r1)'), span, reads: [{ place: placeAt('writer'), value: 'holding' }] };
  return {
    states: [start, start, start, start, start],
    steps: [
      taken('request', ['writer', 'idle', 'expiring']),
      taken('expire(r0)', ['lease[r0]', 'held', 'expired'], ['sleepers', setOf(['r0', 'r1']), setOf(['r1'])]),
      taken('worker.renew(r0)', ['lease[r0]', 'expired', 'none']),
      taken('worker.sign(r0)', ['lease[r0]', 'none', 'held']),
    ],
    loop: 1,
    fairness: [
      { strength: 'weak', about: { name: 'worker', arguments: ['r0'] }, evidence: { kind: 'taken', step: 2 } },
      {
        strength: 'weak',
        about: { name: 'expire', arguments: ['r1'] },
        evidence: { kind: 'disabled', state: 3, because },
      },
      { strength: 'strong', about: { name: 'signal', arguments: [] }, evidence: { kind: 'neverEnabled' } },
    ],
    unfairTo: [{ strength: 'weak', name: 'interrupt(r0)' }],
    waitsFor: {
      state: 4,
      waits: [
        {
          ...because,
          who: actor('r1'),
          on: [actor('worker(r0)'), actor('r0'), actor('p1')],
          steps: [
            [],
            [
              { ...step('interrupt(r0)'), because: 'unforced' as const },
              { ...step('signal(r0)'), because: 'ended' as const },
            ],
            ['a', 'b', 'c', 'd'].map((action) => ({ ...step(`${action}(p1)`), because: 'ended' as const })),
          ],
          because: ['waits' as const, 'unforced' as const, 'ended' as const],
          isHopeless: false,
          missed: [],
        },
        {
          step: step('worker.wake(r0)'),
          who: actor('worker(r0)'),
          span,
          reads: [{ place: placeAt('sleepers'), value: setOf(['r0']) }],
          on: [actor('r1')],
          steps: [['expire', 'cancel'].map((action) => ({ ...step(`${action}(r1)`), because: 'waits' as const }))],
          because: ['waits' as const],
          isHopeless: false,
          missed: [],
          since: 1,
        },
      ],
      circle: [actor('r1'), actor('worker(r0)')],
      isComplete: true,
    },
  };
})();

/** A verdict of the sample; expectations are met unless `asExpected` says otherwise. */
export function verdict(name: string, outcome: Outcome, change: Partial<Verdict> = {}): Verdict {
  const kind: VerdictKind = name === 'deadlock' || name === 'evaluation' ? name : 'property';
  const expected = outcome.kind === 'bounded' || outcome.kind === 'error' ? 'holds' : outcome.kind;
  return { kind, name, doc: '', span, outcome, expected, asExpected: true, ...change };
}

/** A checked model with these verdicts. */
export function checked(verdicts: readonly Verdict[], change: Partial<CheckedModel['result']> = {}): CheckedModel {
  return {
    path: 'specs/lease.ts',
    files: [{ path: 'specs/lease.ts', text }],
    changed: [],
    result: {
      spec: 'vmm_drv lease',
      model: 'asShipped',
      parameters: { rings: 2, notify: 'unlocked' },
      statistics: {
        engine: 'javascript',
        initial: 1,
        distinct: 12_345,
        transitions: 67_890,
        depth: 23,
        searchTime: 40,
        livenessTime: 3,
      },
      verdicts,
      asExpected: verdicts.every(({ asExpected }) => asExpected),
      warnings: [],
      coverage: [],
      refusals: [],
      ...change,
    },
  };
}

/** The place of `writeLock` in the sample's source. */
export const place = span;
