import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import type { Explained, ReportedModel, SpecEnd, SpecStart } from '../report/reporter.ts';
import { told } from '../report/told-result.ts';
import type { CommonWarning, WarnedModel } from '../report/warning-text.ts';
import { ModelChecker } from './check-model.ts';
import { optionsFor } from './check-request.ts';
import type { CheckRequest } from './check-request.ts';
import type { DiagnosticLog } from './diagnostic-log.ts';
import type { Host } from './host.ts';
import { inOrder } from './in-order.ts';
import type { KernelCache } from './kernel-cache.ts';
import type { PreparedSpec } from './prepared-spec.ts';
import { UsageProblem } from './problem.ts';
import type { ResultMemory } from './result-memory.ts';
import { ProgressOfFirst } from './progress-line.ts';
import { fairnessSetsOf, propertyNames, withoutTemporalExpectations } from './selection.ts';
import type { SpecSelection } from './selection.ts';
import { SpecWarnings } from './spec-warnings.ts';

/** What a run is made of. */
interface Run {
  readonly request: CheckRequest;
  readonly host: Host;
  readonly specs: readonly PreparedSpec[];
  readonly explain: Explained;
  readonly kernels: KernelCache;
  /** Takes the diagnostics of models, which are lowered when their turn has come. */
  readonly log: DiagnosticLog;
  /** What checks the models, and goes on after the run; absent: one of its own. */
  readonly checker?: ModelChecker | undefined;
  /** What was found of systems that are the same objects. */
  readonly results?: ResultMemory | undefined;
  /** Whether there are other specs, so that what is true of a file in all of these may not be in those. */
  readonly isPart?: boolean | undefined;
}

/** What happens in a run. */
type RunEvent =
  | { readonly kind: 'start'; readonly spec: SpecStart }
  | { readonly kind: 'model'; readonly model: ReportedModel }
  | { readonly kind: 'end'; readonly spec: SpecEnd }
  | { readonly kind: 'sharedWarnings'; readonly warnings: readonly CommonWarning[] }
  /** Models were not begun, because a stop was requested: all of a spec, which were not lowered either, or one. */
  | { readonly kind: 'skipped'; readonly what: 'spec' | 'model'; readonly models: number };

/**
 * Checks the models of specs, several side by side, and yields what happens in the order in which it is reported.
 *
 * @throws UsageProblem when nothing but deadlocks was asked about, of models that do not care for them.
 */
export async function* eventsOf(run: Run): AsyncGenerator<RunEvent> {
  const { request, host } = run;
  const warnings = new SpecWarnings(
    run.specs.map(({ selection }) => selection),
    request.models.length > 0 || run.isPart === true,
  );
  const checker = run.checker ?? new ModelChecker(host, run.kernels);
  const progress = new ProgressOfFirst(
    request.quiet,
    host,
    run.specs.reduce((sum, { count }) => sum + count, 0),
  );
  /** Models passed over that would be judged if they cared for deadlocks. */
  const ignoring: string[] = [];
  const all: WarnedModel[] = [];
  let isWhole = true;
  let current: SpecAtWork | undefined;
  let done: WarnedModel[] = [];
  try {
    const judge = (item: Work): Promise<Judged | Work> => judged(item, run, checker, progress);
    for await (const one of inOrder(workOf(run, progress, ignoring), checker.atOnce(request), judge)) {
      if (one.kind === 'skipped') {
        isWhole = false;
        yield one;
        continue;
      }
      if (one.kind === 'diagnostics') {
        progress.clear();
        run.log.add(one.path, one.diagnostics, one.files);
        continue;
      }
      if (one.spec !== current) {
        current = one.spec;
        done = [];
        yield { kind: 'start', spec: current.start };
      }
      if (one.kind === 'model') yield { kind: 'skipped', what: 'model', models: 1 };
      else if (one.kind === 'end') {
        yield { kind: 'end', spec: warnings.ofSpec(current.selection, current.count, done) };
      } else {
        progress.next();
        const warned = warnedOf(one.model);
        all.push(warned);
        done.push(warned);
        yield { kind: 'model', model: one.model };
      }
    }
  } finally {
    if (run.checker === undefined) checker.close();
  }
  if (all.length === 0 && request.properties.includes('deadlock')) refuseIgnored(ignoring);
  if (isWhole && run.isPart !== true) yield { kind: 'sharedWarnings', warnings: warnings.ofSharedFiles(all) };
}

/** A spec whose models are at work. */
interface SpecAtWork {
  readonly selection: SpecSelection;
  readonly start: SpecStart;
  /** How many models it has, with those that were rejected. */
  readonly count: number;
}

/** A model to judge; or that those of a spec are at their end, or are not begun. */
type Work =
  | {
      readonly kind: 'model';
      readonly spec: SpecAtWork;
      readonly system: System;
      readonly changed: readonly string[];
    }
  | { readonly kind: 'end'; readonly spec: SpecAtWork }
  /** What is wrong with a model, found when the models before it may still be at work. */
  | {
      readonly kind: 'diagnostics';
      readonly path: string;
      readonly diagnostics: readonly Diagnostic[];
      readonly files: readonly SourceFile[];
    }
  | Extract<RunEvent, { kind: 'skipped' }>;

interface Judged {
  readonly kind: 'judged';
  readonly spec: SpecAtWork;
  readonly model: ReportedModel;
}

/** What there is to do, in the order in which it is reported. @param ignoring - names of models are added to it. */
function* workOf({ request, host, specs }: Run, progress: ProgressOfFirst, ignoring: string[]): Generator<Work> {
  for (const { selection, count, complaints, instantiate } of specs) {
    if (host.interrupt.requested) {
      yield { kind: 'skipped', what: 'spec', models: count };
      continue;
    }
    const { path, files } = selection.file;
    const illTyped = complaints();
    if (illTyped.length > 0) {
      yield { kind: 'diagnostics', path, diagnostics: illTyped, files };
      continue;
    }
    const models = instantiate();
    progress.clear();
    for (const { diagnostics } of models)
      if (diagnostics.length > 0) yield { kind: 'diagnostics', path, diagnostics, files };
    const accepted = models.flatMap(({ system, changed }) => (system === undefined ? [] : [{ system, changed }]));
    const layout = accepted.map(({ system }) => ({ model: system.model.name, parameters: parametersOf(system) }));
    const start = { path, name: selection.spec.name, models: layout };
    const spec: SpecAtWork = { selection, count: models.length, start };
    for (const { system, changed } of accepted) {
      if (concerns(system, request.properties)) yield { kind: 'model', spec, system, changed };
      else if (system.model.deadlocks === 'ignored') ignoring.push(system.model.name);
    }
    yield { kind: 'end', spec };
  }
}

/** What came of it, where it is a model and no stop was requested. */
async function judged(
  item: Work,
  { request, host, explain, results }: Run,
  checker: ModelChecker,
  progress: ProgressOfFirst,
): Promise<Judged | Work> {
  if (item.kind !== 'model' || host.interrupt.requested) return item;
  const { spec, system: declared, changed } = item;
  const fairness = request.fairness && fairnessSetsOf(declared, request.fairness);
  const system = fairness === undefined ? declared : withoutTemporalExpectations(declared);
  // Random runs are few, and cost little to explain.
  const isExplained = request.simulation !== undefined;
  const options = { ...optionsFor(request, system, fairness), explain: isExplained ? ('all' as const) : explain };
  const known = results?.recall(system, options);
  const result = known ?? (await checker.check(system, options, progress.progressOf(system)));
  if (result === undefined) return item;
  if (known === undefined) results?.keep(system, options, result);
  const { path } = spec.selection.file;
  const names = toldNames(system);
  const model = { path, files: system.files, result, changed, names, system, ...(fairness && { fairness }) };
  return { kind: 'judged', spec, model };
}

/** In the names that readers are told, as warnings are joined by what they say. */
function warnedOf({ files, result, names }: ReportedModel): WarnedModel {
  return { files, result: { warnings: told(names, result.warnings) } };
}

function concerns(system: System, properties: readonly string[]): boolean {
  return properties.length === 0 || propertyNames(system).some((name) => properties.includes(name));
}

function parametersOf(system: System): ObjectValue {
  return Object.fromEntries(system.parameters.map(({ name, value }) => [name, value]));
}

/** @throws UsageProblem when there are such models. */
function refuseIgnored(ignoring: readonly string[]): void {
  if (ignoring.length === 0) return;
  const names = ignoring.slice(0, 3).join(', ') + (ignoring.length > 3 ? ', …' : '');
  throw new UsageProblem(
    `deadlocks are not judged in ${names}`,
    'It says `deadlocks: "ignored"`. `deadlocks: false` in a model asks for them, whatever its spec says.',
  );
}
