import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Judged, OpenedSpec, Session } from '../cli/session.ts';
import { askedModel } from './declared.ts';
import type { AskedModel } from './declared.ts';
import { judgeModel, standingOf, verdictOf, wordUnknown, wordVerdicts } from './judgement.ts';
import type { Judgement } from './judgement.ts';
import { wordContrast } from './matchers.ts';
import { sessionFor } from './session.ts';
import { problem } from './problem.ts';

export interface DescribeOptions {
  /** Milliseconds for each test; the first one of a model searches it. Default: as the tests of the project have. */
  readonly timeout?: number;
}

/**
 * Makes a test of each property of each model of a spec file: that it is as the model expects.
 *
 * @param module - what the file exports: `import * as lock from './lock.ts'`, and then `describeSpec(lock)`. All models of
 * the files in which its models are declared are tested; where it has none, those of the files in which its specs are.
 * @throws TypeError where it exports neither a model nor a spec.
 */
export function describeSpec(module: object, options: DescribeOptions = {}): void {
  const asked = Object.values(module).flatMap((value) => askedModel(value) ?? []);
  const models = asked.filter(({ model }) => model !== undefined);
  const meant = models.length > 0 ? models : asked;
  if (meant.length === 0) {
    throw problem('describeSpec takes what a file with a spec exports: import * as lock from "./lock.ts"');
  }
  const testFile = expect.getState().testPath;
  const byFile = new Map(meant.map((one) => [one.file, one]));
  for (const one of byFile.values())
    describe(one.spec.name, async () => describeFile(await sessionFor(testFile), one, options));
}

async function describeFile(session: Session, { file }: AskedModel, options: DescribeOptions): Promise<void> {
  const { path, rejected, specs } = await session.open(file);
  if (rejected !== undefined) {
    test('compiles', () => {
      throw atPlace(new Error(`${path} was rejected\n\n${rejected}`), undefined);
    });
    return;
  }
  for (const spec of specs)
    for (const model of spec.models) await describeModel(session, path, spec, { model, options });
}

async function describeModel(
  session: Session,
  path: string,
  spec: OpenedSpec,
  { model, options }: { readonly model: string; readonly options: DescribeOptions },
): Promise<void> {
  const opened = await spec.open(model);
  describe(model, () => {
    if (opened.rejected !== undefined) {
      test('compiles', () => {
        throw atPlace(new Error(`${path} was rejected\n\n${opened.rejected}`), undefined);
      });
      return;
    }
    let judging: Promise<Judgement> | undefined;
    const judged = (signal: AbortSignal): Promise<Judgement> => (judging ??= judgeModel(session, path, opened, signal));
    for (const one of opened.judged) {
      test(titleOf(one), options, async ({ signal }) => expectVerdict(await judged(signal), one));
    }
    const { distinct } = opened.system.model;
    if (distinct !== undefined) {
      test(`has ${distinct.toLocaleString('en')} states`, options, async ({ signal }) =>
        expectStates(await judged(signal), distinct),
      );
    }
  });
}

function titleOf({ kind, name, expected }: Judged): string {
  if (kind === 'deadlock') return expected === 'violated' ? 'deadlocks' : 'does not deadlock';
  if (kind === 'evaluation') return expected === 'violated' ? 'some step fails' : 'no step fails';
  return expected === 'holds' ? `${name} holds` : `${name} is ${expected}`;
}

/** @throws Error where the verdict is not as the model expects, or there is none. */
function expectVerdict(judgement: Judgement, judged: Judged): void {
  const verdict = verdictOf(judgement, judged);
  if (verdict === undefined) throw problem(`${judged.name} was not judged`);
  const standing = standingOf(verdict, judged.expected);
  if (standing === 'met') return;
  const place = placeOf(judgement, verdict.span);
  if (standing === 'unknown') throw atPlace(new Error(wordUnknown(judgement, verdict)), place);
  const contrast = wordContrast(verdict, judged.expected, judgement.result.model);
  const story = wordVerdicts(judgement, [{ verdict, claimed: judged.expected }]);
  throw atPlace(new Error(`${contrast}\n\n${story}`), place);
}

/** @throws Error where there are others. */
function expectStates({ result }: Judgement, expected: number): void {
  const { distinct: actual, cut } = result.statistics;
  if (actual === expected) return;
  if (result.distinctMismatch === undefined && cut !== undefined) throw problem('not all states were searched');
  throw problem(`it has ${actual.toLocaleString('en')} distinct states, but says ${expected.toLocaleString('en')}`);
}

/** Line and column of a part of a spec, as in a stack. */
function placeOf({ system }: Judgement, span: Span): string | undefined {
  const file = system.files[span.file];
  if (file === undefined) return undefined;
  const before = file.text.slice(0, span.start).split('\n');
  return `${resolve(file.path)}:${before.length}:${before.at(-1)!.length + 1}`;
}

/** The error as if it were thrown there: then a test runner shows those lines, and not ours. */
function atPlace(error: Error, place: string | undefined): Error {
  const frames = place === undefined ? '' : `\n    at ${place}`;
  return Object.defineProperty(error, 'stack', { value: `Error: ${error.message}${frames}` });
}
