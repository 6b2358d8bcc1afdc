import { readFileSync } from 'node:fs';
import type { System } from '../../dsl/ir/index.ts';
import { itfToTrace, traceToItf } from '../report/itf.ts';
import type { RecordedTrace, Recording } from '../report/recorded-trace.ts';
import type { Reporter } from '../report/reporter.ts';
import { reportToTraces } from '../report/report-traces.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { UsageProblem } from './problem.ts';
import { writeAsked } from './write-file.ts';

/** Writes every counterexample and witness of a run, at its end. @param path - see {@link writeTraces}. */
export function traceReporter(path: string): Reporter {
  const traces: TraceToWrite[] = [];
  return {
    start: () => 'all',
    model: ({ system, result }) => void traces.push(...tracesOf(system, result)),
    end: () => writeTraces(path, traces),
  };
}

/** A counterexample or witness in the Informal Trace Format, and what tells it from others of the same run. */
interface TraceToWrite {
  readonly model: string;
  readonly property: string;
  readonly text: string;
}

/** Every trace that a result holds. A failing `init` leaves none: there is no state to tell of. */
function tracesOf(system: System, result: CheckResult): readonly TraceToWrite[] {
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
function writeTraces(path: string, traces: readonly TraceToWrite[]): void {
  if (traces.length === 0)
    throw new UsageProblem(`there is no trace to write to ${path}: nothing is violated or reached`);
  const [, stem = path, ending = ''] = /^(.*?)((?:\.itf)?\.json)?$/s.exec(path) ?? [];
  for (const { model, property, text } of traces) {
    const file = traces.length === 1 ? path : `${stem}.${model}.${property}${ending}`;
    writeAsked(file, `${text}\n`);
  }
}

/**
 * The traces of a file that Fairlead or another tool wrote: one in the Informal Trace Format, or those of a report of
 * `--format json`.
 *
 * @throws UsageProblem when the file cannot be read, is something else, or has no trace.
 */
export function readTraces(path: string): readonly RecordedTrace[] {
  const recording = recordingIn(readText(path));
  if (recording.kind === 'invalid') throw new UsageProblem(`${path} holds no traces`, recording.problem);
  if (recording.traces.length > 0) return recording.traces;
  throw new UsageProblem(`${path} holds no traces`, 'It is a report in which nothing is violated or reached.');
}

function recordingIn(text: string): Recording {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'invalid', problem: `It is not JSON: ${(error as Error).message}` };
  }
  const is = (key: string): boolean => typeof json === 'object' && json !== null && key in json;
  if (is('format')) return reportToTraces(json);
  if (is('states')) return itfToTrace(json);
  const problem = 'It is neither a trace in the Informal Trace Format nor a report of `check --format json`.';
  return { kind: 'invalid', problem };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageProblem(`${path} cannot be read: ${(error as Error).message}`);
  }
}
