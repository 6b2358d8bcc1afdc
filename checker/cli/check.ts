import { join } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import { clock } from '../clock.ts';
import type { CheckOptions } from '../options.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { standingOf } from '../report/standing.ts';
import { renderModelLine, renderSpecLine } from '../report/model-line.ts';
import { renderSummary } from '../report/summary.ts';
import type { CheckedModel, TextOptions } from '../report/text-options.ts';
import { toldResult } from '../report/told-result.ts';
import { layOutSpec, renderModel, renderSpecHeading } from '../report/text.ts';
import { holdingElsewhere, renderElsewhere } from '../report/elsewhere.ts';
import { commonWarnings, renderUnused, renderWarnings } from '../report/warning-text.ts';
import type { CommonWarning } from '../report/warning-text.ts';
import type { SimulationOptions } from '../simulation/options.ts';
import { ModelChecker } from './check-model.ts';
import { inOrder } from './in-order.ts';
import type { PlainOptions } from './check-task.ts';
import { Digests } from './digest.ts';
import { kernelCache, NO_KERNELS } from './kernel-cache.ts';
import type { KernelCache } from './kernel-cache.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT, heaviest } from './exit-code.ts';
import { loadFiles, orAfresh, withoutParts } from './load.ts';
import { UsageProblem } from './problem.ts';
import { ProgressOfFirst } from './progress-line.ts';
import type { Instantiated, SpecSelection } from './selection.ts';
import {
  checkFairnessNames,
  checkPropertyNames,
  combinationsOf,
  fairnessSetsOf,
  instantiateModels,
  propertyNames,
  readSettings,
  selectModels,
  withoutTemporalExpectations,
} from './selection.ts';
import { NO_CACHE, specCache } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';
import { DEFAULT_FOLDER, findSpecFiles } from './spec-files.ts';
import type { Host } from './host.ts';
import { refuseUnwritable } from './writable.ts';

/** `fairlead check`, as the arguments say it. */
export interface CheckRequest {
  /** Files and folders; none: `specs/`. */
  readonly paths: readonly string[];
  /** Only models of these names; none: all. */
  readonly models: readonly string[];
  /** `name=value`. */
  readonly settings: readonly string[];
  /** Only properties of these names; none: all. */
  readonly properties: readonly string[];
  readonly maxStates: number | undefined;
  /** Seconds. */
  readonly maxTime: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly workers: number | undefined;
  /** Let fingerprints stand for states. */
  readonly compact: boolean;
  readonly engine: NonNullable<CheckOptions['engine']>;
  readonly format: 'text' | 'json';
  /** Whether those that are as expected are shown too; `full`: leaving nothing out. */
  readonly traces: boolean | 'full';
  /** Tell all of each model, however many there are. */
  readonly verbose: boolean;
  /** Where counterexamples and witnesses are written: see `trace-files.ts`. */
  readonly traceFile: string | undefined;
  /** Where a page about all of it is written. */
  readonly htmlFile: string | undefined;
  /** Also work out what fairness each temporal property needs. */
  readonly advise: boolean;
  /** The fairness sets that take the place of what the spec says; undefined: none do. */
  readonly fairness: readonly string[] | undefined;
  readonly coverage: boolean;
  /** Whether all the ways in which an invariant is violated are told. */
  readonly allWays: boolean;
  /** Whether warnings are failures. */
  readonly strict: boolean;
  readonly quiet: boolean;
  /** Random runs in place of a search of everything. */
  readonly simulation?: SimulationOptions;
}

/**
 * Loads the specs, checks their models and prints what came of it.
 *
 * @throws UsageProblem when the request names something that is not there, or a file that cannot be written.
 */
export async function runCheck(request: CheckRequest, host: Host): Promise<ExitCode> {
  let leave = (): void => {};
  // What is known by then is to be told, whatever else is interrupted.
  const onResult = (): void => {
    leave();
    leave = host.interrupt.attend();
  };
  try {
    return await checkAll(request, host, onResult);
  } finally {
    leave();
  }
}

/** @param onResult - called when there is something to tell. */
async function checkAll(request: CheckRequest, host: Host, onResult: () => void): Promise<ExitCode> {
  const started = clock();
  for (const file of [request.traceFile, request.htmlFile]) if (file !== undefined) refuseUnwritable(file);
  const digests = new Digests();
  const cache = cacheFor(request, host, digests);
  const kernels = kernelsFor(host, digests);
  const diagnosed = new DiagnosticLog(request, host);
  const specs = await orAfresh(cache, (known) => prepareAll(request, host, known, diagnosed));

  const detail = detailOf(request, specs);
  const options: TextOptions = {
    color: host.terminal.color.out,
    width: host.terminal.width,
    full: request.traces === 'full',
    traces: request.traces !== false ? 'all' : detail === 'story' ? 'violations' : 'unexpected',
    coverage: request.coverage,
  };
  const column = Math.max(0, ...specs.map(({ selection }) => selection.spec.name.length));
  const checked: CheckedModel[] = [];
  /** Models passed over that would be judged if they cared for deadlocks. */
  const ignoring: string[] = [];
  const done: (CheckedModel & { readonly system: System })[] = [];
  const isShared = sharedBy(specs.map(({ selection }) => selection));
  let skipped = 0;
  let warnings = 0;
  let isKnown = true;
  const explain = isToldInFull(request, detail) ? 'all' : 'unexpected';

  const head = new ProgressOfFirst(request.quiet, host);
  /** What there is to do, in the order in which it is told. */
  function* work(): Generator<Work> {
    for (const { selection, count, instantiate } of specs) {
      if (host.interrupt.requested) {
        skipped += count;
        isKnown = false;
        continue;
      }
      const models = instantiate();
      head.clear();
      for (const { diagnostics } of models) diagnosed.add(selection.file.path, diagnostics, selection.file.files);
      const printer = printerOf(selection, models, { request, detail, column, options, host, isShared });
      for (const { system, changed } of models) {
        if (system === undefined) continue;
        if (concerns(system, request.properties)) yield { kind: 'model', selection, system, changed, printer };
        else if (system.model.deadlocks === 'ignored') ignoring.push(system.model.name);
      }
      yield { kind: 'end', printer };
    }
  }
  const checker = new ModelChecker(host, kernels);
  const atOnce = checker.atOnce(request);
  const judged = async (item: Work): Promise<Judged | Work> => {
    if (item.kind === 'end' || host.interrupt.requested) return item;
    const { system: declared } = item;
    const fairness = request.fairness && fairnessSetsOf(declared, request.fairness);
    const system = fairness === undefined ? declared : withoutTemporalExpectations(declared);
    const plain = { ...optionsFor(request, system, fairness), explain } as const;
    const result = await checker.check(system, plain, head.progressOf(system));
    if (result === undefined) return item;
    return { kind: 'judged', item, system, result, ...(fairness && { fairness }) };
  };
  try {
    for await (const one of inOrder(work(), atOnce, judged)) {
      if (one.kind === 'model') skipped += 1;
      else if (one.kind === 'end') warnings += one.printer.end();
      else {
        const { item, system, result, fairness } = one;
        onResult();
        head.next();
        const model: CheckedModel = {
          path: item.selection.file.path,
          files: system.files,
          result,
          changed: item.changed,
          names: toldNames(system),
          ...(fairness && { fairness }),
        };
        // Text is for people; what programs read has the names that stay when lines move.
        const shown = request.format === 'json' ? model : { ...model, result: toldResult(system, result) };
        checked.push(shown);
        done.push({ ...model, system });
        item.printer.model(shown);
      }
    }
  } finally {
    checker.close();
  }
  if (checked.length === 0 && request.properties.includes('deadlock')) refuseIgnored(ignoring);
  if (isKnown) warnings += tellShared(checked, isShared, request, options, host);

  if (request.traceFile !== undefined) {
    const { tracesOf, writeTraces } = await import('./trace-files.ts');
    writeTraces(
      request.traceFile,
      done.flatMap(({ system, result }) => tracesOf(system, result)),
    );
  }
  if (request.htmlFile !== undefined) {
    const { writePage } = await import('./page-file.ts');
    writePage(request.htmlFile, done, 'results', host.entry);
  }
  const isWarned = request.strict && warnings + diagnosed.warnings > 0;
  const exitCode = exitCodeOf(checked, diagnosed.rejected.length, skipped, isWarned);
  const strict = request.strict && { warnings: warnings + diagnosed.warnings };
  const elapsed = clock() - started;
  const run = { checked, rejected: diagnosed.rejected, skipped, elapsed, ...strict };
  if (isKnown) cache.save();
  kernels.save();
  if (request.format === 'json') {
    const { reportToJson } = await import('../report/json.ts');
    host.out(`${reportToJson({ ...run, diagnostics: diagnosed.all, exitCode })}\n`);
  } else host.out(`${detail === 'spec' && checked.length > 0 ? '\n' : ''}${renderSummary(run, options)}\n`);
  return exitCode;
}

/** A model to judge, or what is told when all those of a spec are. */
type Work =
  | {
      readonly kind: 'model';
      readonly selection: SpecSelection;
      readonly system: System;
      readonly changed: readonly string[];
      readonly printer: Printer;
    }
  | { readonly kind: 'end'; readonly printer: Printer };

interface Judged {
  readonly kind: 'judged';
  readonly item: Extract<Work, { kind: 'model' }>;
  /** With what the request says put in. */
  readonly system: System;
  readonly result: CheckResult;
  readonly fairness?: readonly string[];
}

/** Whether more is shown of violations that are expected than that there is one. */
function isToldInFull({ format, htmlFile, traceFile, simulation }: CheckRequest, detail: Detail): boolean {
  if (htmlFile !== undefined || traceFile !== undefined || simulation !== undefined) return true;
  return format === 'json' || detail === 'story' || detail === 'model';
}

/** @throws UsageProblem when nothing but deadlocks was asked about, of models that do not care for them. */
function refuseIgnored(ignoring: readonly string[]): void {
  if (ignoring.length === 0) return;
  const names = ignoring.slice(0, 3).join(', ') + (ignoring.length > 3 ? ', …' : '');
  throw new UsageProblem(
    `deadlocks are not judged in ${names}`,
    'It says `deadlocks: "ignored"`. `deadlocks: false` in a model asks for them, whatever its spec says.',
  );
}

/** A spec whose models are lowered when their turn has come: a large one takes its time. */
interface PreparedSpec {
  readonly selection: SpecSelection;
  /** How many models it has, those with several values of a parameter so many times. */
  readonly count: number;
  readonly instantiate: () => readonly Instantiated[];
}

/** All specs to check, after all that can be refused without lowering a model. */
async function prepareAll(
  request: CheckRequest,
  host: Host,
  cache: SpecCache,
  diagnosed: DiagnosticLog,
): Promise<readonly PreparedSpec[]> {
  const loaded = withoutParts(await loadFiles(findSpecFiles(request.paths), host, cache));
  for (const file of loaded) diagnosed.add(file.path, file.diagnostics, file.files);

  const selections = selectModels(loaded, request.models);
  if (selections.length === 0 && diagnosed.rejected.length === 0) {
    const places = request.paths.length === 0 ? [DEFAULT_FOLDER] : request.paths;
    throw new UsageProblem(`there is no spec in ${places.join(', ')}`, HOW_TO_DECLARE);
  }
  const settings = readSettings(request.settings, selections);
  if (selections.length > 0) checkPropertyNames(request.properties, selections);
  if (selections.length > 0 && request.fairness !== undefined) checkFairnessNames(request.fairness, selections);
  return selections.map((selection): PreparedSpec => {
    const count = combinationsOf(selection, settings).length;
    // What an earlier run has left is here at once, or is not here: then it has to be found out now.
    const known = selection.file.recalled ? instantiateModels(selection, settings) : undefined;
    return { selection, count, instantiate: () => known ?? instantiateModels(selection, settings) };
  });
}

/**
 * How much is told of models that are as expected: the whole story with its counterexamples, everything that came out, a
 * line for each, or a line for all models of a spec. Of others everything is told.
 */
type Detail = 'story' | 'model' | 'line' | 'spec';

function detailOf(
  { verbose, traces, coverage, advise, allWays }: CheckRequest,
  specs: readonly PreparedSpec[],
): Detail {
  const models = specs.reduce((sum, { count }) => sum + count, 0);
  if (models <= FEW_MODELS) return 'story';
  if (verbose || traces !== false || coverage || advise || allWays) return 'model';
  return models <= MANY_MODELS ? 'line' : 'spec';
}

function cacheFor({ models, settings }: CheckRequest, { cache }: Host, digests: Digests): SpecCache {
  if (cache === undefined) return NO_CACHE;
  return specCache(join(cache.folder, 'specs'), cache.build, { models, settings }, digests);
}

function kernelsFor({ cache }: Host, digests: Digests): KernelCache {
  return cache === undefined ? NO_KERNELS : kernelCache(join(cache.folder, 'kernels'), cache.build, digests.of);
}

/** So many models are few enough to show counterexamples that were expected step by step. */
const FEW_MODELS = 2;

/** More models than this are told of by a line for each spec. */
const MANY_MODELS = 40;

const HOW_TO_DECLARE = 'A spec is what a const is given: export const lock = spec("lock", { state: () => ({ … }) });';

/** Prints each diagnostic once, however many files it is reached from, and remembers which files are rejected. */
class DiagnosticLog {
  readonly rejected: string[] = [];
  warnings = 0;
  readonly all: { readonly diagnostic: Diagnostic; readonly files: readonly SourceFile[] }[] = [];
  readonly #seen = new Set<string>();
  readonly #request: CheckRequest;
  readonly #around: Host;

  constructor(request: CheckRequest, host: Host) {
    this.#request = request;
    this.#around = host;
  }

  add(path: string, diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): void {
    const fresh = diagnostics.filter((diagnostic) => {
      const { file, start } = diagnostic.primary.span;
      const key = [diagnostic.code, diagnostic.message, files[file]?.path, start].join('\0');
      return !this.#seen.has(key) && this.#seen.add(key);
    });
    this.warnings += fresh.filter(({ severity }) => severity === 'warning').length;
    this.all.push(...fresh.map((diagnostic) => ({ diagnostic, files })));
    if (diagnostics.some(({ severity }) => severity === 'error') && !this.rejected.includes(path)) {
      this.rejected.push(path);
    }
    const shown = fresh.filter(({ severity }) => severity === 'error' || !this.#request.quiet || this.#request.strict);
    if (this.#request.format === 'json' || shown.length === 0) return;
    const { terminal, error } = this.#around;
    error(`${renderDiagnostics(shown, files, { color: terminal.color.error, width: terminal.width })}\n\n`);
  }
}

function concerns(system: System, properties: readonly string[]): boolean {
  return properties.length === 0 || propertyNames(system).some((name) => properties.includes(name));
}

function optionsFor(request: CheckRequest, system: System, fairness: readonly string[] | undefined): PlainOptions {
  const properties = propertyNames(system).filter((name) => request.properties.includes(name));
  return {
    engine: request.engine,
    ...(request.simulation !== undefined && { simulation: request.simulation }),
    ...(request.advise && { advise: true }),
    ...(request.coverage && { coverage: true }),
    ...(request.allWays && { allWays: true }),
    ...(request.htmlFile !== undefined && { levels: true }),
    ...(fairness !== undefined && { fairness }),
    ...(request.maxStates !== undefined && { maxStates: request.maxStates }),
    ...(request.maxTime !== undefined && { maxTime: request.maxTime }),
    ...(request.memory !== undefined && { memory: request.memory }),
    ...(request.workers !== undefined && { workers: request.workers }),
    ...(request.compact && { compact: true }),
    ...(request.properties.length > 0 && { properties }),
  };
}

/** What printing the models of a spec depends on beside them. */
interface Printing {
  readonly request: CheckRequest;
  readonly detail: Detail;
  /** Cells for the names of specs. */
  readonly column: number;
  readonly options: TextOptions;
  readonly host: Host;
  readonly isShared: (path: string) => boolean;
}

interface Printer {
  model(checked: CheckedModel): void;
  /** Prints what is left and the warnings, and returns how many of these there are. */
  end(): number;
}

/**
 * Prints the models of a spec one by one, under a heading that comes with the first that is printed; where a line is to
 * tell of all of them, only once one is not as expected.
 */
function printerOf(
  { file, spec }: SpecSelection,
  models: readonly Instantiated[],
  { request, detail, column, options, host, isShared }: Printing,
): Printer {
  const layout = layOutSpec(
    models.flatMap(({ model, system }) => (system === undefined ? [] : { model, parameters: parametersOf(system) })),
  );
  const done: CheckedModel[] = [];
  const waiting: CheckedModel[] = [];
  let headed = false;
  let isOpen = false;
  const print = (checked: CheckedModel): void => {
    if (!headed) host.out(`${renderSpecHeading(file.path, spec.name, layout, options)}\n`);
    headed = true;
    const isShort = detail !== 'story' && detail !== 'model' && standingOf(checked.result) === 'asExpected';
    // What takes many lines stands apart.
    if (!isShort && isOpen) host.out('\n');
    host.out(
      isShort ? `${renderModelLine(checked, layout, options)}\n` : `${renderModel(checked, layout, options)}\n\n`,
    );
    isOpen = isShort;
  };
  return {
    model(checked) {
      done.push(checked);
      const asExpected = standingOf(checked.result) === 'asExpected';
      if (request.format === 'json' || (request.quiet && asExpected)) return;
      waiting.push(checked);
      if (detail !== 'spec' || headed || !asExpected) for (const one of waiting.splice(0)) print(one);
    },
    end() {
      if (waiting.length > 0) host.out(`${renderSpecLine(waiting, spec.name, column, options)}\n`);
      // Whoever has picked a model has not asked what all of them have in common.
      const common = models.length < spec.models.length ? [] : commonWarnings(done);
      const isOwn = (path: string): boolean => (request.models.length === 0 ? !isShared(path) : path === file.path);
      const own = common.filter(({ path }) => path === undefined || isOwn(path));
      // Of a spec that is declared elsewhere there may be models elsewhere, which need what these do not.
      const isWhole = file.files[spec.span.file]?.path === file.path;
      const warnings = isWhole ? own : own.filter(({ path }) => path === undefined || path === file.path);
      if (isOpen) host.out('\n');
      const told = detail === 'story' || detail === 'model' ? 'all' : 'unexpected';
      const holding = request.format === 'text' && !request.quiet ? holdingElsewhere(done, told) : [];
      if (holding.length > 0) host.out(`${renderElsewhere(holding, options)}\n\n`);
      const count = tellWarnings(warnings, request, options, host, waiting.length > 0 ? '\n' : '');
      if (request.format === 'text' && !request.quiet) {
        const elsewhere = own.filter((one) => !warnings.includes(one));
        if (elsewhere.length > 0) host.out(`${renderUnused(elsewhere, request.verbose, options)}\n\n`);
      }
      return count;
    },
  };
}

/** Prints warnings, and returns how many there are. */
function tellWarnings(
  warnings: readonly CommonWarning[],
  request: CheckRequest,
  options: TextOptions,
  host: Host,
  heading = '',
): number {
  const isShown = request.format === 'text' && (request.strict || !request.quiet);
  if (isShown && warnings.length > 0) host.out(`${heading}${renderWarnings(warnings, options)}\n\n`);
  return warnings.length;
}

/**
 * Prints the warnings about files that several specs are made of, such as a protocol whose models stand in files of their
 * own: what is true of all models, wherever they stand.
 */
function tellShared(
  checked: readonly CheckedModel[],
  isTold: (path: string) => boolean,
  request: CheckRequest,
  options: TextOptions,
  host: Host,
): number {
  const paths = new Set(checked.flatMap(({ files }) => files.map(({ path }) => path)).filter(isTold));
  const warnings = [...paths].flatMap((path) =>
    commonWarnings(checked.filter(({ files }) => files.some((file) => file.path === path))).filter(
      (one) => one.path === path,
    ),
  );
  return tellWarnings(warnings, request, options, host, 'in all models of files that several specs import\n');
}

/** Whether a file is part of several of the files that are checked. */
function sharedBy(selections: readonly SpecSelection[]): (path: string) => boolean {
  const users = new Map<string, Set<string>>();
  for (const selection of selections) {
    for (const path of pathsOf(selection)) users.set(path, (users.get(path) ?? new Set()).add(selection.file.path));
  }
  return (path) => 1 < (users.get(path)?.size ?? 0);
}

function pathsOf({ file }: SpecSelection): readonly string[] {
  return file.files.map(({ path }) => path);
}

function parametersOf(system: System): ObjectValue {
  return Object.fromEntries(system.parameters.map(({ name, value }) => [name, value]));
}

function exitCodeOf(checked: readonly CheckedModel[], rejected: number, skipped: number, isWarned: boolean): ExitCode {
  const codes: ExitCode[] = checked.map(({ result }) => {
    switch (standingOf(result)) {
      case 'asExpected':
        return EXIT.asExpected;
      case 'notAsExpected':
        return EXIT.notAsExpected;
      case 'refused':
        return EXIT.rejected;
      case 'stopped':
        return EXIT.stopped;
    }
  });
  if (isWarned) codes.push(EXIT.notAsExpected);
  if (rejected > 0) codes.push(EXIT.rejected);
  if (skipped > 0) codes.push(EXIT.stopped);
  return heaviest(codes);
}
