import { readFileSync } from 'node:fs';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import { recheck } from '../counterexample/recheck.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import { itfToTrace, modelOfItf } from '../report/itf.ts';
import { renderSteps } from '../report/trace-text.ts';
import type { Surroundings } from './check.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { loadFiles } from './load.ts';
import { UsageProblem } from './problem.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';

/** `fairlead replay`, as the arguments say it. */
export interface ReplayRequest {
  /** A file in the Informal Trace Format. */
  readonly trace: string;
  readonly path: string;
  /** Absent: the model that the trace names. */
  readonly model?: string | undefined;
  /** `name=value`. */
  readonly settings: readonly string[];
}

/**
 * Runs a trace again, step by step, against a spec as it is now, and shows it.
 *
 * @throws UsageProblem when the trace cannot be read, or the model it is of is not there.
 */
export async function runReplay(request: ReplayRequest, around: Surroundings): Promise<ExitCode> {
  const text = read(request.trace);
  const loaded = await loadFiles(findSpecFiles([request.path]));
  const wanted = request.model ?? modelOfItf(text);
  for (const { diagnostics, files } of loaded) {
    if (diagnostics.length > 0) around.error(`${renderDiagnostics(diagnostics, files, colors(around))}\n`);
  }
  if (loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return EXIT.rejected;
  const selections = selectModels(loaded, wanted === undefined ? [] : [wanted]);
  const settings = readSettings(request.settings, selections);
  const models = selections.flatMap((selection) => instantiateModels(selection, settings));
  const [only] = models;
  if (only === undefined) throw new UsageProblem(`there is no spec in ${request.path}`);
  if (models.length > 1) {
    throw new UsageProblem(
      `${request.trace} does not say which of several models it is of`,
      `Choose one with --model: ${models.map(({ model }) => model).join(', ')}.`,
    );
  }
  if (only.system === undefined) {
    around.error(`${renderDiagnostics(only.diagnostics, loaded[0]!.files, colors(around))}\n`);
    return EXIT.rejected;
  }
  const { system } = only;
  const trace = itfToTrace(system, text);
  if (trace.kind === 'invalid') {
    throw new UsageProblem(`${request.trace} is no trace of ${only.model}`, trace.problem);
  }
  const plan = planOf(system);
  if (isRefused(plan)) throw new UsageProblem(plan.refusals.map(({ message }) => message).join('; '));
  const checked = recheck(plan, trace.trace);
  if (checked.kind === 'invalid') {
    around.out(
      `✗ ${system.name}, model ${only.model}, does not behave so: state ${checked.state}: ${checked.message}\n`,
    );
    return EXIT.notAsExpected;
  }
  const about = trace.trace.property === undefined ? '' : `, told of ${trace.trace.property}`;
  const options = { color: around.terminal.color.out, width: around.terminal.width };
  around.out(`✓ ${system.name}, model ${only.model}, behaves so${about}\n\n`);
  around.out(`${renderSteps(checked.trace, options).join('\n')}\n`);
  return EXIT.asExpected;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageProblem(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function colors(around: Surroundings): { readonly color: boolean } {
  return { color: around.terminal.color.error };
}
