import type { System } from '../../dsl/ir/index.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import { wordFault } from '../counterexample/recheck.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import { wordRefusal } from '../plan/refusal.ts';
import type { RecordedTrace } from '../report/recorded-trace.ts';
import { renderSteps } from '../report/trace-text.ts';
import { told } from '../report/told-result.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { LoadedFile } from './load.ts';
import { loadFiles } from './load.ts';
import { UsageProblem } from './problem.ts';
import type { Instantiated, Settings, SpecSelection } from './selection.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';
import { readTraces } from './trace-files.ts';
import { recheckByOrder } from '../serials/growing-trace.ts';

/** `fairlead replay`, as the arguments say it. */
export interface ReplayRequest {
  /** A file in the Informal Trace Format, or a report of `--format json`. */
  readonly trace: string;
  readonly path: string;
  /** Of a report: only the traces of this model. Of a trace: the model it is tried on, whichever it names. */
  readonly model?: string | undefined;
  /** Only the traces that tell of this property. */
  readonly property?: string | undefined;
  /** `name=value`; parameters that are not named are as the trace has them. */
  readonly settings: readonly string[];
}

/**
 * Runs traces again, step by step, against a spec as it is now, and shows them.
 *
 * @throws UsageProblem when a trace cannot be read, or what it is of is not there.
 */
export async function runReplay(request: ReplayRequest, host: Host): Promise<ExitCode> {
  const recorded = chosen(request, readTraces(request.trace));
  const loaded = await loadFiles(findSpecFiles([request.path]), host);
  for (const { diagnostics, files } of loaded) {
    if (diagnostics.length > 0) host.error(`${diagnosticText(diagnostics, files, host)}\n`);
  }
  if (loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return EXIT.rejected;
  let code: ExitCode = EXIT.asExpected;
  for (const [index, trace] of ofSpecsThere(request, recorded, loaded).entries()) {
    const model = modelFor(request, trace, loaded);
    if (model.system === undefined) {
      host.error(`${diagnosticText(model.diagnostics, model.file.files, host)}\n`);
      return EXIT.rejected;
    }
    if (index > 0) host.out('\n');
    if (!replay(request, trace, model.system, model.changed, host)) code = EXIT.notAsExpected;
  }
  return code;
}

/** The traces that are asked for. A single trace may be tried on any model. */
function chosen(
  { trace: file, model, property }: ReplayRequest,
  all: readonly RecordedTrace[],
): readonly RecordedTrace[] {
  const isAsked = (one: RecordedTrace): boolean =>
    (model === undefined || all.length === 1 || one.model === model) &&
    (property === undefined || one.property === property);
  const asked = all.filter(isAsked);
  if (asked.length > 0) return asked;
  const known = all.map((one) => `${one.model ?? 'some model'} ${one.property ?? ''}`.trim());
  throw new UsageProblem(`${file} holds no such trace`, `There are those of ${known.join(', ')}.`);
}

/** The traces of specs that are there; where a model was named, whatever spec they say. */
function ofSpecsThere(
  { trace: file, path, model }: ReplayRequest,
  recorded: readonly RecordedTrace[],
  loaded: readonly LoadedFile[],
): readonly RecordedTrace[] {
  const known = loaded.flatMap(({ specs }) => specs.map(({ name }) => name));
  if (known.length === 0) throw new UsageProblem(`there is no spec in ${path}`);
  const there = recorded.filter(({ spec }) => spec === undefined || known.includes(spec));
  if (there.length > 0) return there;
  if (model !== undefined && recorded.length === 1) return recorded;
  const wanted = [...new Set(recorded.map(({ spec }) => spec))].join(', ');
  throw new UsageProblem(
    `${file} is of the spec ${wanted}, which is not in ${path}`,
    `There is ${known.join(', ')}. If it goes by another name now, say which model with --model.`,
  );
}

/** The one model that a trace is tried on, with the parameters that the trace was made with unless others are asked for. */
function modelFor(
  request: ReplayRequest,
  trace: RecordedTrace,
  loaded: readonly LoadedFile[],
): Instantiated & { readonly file: LoadedFile } {
  const name = request.model ?? trace.model;
  const all = selectModels(loaded, name === undefined ? [] : [name]);
  const own = all.filter(({ spec }) => spec.name === trace.spec);
  const selections = own.length === 0 ? all : own;
  const settings = readSettings(request.settings, selections);
  const models = selections.flatMap((selection) => modelsOf(selection, settings, trace));
  const [only] = models;
  if (only === undefined) throw new UsageProblem(`there is no spec in ${request.path}`);
  if (models.length > 1) {
    throw new UsageProblem(
      `${request.trace} does not say which of several models it is of`,
      `Choose one with --model: ${models.map(({ model }) => model).join(', ')}.`,
    );
  }
  return only;
}

function modelsOf(
  selection: SpecSelection,
  settings: Settings,
  { parameters }: RecordedTrace,
): readonly (Instantiated & { readonly file: LoadedFile })[] {
  const { file } = selection;
  const inFile = (models: readonly Instantiated[]) => models.map((model) => ({ ...model, file }));
  const asDeclared = instantiateModels(selection, settings);
  const [first] = asDeclared;
  if (first?.system === undefined || asDeclared.length > 1) return inFile(asDeclared);
  const differing = first.system.parameters.flatMap(({ name, value }): [string, string[]][] => {
    const recorded = parameters[name];
    return recorded === undefined || settings[name] !== undefined || recorded === formatValue(value)
      ? []
      : [[name, [recorded]]];
  });
  return inFile(
    differing.length === 0
      ? asDeclared
      : instantiateModels(selection, { ...Object.fromEntries(differing), ...settings }),
  );
}

/** @returns whether the system behaves so. */
function replay(
  { trace: file }: ReplayRequest,
  recorded: RecordedTrace,
  system: System,
  changed: readonly string[],
  host: Host,
): boolean {
  const { name: model } = system.model;
  const reading = recorded.read(system);
  if (reading.kind === 'invalid') throw new UsageProblem(`${file} is no trace of ${model}`, reading.problem);
  const plan = planOf(system);
  if (isRefused(plan)) throw new UsageProblem(plan.refusals.map(wordRefusal).join('; '));
  const values = system.parameters.filter(({ name }) => changed.includes(name));
  const given = values.map(({ name, value }) => `${name} = ${formatValue(value)}`).join(', ');
  const who = `${system.name}, model ${model}${given === '' ? '' : ` with ${given}`}`;
  const about = recorded.property === undefined ? '' : `, told of ${recorded.property}`;
  const checked = recheckByOrder(system, plan, reading.trace);
  if (checked.kind === 'invalid') {
    const why = wordFault(told(toldNames(system), checked.reason));
    host.out(`✗ ${who}, does not behave so${about}: state ${checked.state}: ${why}\n`);
    return false;
  }
  const options = { color: host.terminal.color.out, width: host.terminal.width, full: true, files: system.files };
  host.out(
    `✓ ${who}, behaves so${about}\n\n${renderSteps(told(toldNames(system), checked.trace), options).join('\n')}\n`,
  );
  return true;
}
