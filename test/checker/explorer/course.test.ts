import { describe, expect, it } from 'vitest';
import { departed, foundCourse, goOn, initialCourse, labelOf, nextPosition } from '../../../checker/explorer/course.ts';
import type { Course } from '../../../checker/explorer/course.ts';
import { situationIn } from '../../../checker/explorer/situation.ts';
import type { Subject } from '../../../checker/explorer/subject.ts';
import { formatValue, formatPlace } from '../../../dsl/ir/index.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { check } from '../../../checker/check.ts';
import { folderWith, LOCK } from '../cli/command.ts';
import { shown } from './shown.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';

const lock = (() => {
  const folder = folderWith({ 'lock.ts': LOCK });
  const { system } = compile(`${folder}/lock.ts`, { typecheck: false }).specs[0]!.instantiate('two');
  if (system === undefined) throw new Error('rejected');
  return system;
})();
const subject = shown(lock);
const served = foundCourse(
  subject,
  subject.model.result.verdicts.find(({ name }) => name === 'served')!,
)!;
const story = ({ plan }: Subject, { states, instances }: Course): string[] => [
  formatValue(plan.layout.decode(states[0]!, 0)),
  ...instances.map((instance) => labelOf(subject, instance)),
];

describe('a behavior in a page', () => {
  it('is the one that was found, state by state', () => {
    const { outcome } = check(lock).verdicts.find(({ name }) => name === 'served')!;
    if (outcome.kind !== 'violated') throw new Error('holds');
    const { trace } = outcome;
    expect(story(subject, served).slice(1)).toEqual(trace.steps.map(formatStep));
    expect(served.states.map((state) => subject.plan.layout.decode(state, 0))).toEqual(trace.states);
    expect(served.loop).toBe(trace.loop);
  });

  it('goes around its loop', () => {
    expect([0, 1, 2, 3, 4].map((at) => nextPosition(served, at))).toEqual([1, 2, 3, 4, 2]);
  });
});

describe('going on', () => {
  it('from any state keeps what came before and drops what came after', () => {
    const next = goOn(subject, served, 2, 0)!;
    expect(story(subject, next).slice(1)).toEqual(['ask(t0)', 'ask(t1)', 'take(t0)']);
    expect([next.departure, next.choices, next.loop]).toEqual([2, [0], undefined]);
    const further = goOn(subject, next, 3, 0)!;
    expect(story(subject, further).at(-1)).toBe('release');
    expect([further.departure, further.choices]).toEqual([2, [0, 0]]);
    const other = goOn(subject, further, 1, 0)!;
    expect([other.departure, other.choices, other.states.length]).toEqual([1, [0], 3]);
  });

  it('is what the address says', () => {
    const next = departed(subject, served, 2, [0, 0]);
    expect(story(subject, next).slice(1)).toEqual(['ask(t0)', 'ask(t1)', 'take(t0)', 'release']);
  });

  it('ends where an address asks for what is not possible', () => {
    const next = departed(subject, served, 2, [0, 99, 0]);
    expect(story(subject, next).slice(1)).toEqual(['ask(t0)', 'ask(t1)', 'take(t0)']);
    expect(departed(subject, served, 2, [99])).toBe(served);
    expect(departed(subject, served, 1000, [0]).states.length).toBe(served.states.length + 1);
  });

  it('starts in an initial state where there is no behavior', () => {
    expect(story(subject, initialCourse(subject, 0)!)).toEqual(['{ owner: null, waiting: {} }']);
    expect(initialCourse(subject, 99)?.states).toEqual(initialCourse(subject, 0)?.states);
  });
});

describe('a state is explained', () => {
  it('alike on a behavior and on the way of the reader: which part of a guard is false, with values', () => {
    const explain = (course: Course, at: number): string[] =>
      situationIn(subject, course.states[at]!).blocked.flatMap(({ waiting, elsewhere }) =>
        [...waiting, ...elsewhere].map(
          ({ instance, obstacle }) =>
            `${instance.label}: ${obstacle.reads.map(({ place, value }) => `${formatPlace(place)} = ${formatValue(value)}`).join(', ')}`,
        ),
      );
    const own = departed(subject, initialCourse(subject, 0)!, 0, [0, 0]);
    expect(own.states[2]).toEqual(served.states[2]);
    expect(explain(own, 2)).toEqual(explain(served, 2));
    expect(explain(own, 2)).toEqual([
      'ask(t0): waiting = {t0, t1}',
      'ask(t1): waiting = {t0, t1}',
      'release: owner = null',
    ]);
  });
});
