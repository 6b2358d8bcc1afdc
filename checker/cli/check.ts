import { join } from 'node:path';
import { clock } from '../clock.ts';
import type { ReportedModel, RunStart } from '../report/reporter.ts';
import { standingOf } from '../report/standing.ts';
import type { Growth } from '../report/summary.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { ModelChecker } from './check-model.ts';
import type { CheckRequest } from './check-request.ts';
import { eventsOf } from './check-run.ts';
import { DiagnosticLog } from './diagnostic-log.ts';
import { Digests } from './digest.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT, heaviest } from './exit-code.ts';
import type { Host } from './host.ts';
import { kernelCache, NO_KERNELS } from './kernel-cache.ts';
import type { KernelCache } from './kernel-cache.ts';
import { orAfresh } from './load.ts';
import type { PreparedSpec } from './prepared-spec.ts';
import { prepareAll } from './prepared-spec.ts';
import { reporterFor } from './reporters.ts';
import type { ResultMemory } from './result-memory.ts';
import { NO_CACHE, specCache } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';
import { refuseUnwritable } from './writable.ts';

/** What a command that checks again and again keeps from one run to the next, and wants of this one. */
export interface Continued {
  readonly cache: SpecCache;
  readonly checker: ModelChecker;
  readonly results: ResultMemory;
  /** Which specs are checked, in which order. */
  readonly arrange: (specs: readonly PreparedSpec[]) => readonly PreparedSpec[];
  /** Told of each model. */
  readonly onModel: (model: ReportedModel) => void;
  /** Told that the run has come to its end. */
  readonly onEnd: () => void;
  /** Whether nothing of the run is to be told any more. */
  readonly isForgotten: () => boolean;
}

/**
 * Loads the specs, checks their models and reports what came of it.
 *
 * @param continued - absent: this is the only run.
 * @throws UsageProblem when the request names something that is not there, or a file that cannot be written.
 */
export async function runCheck(request: CheckRequest, host: Host, continued?: Continued): Promise<ExitCode> {
  let leave = (): void => {};
  // What is known by then is to be reported, whatever else is interrupted.
  const onResult = (): void => {
    leave();
    leave = host.interrupt.attend();
  };
  try {
    return await checkAll(request, host, { onResult, continued });
  } finally {
    leave();
  }
}

interface Around {
  /** Called when there is something to report. */
  readonly onResult: () => void;
  readonly continued: Continued | undefined;
}

async function checkAll(request: CheckRequest, host: Host, { onResult, continued }: Around): Promise<ExitCode> {
  const started = clock();
  for (const file of filesOf(request)) refuseUnwritable(file);
  // Loaded where it is asked for, because nearly all commands do without.
  const baseline = request.baseline && new (await import('./baseline.ts')).Baseline(request.baseline);
  const digests = new Digests();
  const cache = continued?.cache ?? cacheFor(request, host, digests);
  const kernels = kernelsFor(host, digests);
  const reporter = await reporterFor(request, host);
  const log = new DiagnosticLog(reporter);
  const prepared = await orAfresh(cache, (known) => prepareAll(request, host, known, log));
  const specs = continued === undefined ? prepared : continued.arrange(prepared);

  const tally = new Tally(specs.reduce((sum, { count }) => sum + count, 0));
  const explain = reporter.start(startOf(specs));
  const { checker, results } = continued ?? {};
  const isPart = specs.length < prepared.length;
  for await (const event of eventsOf({ request, host, specs, explain, kernels, log, checker, results, isPart })) {
    switch (event.kind) {
      case 'start':
        reporter.startSpec(event.spec);
        break;
      case 'model':
        onResult();
        reporter.model(event.model);
        continued?.onModel(event.model);
        tally.add(event.model.result, baseline?.add(event.model));
        break;
      case 'end':
        tally.warnings += event.spec.warnings.length;
        reporter.endSpec(event.spec);
        break;
      case 'sharedWarnings':
        tally.warnings += event.warnings.length;
        reporter.sharedWarnings(event.warnings);
        break;
      case 'skipped':
        tally.skipped += event.models;
        tally.isWhole &&= event.what === 'model';
    }
    if (event.kind === 'model' && request.bail !== undefined && tally.bails(request.bail)) {
      reporter.endSpec({ warnings: [], uncounted: [] });
      break;
    }
  }
  if (continued?.isForgotten() === true) return EXIT.stopped;
  continued?.onEnd();
  const warnings = tally.warnings + log.warnings + tally.grown.length;
  const exitCode = tally.exitCode({ fails: request.strict && warnings > 0, isRejected: log.rejected.length > 0 });
  if (tally.isWhole) cache.save();
  kernels.save();
  baseline?.save();
  const { rejected, all: diagnostics } = log;
  reporter.end({
    rejected,
    skipped: tally.skipped,
    elapsed: clock() - started,
    ...(request.strict && { warnings }),
    ...(baseline !== undefined && { grown: tally.grown }),
    diagnostics,
    exitCode,
  });
  return exitCode;
}

/** What a run has come to so far. */
class Tally {
  readonly grown: Growth[] = [];
  warnings = 0;
  /** Models that were not begun. */
  skipped = 0;
  /** Whether all specs were lowered. */
  isWhole = true;
  readonly #models: number;
  readonly #codes: ExitCode[] = [];
  #isBailed = false;

  /** @param models - how many there are. */
  constructor(models: number) {
    this.#models = models;
  }

  add(result: CheckResult, growth: Growth | undefined): void {
    this.#codes.push(codeOf(result));
    if (growth !== undefined) this.grown.push(growth);
  }

  /** Whether so many models are not as expected that no other is begun, if there is another. */
  bails(most: number): boolean {
    const failed = this.#codes.filter((code) => code !== EXIT.asExpected).length;
    const left = this.#models - this.#codes.length;
    if (failed < most || left === 0) return false;
    this.skipped = left;
    this.isWhole = false;
    this.#isBailed = true;
    return true;
  }

  exitCode({ fails, isRejected }: { readonly fails: boolean; readonly isRejected: boolean }): ExitCode {
    return heaviest([
      ...this.#codes,
      ...(fails ? [EXIT.notAsExpected] : []),
      ...(isRejected ? [EXIT.rejected] : []),
      // What was passed over because something failed is not what was stopped.
      ...(this.skipped > 0 && !this.#isBailed ? [EXIT.stopped] : []),
    ]);
  }
}

/** The files that a run writes. */
function filesOf({ traceFile, htmlFile, reports, baseline }: CheckRequest): readonly string[] {
  const files = [traceFile, htmlFile, ...reports.map(({ path }) => path), baseline?.isUpdated && baseline.path];
  return files.filter((file): file is string => typeof file === 'string');
}

function startOf(specs: readonly PreparedSpec[]): RunStart {
  return { specs: specs.map(({ selection, count }) => ({ name: selection.spec.name, models: count })) };
}

function cacheFor({ models, settings, shard }: CheckRequest, { cache }: Host, digests: Digests): SpecCache {
  if (cache === undefined) return NO_CACHE;
  return specCache(join(cache.folder, 'specs'), cache.build, { models, settings, shard }, digests);
}

function kernelsFor({ cache }: Host, digests: Digests): KernelCache {
  return cache === undefined ? NO_KERNELS : kernelCache(join(cache.folder, 'kernels'), cache.build, digests.of);
}

function codeOf(result: CheckResult): ExitCode {
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
}
