import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../checker/counterexample/behavior.ts';
import { renderSummary } from '../../../checker/report/summary.ts';
import type { CheckedModel, TextOptions } from '../../../checker/report/text-options.ts';
import { commonWarnings, renderWarnings } from '../../../checker/report/warning-text.ts';
import { standingOf } from '../../../checker/report/standing.ts';
import { layOutSpec, renderModel, renderSpecHeading } from '../../../checker/report/text.ts';
import { slackMessage } from '../../../checker/verdict/slack.ts';
import type { Slack } from '../../../checker/verdict/slack.ts';
import type { Warning } from '../../../checker/verdict/verdict.ts';
import { checked, livelock, place, verdict } from './sample.ts';
import { wordWarning } from '../../../checker/verdict/warning-words.ts';

function text(model: CheckedModel, options: Partial<TextOptions> = {}): string {
  return `\n${renderModel(model, layOutSpec([model.result, { model: '', parameters: {} }]), {
    color: false,
    width: 100,
    traces: 'unexpected',
    ...options,
  })}\n`;
}

const stutters: Trace = {
  ...livelock,
  states: livelock.states.slice(0, 2),
  steps: livelock.steps.slice(0, 1),
  loop: 1,
  fairness: [],
};
const finite: Trace = { states: livelock.states, steps: livelock.steps };
const asExpected = [
  verdict('deadlock', { kind: 'holds' }),
  verdict('evaluation', { kind: 'holds' }),
  verdict('writerExcludesLeases', { kind: 'holds' }),
  verdict('everyRingSleeps', { kind: 'reached', trace: finite }, { kind: 'sometimes' }),
  verdict(
    'writeLock',
    { kind: 'violated', trace: livelock },
    { doc: 'A thread that asks for the write lock gets it.' },
  ),
];

describe('a model of which all is as expected', () => {
  it('is told in a few lines, its counterexample as a story', () => {
    expect(text(checked(asExpected))).toMatchInlineSnapshot(`
      "
        ✓ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
            holds        no deadlock, no failing step, writerExcludesLeases
            reached      everyRingSleeps
            violated     writeLock: 4 steps, of which 3 forever, as expected
                         request → ↻ expire(r0) → worker.renew(r0) → worker.sign(r0)
      "
    `);
  });

  it('shows the counterexample step by step when asked', () => {
    expect(text(checked(asExpected), { traces: 'violations' })).toMatchInlineSnapshot(`
      "
        ✓ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
            holds        no deadlock, no failing step, writerExcludesLeases
            reached      everyRingSleeps
            violated     writeLock: 4 steps, of which 3 forever, as expected

          writeLock is violated, as expected: 4 steps, the last 3 of them forever
          A thread that asks for the write lock gets it.

              0  initially         lease: { r0: held, r1: held }, writer: idle, sleepers: {r0, r1}
              1  request           writer: idle → expiring
               ┌─ loop
              2│ expire(r0)        lease[r0]: held → expired, sleepers: {r0, r1} → {r1}
              3│ worker.renew(r0)  lease[r0]: expired → none
              4│ worker.sign(r0)   lease[r0]: none → held
               └─ back to the state after step 1, and so on forever

               Who waits:
                 expire(r1)  waits for writeLock (writer: holding); only worker(r0), interrupt(r0)
                             (possible, but not forced), signal(r0) (not possible), steps of p1 (not
                             possible) can end that
                 worker(r0)  waits for writeLock (sleepers: {r0} since step 2); only expire(r1),
                             cancel(r1) can end that
               They wait in a circle: expire(r1) → worker(r0) → expire(r1)

               Every fairness assumption is met:
                 taken by step 3            weak   worker(r0)
                 disabled after step 3      weak   expire(r1)
                     export const writeLock = lease.property((s) => leadsTo(s.writer === "expiring", …
                                  ^^^^^^^^^ writer: holding
                 never enabled in the loop  strong signal
               Fairness that would exclude this, though maybe no other counterexample: weak interrupt(r0).
      "
    `);
  });

  it('shows witnesses too when asked for all traces', () => {
    expect(text(checked(asExpected), { traces: 'all' })).toContain('everyRingSleeps is reached after 4 steps');
  });

  it('tells a story once, however many properties it violates', () => {
    const dead = verdict('deadlock', { kind: 'violated', trace: finite });
    const starves = verdict('writeLock', { kind: 'violated', trace: { ...finite, loop: 4, fairness: [] } });
    const short = text(checked([dead, starves]));
    expect(short.match(/request →/g)).toHaveLength(1);
    expect(short).toContain('writeLock: 4 steps, then stuttering forever, as expected (the same steps)');
    const full = text(checked([dead, starves]), { traces: 'violations' });
    expect(full.match(/worker\.sign\(r0\)/g)).toHaveLength(1);
    expect(full).toContain('The steps are those of the deadlock above.\n         ↻ stuttering forever');
  });
});

it('says of a property that is violated without a loop that nothing helps any more', () => {
  const ended = { states: finite.states, steps: finite.steps };
  const gets = verdict('writeLock', { kind: 'violated', trace: ended });
  const full = text(checked([gets]), { traces: 'violations' });
  expect(full).toContain('✗ already violated here, whatever follows');
  expect(full).not.toContain('forever');
  // Not so of what is violated by the state alone, nor of what could not be evaluated there.
  expect(
    text(checked([verdict('deadlock', { kind: 'violated', trace: ended })]), { traces: 'violations' }),
  ).not.toContain('whatever follows');
});

describe('the models of a spec', () => {
  const models = [
    { model: 'asShipped', parameters: { rings: 2, notify: 'unlocked' } },
    { model: 'fix', parameters: { rings: 2, notify: 'locked' } },
  ];

  it('share a heading with the parameters that are the same in all', () => {
    const heading = renderSpecHeading('a.ts', 'lease', layOutSpec(models), { color: false, width: 80, traces: 'all' });
    expect(heading).toBe('lease  a.ts  rings=2');
  });

  it('line up', () => {
    const lines = models.map(
      (model) =>
        renderModel(checked([], model), layOutSpec(models), { color: false, width: 100, traces: 'all' }).split('\n')[0],
    );
    expect(lines).toEqual([
      '  ✓ asShipped  notify=unlocked     12,345 states      67,890 transitions  depth  23    43 ms',
      '  ✓ fix        notify=locked       12,345 states      67,890 transitions  depth  23    43 ms',
    ]);
  });

  it('are warned of together: of what is true in all', () => {
    const warning = (message: string) => ({ kind: 'enabledNeverTrue', message, span: place }) as const;
    const many = Array.from({ length: 6 }, (_, index) => warning(`warning ${index}`));
    const warnings = (...of: (readonly ReturnType<typeof warning>[])[]): string => {
      const models = of.map((some) => checked([], { warnings: some }));
      return renderWarnings(commonWarnings(models), { color: false, width: 100, traces: 'all' });
    };
    expect(warnings([warning('a'), warning('b')], [warning('b'), warning('c')])).toBe('  warning b (specs/lease.ts:4)');
    expect(warnings([warning('a')], [])).toBe('');
    expect(warnings()).toBe('');
    expect(warnings(many, many).split('\n').at(-1)).toBe('  warning and 1 more');
  });

  it('are warned together of a schema of which none uses much', () => {
    const unused = (least: number, greatest: number, max = 100): Warning => {
      const slack: Slack = {
        path: 'n',
        kind: 'value',
        declared: { least: 0, greatest: max },
        reached: { least, greatest },
      };
      return { kind: 'domainMuchLarger', message: slackMessage(slack), span: place, slack };
    };
    const messages = (...of: readonly Warning[]): readonly string[] =>
      commonWarnings(of.map((one) => checked([], { warnings: [one] }))).map(({ warning }) => wordWarning(warning));
    expect(messages(unused(0, 3), unused(5, 7, 50))).toEqual(['`n` is always 0 to 7, of 0 to 50 that it may be']);
    expect(messages(unused(0, 3), unused(90, 99))).toEqual([]);
  });
});

describe('what is not as expected', () => {
  it('is always shown whole', () => {
    const broken = verdict(
      'writeLock',
      { kind: 'violated', trace: stutters },
      { expected: 'holds', asExpected: false },
    );
    expect(text(checked([broken]))).toMatchInlineSnapshot(`
      "
        ✗ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
          ✗ violated     writeLock: 1 step, then stuttering forever, but is expected to hold

          writeLock is violated: 1 step, then stuttering forever

              0  initially  lease: { r0: held, r1: held }, writer: idle, sleepers: {r0, r1}
              1  request    writer: idle → expiring
               ↻ stuttering forever: nothing is forced to happen

               Who waits:
                 expire(r1)  waits for writeLock (writer: holding); only worker(r0), interrupt(r0)
                             (possible, but not forced), signal(r0) (not possible), steps of p1 (not
                             possible) can end that
                 worker(r0)  waits for writeLock (sleepers: {r0} since step 2); only expire(r1),
                             cancel(r1) can end that
               They wait in a circle: expire(r1) → worker(r0) → expire(r1)

               No fairness is assumed, so nothing has to go on; fairness(weak(…)) says what has to.
               Fairness that would exclude this, though maybe no other counterexample: weak interrupt(r0).
      "
    `);
  });

  it('can be that something holds', () => {
    const surprise = verdict('writeLock', { kind: 'holds' }, { expected: 'violated', asExpected: false });
    expect(text(checked([surprise]))).toContain('✗ holds        writeLock, but is expected to be violated');
  });

  it('can be that something is never reached', () => {
    const never = verdict(
      'busy',
      { kind: 'unreachable' },
      { kind: 'sometimes', expected: 'reached', asExpected: false },
    );
    expect(text(checked([never]))).toContain('✗ unreachable  busy, but is expected to be reached');
  });

  it('can be the number of states', () => {
    const off = checked(asExpected, { asExpected: false, distinctMismatch: { expected: 12_000, actual: 12_345 } });
    expect(text(off)).toContain('✗ 12,345 distinct states, but the model says 12,000');
    expect(standingOf(off.result)).toBe('notAsExpected');
  });
});

it('shows a deadlock with the state that it ends in', () => {
  const dead = verdict('deadlock', { kind: 'violated', trace: finite }, { expected: 'holds', asExpected: false });
  expect(text(checked([dead]))).toMatchInlineSnapshot(`
    "
      ✗ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
        ✗ violated     deadlock after 4 steps, but none is expected

        deadlock: after 4 steps nothing can happen

            0  initially         lease: { r0: held, r1: held }, writer: idle, sleepers: {r0, r1}
            1  request           writer: idle → expiring
            2  expire(r0)        lease[r0]: held → expired, sleepers: {r0, r1} → {r1}
            3  worker.renew(r0)  lease[r0]: expired → none
            4  worker.sign(r0)   lease[r0]: none → held
             no action is enabled here:
             lease: { r0: held, r1: held }, writer: idle, sleepers: {r0, r1}
    "
  `);
});

it('shows a failing step with the line of the spec', () => {
  const step = { action: 'expire', arguments: ['r1'] };
  const failure = { message: 'index 3 is outside an array of 2', span: place, step };
  const fails = verdict(
    'evaluation',
    { kind: 'violated', trace: finite, failure },
    { expected: 'holds', asExpected: false },
  );
  expect(text(checked([fails]))).toMatchInlineSnapshot(`
    "
      ✗ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
        ✗ violated     a step fails after 4 steps, but none is expected

        a step fails: after 4 steps

            0  initially         lease: { r0: held, r1: held }, writer: idle, sleepers: {r0, r1}
            1  request           writer: idle → expiring
            2  expire(r0)        lease[r0]: held → expired, sleepers: {r0, r1} → {r1}
            3  worker.renew(r0)  lease[r0]: expired → none
            4  worker.sign(r0)   lease[r0]: none → held
             expire(r1) fails here: index 3 is outside an array of 2
              --> specs/lease.ts:4:14
               |
             4 | export const writeLock = lease.property((s) => leadsTo(s.writer === "expiring", s.writer === "ho…
               |              ^^^^^^^^^
    "
  `);
});

it('names the values that a quantified property is violated for', () => {
  const trace = { ...livelock, bindings: { r: 'r0' } };
  const model = checked([verdict('served', { kind: 'violated', trace }, { expected: 'holds', asExpected: false })]);
  expect(text(model)).toContain('served is violated for r = r0: 4 steps, the last 3 of them forever');
});

it('puts the changes of a step below each other when they do not fit beside each other', () => {
  const model = checked([
    verdict('writeLock', { kind: 'violated', trace: livelock }, { expected: 'holds', asExpected: false }),
  ]);
  expect(text(model, { width: 60 })).toContain(`
        2│ expire(r0)        lease[r0]: held → expired,
         │                   sleepers: {r0, r1} → {r1}
`);
});

it('abbreviates a long story in the middle', () => {
  const steps = Array.from({ length: 100 }, (_, index) => ({ ...livelock.steps[0]!, action: `step${index}` }));
  const long = { states: [], steps };
  const story = text(checked([verdict('deep', { kind: 'violated', trace: long })]));
  expect(story).toContain('step0 → step1');
  expect(story).toContain('… 76 steps …');
  expect(story).toContain('step99');
  expect(story).not.toContain('step50');
});

describe('a run that was cut', () => {
  const cut = { kind: 'states', limit: 1000 } as const;
  const statistics = { ...checked([]).result.statistics, cut };
  const open = verdict('writeLock', { kind: 'bounded', cut }, { asExpected: false });

  it('has not confirmed what it expects, and is no failure', () => {
    const model = checked([open], { statistics });
    expect(standingOf(model.result)).toBe('stopped');
    expect(text(model)).toContain(
      '    ? bounded      writeLock\n                   nothing found; stopped at 1,000 states\n',
    );
  });

  it('is a failure all the same when something was found', () => {
    const broken = verdict('safe', { kind: 'violated', trace: finite }, { expected: 'holds', asExpected: false });
    expect(standingOf(checked([broken, open], { statistics }).result)).toBe('notAsExpected');
  });
});

it('says that a model was changed, and why the fast engine was not used', () => {
  const model = checked(asExpected, {
    statistics: { ...checked([]).result.statistics, engine: 'interpreted', engineNote: 'a set of 100 elements' },
  });
  const shown = text({ ...model, changed: ['rings'] });
  expect(shown).toContain('rings not as declared: every property is expected to hold');
  expect(shown).toContain('engine: interpreted, because a set of 100 elements');
});

it('gives advice about fairness when there is some', () => {
  const weak = (name: string) => ({ strength: 'weak', name }) as const;
  const shown = text(
    checked(asExpected, {
      advice: [
        { property: 'a', kind: 'needs', assumptions: [weak('worker'), weak('expire')] },
        { property: 'b', kind: 'needs', assumptions: [] },
        { property: 'c', kind: 'add', assumptions: [weak('interrupt')] },
        { property: 'd', kind: 'none', assumptions: [] },
      ],
    }),
  );
  expect(shown).toContain('advice       a needs weak worker, weak expire\n');
  expect(shown).toContain('             b needs no fairness\n');
  expect(shown).toContain('             c would hold with weak interrupt\n');
  expect(shown).toContain('             d would not hold with any fairness of actions or processes\n');
});

it('shows why a model cannot be checked at all', () => {
  const refused = checked([], { asExpected: false, refusals: [{ message: 'too many values', span: place }] });
  expect(standingOf(refused.result)).toBe('refused');
  expect(text(refused)).toMatchInlineSnapshot(`
    "
      ✗ asShipped  rings=2 notify=unlocked              12,345 states      67,890 transitions  depth  23    43 ms
        ✗ cannot be checked: too many values
           --> specs/lease.ts:4:14
            |
          4 | export const writeLock = lease.property((s) => leadsTo(s.writer === "expiring", s.writer === "holdin…
            |              ^^^^^^^^^
    "
  `);
});

it('is coloured only when asked', () => {
  const model = checked(asExpected);
  const colored = text(model, { color: true, traces: 'all' });
  expect(colored).toContain('\u001b[');
  expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(text(model, { traces: 'all' }));
});

describe('the summary', () => {
  const good = checked(asExpected);
  const bad = checked([verdict('x', { kind: 'holds' }, { asExpected: false })]);
  const summary = (run: Partial<Parameters<typeof renderSummary>[0]>): string =>
    renderSummary({ checked: [], rejected: [], skipped: 0, elapsed: 1234, ...run }, { color: false });

  it('is one line when all is well', () => {
    expect(summary({ checked: [good, good] })).toBe('✓ 2 models of 1 spec, all as expected (24,690 states, 1.2 s)');
  });

  it('names what is not', () => {
    expect(summary({ checked: [good, bad], rejected: ['specs/typo.ts'], skipped: 1 })).toBe(
      [
        '✗ 1 of 2 models of 1 spec is not as expected (24,690 states, 1.2 s)',
        '    asShipped  specs/lease.ts',
        '? 1 model not checked',
        '✗ 1 file rejected',
        '    specs/typo.ts',
      ].join('\n'),
    );
  });
});
