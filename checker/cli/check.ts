import { join } from 'node:path';
import { clock } from '../clock.ts';
import type { RunStart } from '../report/reporter.ts';
import { standingOf } from '../report/standing.ts';
import type { CheckResult } from '../verdict/verdict.ts';
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
import { NO_CACHE, specCache } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';
import { refuseUnwritable } from './writable.ts';

/**
 * Loads the specs, checks their models and reports what came of it.
 *
 * @throws UsageProblem when the request names something that is not there, or a file that cannot be written.
 */
export async function runCheck(request: CheckRequest, host: Host): Promise<ExitCode> {
  let leave = (): void => {};
  // What is known by then is to be reported, whatever else is interrupted.
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

/** @param onResult - called when there is something to report. */
async function checkAll(request: CheckRequest, host: Host, onResult: () => void): Promise<ExitCode> {
  const started = clock();
  for (const file of [request.traceFile, request.htmlFile]) if (file !== undefined) refuseUnwritable(file);
  const digests = new Digests();
  const cache = cacheFor(request, host, digests);
  const kernels = kernelsFor(host, digests);
  const reporter = await reporterFor(request, host);
  const log = new DiagnosticLog(reporter);
  const specs = await orAfresh(cache, (known) => prepareAll(request, host, known, log));

  const explain = reporter.start(startOf(specs));
  const codes: ExitCode[] = [];
  let [skipped, warnings, isWhole] = [0, 0, true];
  for await (const event of eventsOf({ request, host, specs, explain, kernels, log })) {
    switch (event.kind) {
      case 'start':
        reporter.startSpec(event.spec);
        break;
      case 'model':
        onResult();
        codes.push(codeOf(event.model.result));
        reporter.model(event.model);
        break;
      case 'end':
        warnings += event.spec.warnings.length;
        reporter.endSpec(event.spec);
        break;
      case 'sharedWarnings':
        warnings += event.warnings.length;
        reporter.sharedWarnings(event.warnings);
        break;
      case 'skipped':
        skipped += event.models;
        isWhole &&= event.what === 'model';
    }
  }
  warnings += log.warnings;
  if (request.strict && warnings > 0) codes.push(EXIT.notAsExpected);
  if (log.rejected.length > 0) codes.push(EXIT.rejected);
  if (skipped > 0) codes.push(EXIT.stopped);
  const exitCode = heaviest(codes);
  if (isWhole) cache.save();
  kernels.save();
  const { rejected, all: diagnostics } = log;
  const strict = request.strict && { warnings };
  reporter.end({ rejected, skipped, elapsed: clock() - started, ...strict, diagnostics, exitCode });
  return exitCode;
}

function startOf(specs: readonly PreparedSpec[]): RunStart {
  return { specs: specs.map(({ selection, count }) => ({ name: selection.spec.name, models: count })) };
}

function cacheFor({ models, settings }: CheckRequest, { cache }: Host, digests: Digests): SpecCache {
  if (cache === undefined) return NO_CACHE;
  return specCache(join(cache.folder, 'specs'), cache.build, { models, settings }, digests);
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
