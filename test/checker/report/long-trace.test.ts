import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { stepLines } from '../../../checker/report/trace-steps.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** Counts up to `n`, then to the end of the level; each level is a step of the property's own variable. */
const source = (levels: number, loops: boolean): string => `
  const climb = spec('climb', { state: () => ({ level: z.int().min(0).max(${levels}), inch: z.int().min(0).max(9) }) });
  const crawl = climb.action((s) => { when(s.inch < 9); s.inch = s.inch + 1; });
  const rise = climb.action((s) => { when(s.inch === 9 && s.level < ${levels}); s.level = s.level + 1; s.inch = 0; });
  ${loops ? `const fall = climb.action((s) => { when(s.inch === 9 && s.level === ${levels}); s.level = 1; s.inch = 0; });` : ''}
  const low = climb.invariant((s) => s.level < ${levels} || s.inch < 9);
  const back = climb.property((s) => leadsTo(s.level === 1, s.level === 0));
  const going = climb.fairness(weak(crawl, rise${loops ? ', fall' : ''}));`;

const traceOf = (text: string, property: string) => {
  const { outcome } = check(systemOf(text), { deadlock: false }).verdicts.find(({ name }) => name === property)!;
  if (outcome.kind !== 'violated') throw new Error(`${property} is not violated`);
  return outcome.trace;
};
const plain = new Ansis(0);

it('leaves out of a long trace what does not matter to the property', () => {
  const trace = traceOf(source(12, false), 'low');
  expect(trace.steps).toHaveLength(129);
  const all = stepLines(trace, { width: 100, full: true, files: [] }, plain);
  expect(all).toHaveLength(130);
  const some = stepLines(trace, { width: 100, files: [] }, plain);
  // Both variables are read: the first steps and the last of what matters.
  expect(some).toHaveLength(62);
  expect(some[4]).toBe('       … 69 steps, which --traces full tells: crawl 62, rise 7');
  expect(some.at(-1)).toBe(all.at(-1));
});

it('tells every step that changes what the property reads, and where its loop begins', () => {
  const trace = traceOf(source(12, true), 'back');
  const lines = stepLines(trace, { width: 100, files: [] }, plain);
  expect(lines.length).toBeLessThan(60);
  const rises = trace.steps.flatMap(({ action }, index) => (action === 'crawl' ? [] : [index + 1]));
  for (const step of rises) expect(lines.join('\n')).toMatch(new RegExp(`^ +${step}[ │] (rise|fall)`, 'm'));
  expect(lines.filter((line) => line.includes('┌─ loop'))).toHaveLength(1);
  expect(lines.some((line) => line.includes('│ … 9 steps, which --traces full tells: crawl 9'))).toBe(true);
  // Nothing is lost: what is told and what is left out are all the steps.
  const told = lines.filter((line) => /^ +\d+[ │] (crawl|rise|fall)/.test(line)).length;
  const left = lines
    .map((line) => Number(/… (\d+) steps?, which/.exec(line)?.[1] ?? 0))
    .reduce((sum, one) => sum + one, 0);
  expect(told + left).toBe(trace.steps.length);
});
