import { Ansis } from 'ansis';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { stepLines } from '../../../checker/report/trace-steps.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** One thread tries a lock that the other has, then waits for it. */
const SPEC = `
  import { enter, mutex, tryEnter } from 'fairlead/sync';
  const Thread = z.enum(['first', 'second']);
  const notes = spec('notes', { state: () => ({ lock: mutex(Thread), ready: z.boolean(), done: z.boolean() }) });
  const first = notes.process(function* (s) { yield 'take'; enter(s.lock, 'first'); s.ready = true; });
  const second = notes.process(function* (s) {
    yield 'look';
    when(s.ready);
    if (s.done) return;
    yield 'try';
    if (tryEnter(s.lock, 'second')) return;
    yield 'wait';
    enter(s.lock, 'second');
  });
  const never = notes.invariant((s) => !second.at('wait'));`;

function lines(width: number, full: boolean): readonly string[] {
  const system = systemOf(SPEC);
  const { outcome } = check(system, { deadlock: false }).verdicts.find(({ name }) => name === 'never')!;
  if (outcome.kind !== 'violated') throw new Error('it is not violated');
  return stepLines(outcome.trace, { width, full, files: system.files }, new Ansis(0)).slice(1);
}

describe('the steps of a trace', () => {
  it('say what they read, did not get and wait for, where that fits', () => {
    expect(lines(100, false).slice(-3)).toEqual([
      '    1  first.take   lock.owner: null → first, ready: false → true, → done',
      '    2  second.look  → try, because ready is true and done is false',
      '    3  second.try   → wait, does not get lock, which first has',
    ]);
  });

  it('are told in no more lines for what they read, but always say what they did not get', () => {
    expect(lines(50, false).slice(-4)).toEqual([
      '    2  second.look  → try',
      '    3  second.try   → wait',
      '                    does not get lock, which',
      '                    first has',
    ]);
  });

  it('say all of it when all is asked for', () => {
    expect(lines(60, true).slice(-5)).toEqual([
      '    2  second.look  second.pc: look → try',
      '                    because ready is true and done is false',
      '    3  second.try   second.pc: try → wait',
      '                    does not get lock, which first has',
      '                    there it waits for lock, held by first',
    ]);
    for (const width of [60, 80, 100]) expect(lines(width, true).filter((line) => width < line.length)).toEqual([]);
  });
});
