import { expect, it } from 'vitest';
import { check } from '../../checker/check.ts';
import type { Verdict } from '../../checker/verdict/verdict.ts';
import { specModels } from '../support/specs.ts';
import { formatStep } from '../../checker/plan/step-name.ts';

const models = specModels(/^classic\/(peterson|sleeping-barber|dining-philosophers|lost-wakeup|readers-writers)/);

/** What is said of a property, but for the words about how it comes about. */
function brief({ kind, name, outcome, expected, asExpected, vacuous }: Verdict) {
  const said = 'trace' in outcome ? { steps: outcome.trace.steps.map(formatStep), loop: outcome.trace.loop } : {};
  return { kind, name, outcome: outcome.kind, ...said, expected, asExpected, vacuous };
}

it('says the same of everything, and the story only of what is not expected, when that is asked for', () => {
  let told = 0;
  let untold = 0;
  for (const { system } of models) {
    const expecting = system();
    // The same model, of which nobody expects anything.
    const hoping = { ...expecting, model: { ...expecting.model, expectations: [] } };
    for (const one of [expecting, hoping]) {
      const whole = check(one, { workers: 1 });
      const short = check(one, { workers: 1, explain: 'unexpected' });
      expect(short.verdicts.map(brief)).toEqual(whole.verdicts.map(brief));
      expect(short.asExpected).toBe(whole.asExpected);
      expect(short.warnings).toEqual(whole.warnings);
      short.verdicts.forEach(({ outcome, asExpected }, index) => {
        if (!('trace' in outcome)) return;
        const hasStory = !asExpected || ('failure' in outcome && outcome.failure !== undefined);
        expect(outcome.trace.isBrief).toBe(hasStory ? undefined : true);
        if (hasStory) expect(outcome).toEqual(whole.verdicts[index]!.outcome);
        if (hasStory) told += 1;
        else untold += 1;
      });
    }
  }
  expect(told).toBeGreaterThan(5);
  expect(untold).toBeGreaterThan(5);
});
