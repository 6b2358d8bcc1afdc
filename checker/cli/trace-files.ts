import { writeFileSync } from 'node:fs';
import type { System } from '../../dsl/ir/index.ts';
import { traceToItf } from '../report/itf.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { UsageProblem } from './problem.ts';

/** A counterexample or witness in the Informal Trace Format, and what tells it from others of the same run. */
export interface TraceToWrite {
  readonly model: string;
  readonly property: string;
  readonly text: string;
}

/** Every trace that a result holds. A failing `init` leaves none: there is no state to tell of. */
export function tracesOf(system: System, result: CheckResult): readonly TraceToWrite[] {
  return result.verdicts.flatMap(({ name, outcome }) =>
    (outcome.kind === 'violated' || outcome.kind === 'reached') && outcome.trace.states.length > 0
      ? [{ model: result.model, property: name, text: traceToItf(system, name, outcome.trace) }]
      : [],
  );
}

/**
 * Writes traces: a single one to the file as it is named, several to files beside it that have model and property in
 * their names (`hang.asShipped.writeLock.itf.json`).
 *
 * @throws UsageProblem when there is nothing to write, or it cannot be written.
 */
export function writeTraces(path: string, traces: readonly TraceToWrite[]): void {
  if (traces.length === 0)
    throw new UsageProblem(`there is no trace to write to ${path}: nothing is violated or reached`);
  const [, stem = path, ending = ''] = /^(.*?)((?:\.itf)?\.json)?$/s.exec(path) ?? [];
  for (const { model, property, text } of traces) {
    const file = traces.length === 1 ? path : `${stem}.${model}.${property}${ending}`;
    try {
      writeFileSync(file, `${text}\n`);
    } catch (error) {
      throw new UsageProblem(`${file} cannot be written: ${(error as Error).message}`);
    }
  }
}
