import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../checker/check.ts';
import type { Trace } from '../checker/counterexample/behavior.ts';
import { commonWarnings } from '../checker/report/warning-text.ts';
import type { CheckResult, Verdict } from '../checker/verdict/verdict.ts';
import type { ObjectValue } from '../dsl/ir/index.ts';
import { rowOf } from './support/spec-table.ts';
import { specModels } from './support/specs.ts';
import { wordWarning } from '../checker/verdict/warning-words.ts';
import { formatStep } from '../checker/plan/step-name.ts';

/**
 * The lease protocol takes as long as all the rest together. `npm run docs -- --check`, which .ci/run runs too, holds
 * every model of every spec to its word; of this one only those are checked here whose stories are told below.
 */
const LEFT_TO_DOCS = /^vmm-drv\//;

const models = specModels(
  /^(?!vmm-drv\/)|^vmm-drv\/models\/(one-ring|started|report|findings|holder-mutants|writer-mutants)$/,
);
const SPECS = fileURLToPath(new URL('../specs/', import.meta.url));

const countOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

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
  const checkedHere = models.filter(({ file }) => !LEFT_TO_DOCS.test(file));

  it.each(checkedHere.map(({ file, model }) => [file, model]))('%s %s is as it says', (file, model) => {
    const result = resultOf(file, model);
    expect(result.verdicts.filter(surprising).map(inOneLine)).toEqual([]);
    expect(result.distinctMismatch).toBeUndefined();
    expect(result.asExpected).toBe(true);
    expect(result.statistics.engine).toBe('webassembly');
  });

  it('has nothing to be warned of that is true of all models in its file', () => {
    // Those of the lease protocol stand in many files; `fairlead check specs --strict` looks at all of them together.
    const warned = [...new Set(checkedHere.map(({ file }) => file))].flatMap((file) => {
      const ofFile = checkedHere.filter((one) => one.file === file);
      const checked = ofFile.map(({ model, system }) => {
        return { path: file, files: system().files, result: resultOf(file, model), changed: [] };
      });
      return commonWarnings(checked).map(({ warning, line }) => `${file}:${line} ${wordWarning(warning)}`);
    });
    expect(warned).toEqual([]);
  });

  it('pins its number of states', () => {
    const unpinned = readdirSync(SPECS, { recursive: true, encoding: 'utf8' }).filter((path) => {
      if (!path.endsWith('.ts')) return false;
      const text = readFileSync(join(SPECS, path), 'utf8');
      return countOf(text, /\.model\(/g) !== countOf(text, /\bdistinct: [\d_]+/g);
    });
    expect(unpinned).toEqual([]);
  });

  it('is held to its word in CI, where it is not checked here', () => {
    const ci = readFileSync(fileURLToPath(new URL('../.ci/run', import.meta.url)), 'utf8');
    expect(ci).toMatch(/^ *npm run docs -- --check( \|\||$)/m);
  });
});

const linesOf = (page: string): ReadonlySet<string> => {
  const text = readFileSync(join(SPECS, page), 'utf8');
  return new Set(text.split('\n').map((line) => line.replaceAll(/ +/g, ' ')));
};

describe('specs/README.md', () => {
  it('has a true row for every model that is not in a folder with a README of its own', () => {
    const lines = linesOf('README.md');
    const rows = models
      .filter(({ file }) => !LEFT_TO_DOCS.test(file))
      .map(({ file, model }) => rowOf(file, resultOf(file, model)));
    expect(rows.filter((row) => !lines.has(row))).toEqual([]);
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
  // TLC counts two more, of PlusCal's `Terminating`, by which the two states in which all has ended lead to themselves.
  ['classic/slush', 'oneRound', 1, 274_678, 1_621_538, 42],
] as const;

/** The same from hand-written searches, of models that have no counterpart for TLC. */
const COUNTED_BY_HAND = [
  ['classic/versioned-lock', 'preferReaders', 1, 5_716, 28_040, 19],
  ['vmm-drv/models/one-ring', 'beforeTheFix', 1, 99, 166, 27],
  ['vmm-drv/models/one-ring', 'naiveFix', 1, 91, 153, 27],
  ['vmm-drv/models/one-ring', 'shippedFix', 1, 110, 177, 25],
  ['vmm-drv/models/started', 'beforeTheFix', 1, 302, 597, 32],
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

/** The story that breaks a property or reaches a goal. */
function traceOf(file: string, model: string, property: string): Trace {
  const { outcome } = resultOf(file, model).verdicts.find(({ name }) => name === property)!;
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') throw new Error(`${property} ${outcome.kind}`);
  return outcome.trace;
}

/** The labels of its steps, loop and stem. */
function storyOf(file: string, model: string, property: string): readonly string[] {
  return traceOf(file, model, property).steps.map(formatStep);
}

/** Its last state. */
function endOf(file: string, model: string, property: string): ObjectValue {
  return traceOf(file, model, property).states.at(-1)!;
}

describe('the livelock of illumos 14026', () => {
  it('is told in twelve steps', () => {
    const story = storyOf('vmm-drv/models/one-ring', 'beforeTheFix', 'writeLockIsGot');
    expect(story).toHaveLength(12);
    const order = ['worker.test(rx0)', 'writer.expire(w0)', 'writer.call(w0)', 'worker.sleep(rx0)'];
    expect(story.filter((label) => order.includes(label))).toEqual(order);
  });

  it.each([
    ['beforeTheFix', 12],
    ['naiveFix', 7],
    ['shippedFix', 12],
  ])('leaves a dead end in %s after %i steps', (model, steps) => {
    expect(storyOf('vmm-drv/models/one-ring', model, 'deadlock')).toHaveLength(steps);
  });

  it('leads to what the stacks and the dump of the report show', () => {
    const file = 'vmm-drv/models/report';
    const story = storyOf(file, 'beforeTheFix', 'asReported');
    expect(story).toHaveLength(29);
    const order = [
      'worker.test(tx0)',
      'writer.expire(w0)',
      'writer.call(w0)',
      'writer.expire(w0)',
      'writer.call(w0)',
      'writer.enterRw(w0)',
      'worker.sleep(tx0)',
      'worker.rxTest(rx0)',
    ];
    expect(story.filter((label) => order.includes(label))).toEqual(order);
    expect(story.at(-1)).toMatch(/^worker\.sign/);

    expect(endOf(file, 'beforeTheFix', 'asReported')).toMatchObject({
      blocker: 1,
      leaseList: ['tx0'],
      expired: { tx0: true },
      'writer.pc': { w0: 'write' },
      'vcpu.pc': { 1: 'lock' },
      'worker.pc': { tx0: 'asleep' },
      ring: { rx0: { state: 'RUN' }, tx0: { state: 'INIT', start: false, stop: false, renew: false } },
    });
  });
});

/** What the hand-written search found, step for step: the places are cut alike on the way there. */
const LENGTHS_BY_HAND = [
  ['findings', 'signingReceiveRing', 'callAgainstSign', 12],
  ['findings', 'signingReceiveRing', 'callAgainstSignOfKicked', 14],
  ['findings', 'signingReceiveRing', 'callAgainstSignOfRunning', 17],
  ['findings', 'signingReceiveRing', 'callAgainstInit', 15],
  ['findings', 'expiryInCallbackWithInit', 'deadlock', 15],
  ['findings', 'callbackAfterFree', 'noCallbackAfterFree', 12],
  ['holder-mutants', 'breakAtOnce', 'cursorValid', 10],
  ['holder-mutants', 'signUnblockedBeforeTheFix', 'signerGetsThrough', 21],
  ['writer-mutants', 'blockDoesNotDrain', 'writeLockIsGot', 28],
  ['holder-mutants', 'silentDeferral', 'writeLockIsGot', 27],
  ['writer-mutants', 'wakeOneAtUnblock', 'signerGetsThrough', 38],
] as const;

describe('what is wrong with the fixes of illumos 14026', () => {
  it.each(LENGTHS_BY_HAND)('%s %s: %s after %i steps', (instance, model, property, steps) => {
    expect(storyOf(`vmm-drv/models/${instance}`, model, property)).toHaveLength(steps);
  });

  it('is a deadlock of three where signers do not look at the blocker count', () => {
    expect(endOf('vmm-drv/models/holder-mutants', 'signUnblockedBeforeTheFix', 'signerGetsThrough')).toMatchObject({
      leaseLock: { owner: 'rx0' },
      'worker.pc': { rx0: 'leaveSign', rx1: 'lockToBreak' },
      'writer.pc': { w0: 'write' },
    });
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
