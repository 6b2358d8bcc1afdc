import { describe, expect, it } from 'vitest';
import type { Inaction } from '../../../checker/counterexample/behavior.ts';
import { circleNames, othersOf } from '../../../checker/counterexample/waits.ts';
import { actor, step } from '../../support/named.ts';

/** `actor because: step; step ended`: a step has its actor's reason or its own; a thread has no steps. */
function told(...others: string[]): string[] {
  const given = others.map((one) => /^(\S+) (\w+)(?:: (.*))?$/.exec(one)!);
  return othersOf({
    on: given.map((match) => actor(match[1]!)),
    because: given.map((match) => match[2] as Inaction),
    steps: given.map((match) =>
      (match[3]?.split('; ') ?? []).map((text) => {
        const [, label, because = match[2]] = /^(.*?(?:\)|$))(?: (\w+))?$/.exec(text)!;
        return { ...step(label!), because: because as Inaction };
      }),
    ),
  }).map(({ kind, name, because }) => `${kind} ${name} ${because}`);
}

describe('who could change what is waited for', () => {
  it.each([
    ['a thread goes by its name', ['worker(r0) unforced'], ['thread worker(r0) unforced']],
    ['an action without arguments too', ['tick ended: tick'], ['step tick ended']],
    ['an action with arguments is told with them', ['r0 unforced: interrupt(r0)'], ['step interrupt(r0) unforced']],
    [
      'several actions are told one by one, each with its own reason',
      ['r0 runs: interrupt(r0); signal(r0) ended'],
      ['step interrupt(r0) runs', 'step signal(r0) ended'],
    ],
    [
      'steps of one action that differ in further arguments are told together',
      ['r0 runs: send(r0, r1); send(r0, r2); send(r0, r3) ended; stop(r0)'],
      ['step send(r0, …) runs', 'step send(r0, r3) ended', 'step stop(r0) runs'],
    ],
    [
      'who could by very many actions is named instead',
      ['p0 ended: a(p0); b(p0); c(p0); d(p0)'],
      ['anyStepOf p0 ended'],
    ],
    [
      'few steps of one action are told one by one, whoever takes them',
      ['0 waits: lose(0)', '1 waits: lose(1)', '2 waits: lose(2)'],
      ['step lose(0) waits', 'step lose(1) waits', 'step lose(2) waits'],
    ],
    [
      'many are told together, for each reason',
      ['0 waits: lose(0)', '1 waits: lose(1)', '2 unforced: lose(2)', '3 waits: lose(3)', '4 waits: lose(4)'],
      ['step lose(…) waits', 'step lose(2) unforced'],
    ],
  ])('%s', (_, others, expected) => {
    expect(told(...others)).toEqual(expected);
  });
});

it('in a circle each has the name under which it waits for the next', () => {
  const wait = (who: string, name: string, ...on: string[]) => ({
    who: actor(who),
    on: on.map(actor),
    steps: on.map(() => []),
    because: on.map(() => 'waits' as const),
    step: step(name),
    span: { file: 0, start: 0, end: 0 },
    reads: [],
    isHopeless: false,
    missed: [],
  });
  const waits = [
    wait('r0', 'lock(r0)', 'r2'),
    wait('r0', 'send(r0)', 'worker(r1)'),
    wait('worker(r1)', 'worker(r1)', 'r0'),
  ];
  expect(circleNames({ state: 0, waits, circle: [actor('r0'), actor('worker(r1)')], isComplete: true })).toEqual([
    'send(r0)',
    'worker(r1)',
  ]);
  expect(circleNames({ state: 0, waits, circle: [], isComplete: true })).toEqual([]);
});
