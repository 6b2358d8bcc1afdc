import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../checker/check.ts';
import type { CheckResult, Verdict } from '../checker/verdict/verdict.ts';
import { rowOf } from './support/spec-table.ts';
import { specModels } from './support/specs.ts';

const models = specModels();
const results = new Map<string, CheckResult>();

/** Each model is checked once for all tests of this file. */
function resultOf(file: string, model: string): CheckResult {
  const key = `${file} ${model}`;
  const known = results.get(key);
  if (known !== undefined) return known;
  const result = check(models.find((one) => one.file === file && one.model === model)!.system());
  results.set(key, result);
  return result;
}

const surprising = ({ asExpected }: Verdict) => !asExpected;
const inOneLine = ({ name, outcome, expected }: Verdict) => `${name}: ${outcome.kind}, expected ${expected}`;

describe('every model in specs/', () => {
  it.each(models.map(({ file, model }) => [file, model]))('%s %s is as it says', (file, model) => {
    const result = resultOf(file, model);
    expect(result.verdicts.filter(surprising).map(inOneLine)).toEqual([]);
    expect(result.distinctMismatch).toBeUndefined();
    expect(result.asExpected).toBe(true);
    expect(result.statistics.engine).toBe('webassembly');
  });

  it('pins its number of states', () => {
    const unpinned = models.filter(({ system }) => system().model.distinct === undefined);
    expect(unpinned.map(({ file, model }) => `${file} ${model}`)).toEqual([]);
  });
});

describe('specs/README.md', () => {
  it('has a true row for every model', () => {
    const readme = readFileSync(fileURLToPath(new URL('../specs/README.md', import.meta.url)), 'utf8');
    const squeezed = new Set(readme.split('\n').map((line) => line.replaceAll(/ +/g, ' ')));
    const rows = models.map(({ file, model }) => rowOf(file, resultOf(file, model)));
    expect(rows.filter((row) => !squeezed.has(row))).toEqual([]);
  });
});

/**
 * What TLC counts for the same steps: `initial`, `distinct`, `transitions` and `depth`. TLC makes a successor for each
 * side of a disjunction that is true; where a spec has such a choice it says `either`.
 */
const COUNTED_BY_TLC = [
  ['classic/die-hard', 'threeAndFive', 1, 16, 96, 7],
  ['classic/missionaries-and-cannibals', 'threeEach', 1, 64, 282, 12],
  ['classic/hanoi', 'fiveDisks', 1, 243, 912, 31],
  ['classic/cigarette-smokers', 'together', 3, 6, 12, 1],
  ['classic/peterson', 'correct', 1, 42, 76, 10],
  ['classic/dining-philosophers', 'five', 1, 67, 335, 28],
  ['classic/readers-writers', 'queue', 1, 21_527, 59_673, 12],
  ['classic/simple-allocator', 'threeClients', 1, 400, 1_632, 5],
  ['classic/alternating-bit', 'two', 8, 240, 1_384, 9],
  ['classic/transaction-commit', 'correct', 1, 34, 93, 6],
  ['classic/two-phase-commit', 'correct', 1, 288, 1_145, 10],
  ['classic/ewd840', 'three', 192, 302, 1_809, 8],
  ['classic/async-termination', 'four', 17, 4_097, 53_254, 13],
  ['classic/chang-roberts', 'three', 8, 137, 219, 9],
] as const;

/** The same from hand-written searches, of models that have no counterpart for TLC. */
const COUNTED_BY_HAND = [
  ['classic/versioned-lock', 'preferReaders', 1, 5_716, 28_040, 19],
  ['vmm-drv/one-ring', 'beforeTheFix', 1, 99, 166, 27],
  ['vmm-drv/one-ring', 'naiveFix', 1, 91, 153, 27],
  ['vmm-drv/one-ring', 'shippedFix', 1, 110, 177, 25],
  ['vmm-drv/one-ring', 'corrected', 1, 133, 223, 32],
] as const;

describe('the state space', () => {
  it.each([...COUNTED_BY_TLC, ...COUNTED_BY_HAND])(
    'of %s %s has the size that others found',
    (file, model, initial, distinct, transitions, depth) => {
      const { statistics } = resultOf(file, model);
      expect(statistics).toMatchObject({ initial, distinct, transitions, depth });
    },
  );
});

/** The labels of the steps of the story that breaks a property, loop and stem. */
function storyOf(file: string, model: string, property: string): readonly string[] {
  const { outcome } = resultOf(file, model).verdicts.find(({ name }) => name === property)!;
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') throw new Error(`${property} ${outcome.kind}`);
  return outcome.trace.steps.map(({ label }) => label);
}

describe('the livelock of illumos 14026', () => {
  it('is told in twelve steps', () => {
    const story = storyOf('vmm-drv/one-ring', 'beforeTheFix', 'writeLockIsGot');
    expect(story).toHaveLength(12);
    const order = ['worker.test(ring0)', 'writer.expire(w0)', 'writer.call(w0)', 'worker.sleep(ring0)'];
    expect(story.filter((label) => order.includes(label))).toEqual(order);
  });

  it.each([
    ['beforeTheFix', 12],
    ['naiveFix', 7],
    ['shippedFix', 12],
  ])('leaves a dead end in %s after %i steps', (model, steps) => {
    expect(storyOf('vmm-drv/one-ring', model, 'deadlock')).toHaveLength(steps);
  });
});

describe('shortest solutions of the puzzles', () => {
  it.each([
    ['classic/die-hard', 'threeAndFive', 'measured', 6],
    ['classic/missionaries-and-cannibals', 'threeEach', 'crossed', 11],
    ['classic/hanoi', 'fiveDisks', 'solved', 31],
  ])('%s %s', (file, model, goal, steps) => {
    expect(storyOf(file, model, goal)).toHaveLength(steps);
  });
});

describe('a writer that waits while readers overlap', () => {
  it('is starved in few steps', () => {
    expect(storyOf('classic/versioned-lock', 'preferReaders', 'writerGetsIn').length).toBeLessThanOrEqual(7);
  });
});
