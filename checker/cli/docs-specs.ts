/** What `fairlead docs` writes about: specs, compiled, with what came of checking each of their models. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { System } from '../../dsl/ir/index.ts';
import { ADVISED_UP_TO } from '../document/fairness-needs.ts';
import { unadvised } from '../document/unadvised.ts';
import type { CheckOptions } from '../options.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { ModelChecker } from './check-model.ts';
import { loadFiles, withoutParts } from './load.ts';
import { UsageProblem } from './problem.ts';
import { progressLine } from './progress-line.ts';
import { instantiateModels, selectModels } from './selection.ts';
import { NO_CACHE } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';
import { DEFAULT_FOLDER, findSpecFiles, wordLeftOut } from './spec-files.ts';
import type { Host } from './host.ts';
import { rankedResult } from '../serials/told-result.ts';

/** Which specs are asked for, and how far their models are explored. */
export interface SpecsRequest {
  /** Files and folders; none: `specs/`. */
  readonly paths: readonly string[];
  readonly maxStates: number | undefined;
  readonly quiet: boolean;
}

/** A spec with its models, from however many files. */
export interface CheckedSpec {
  /** The file that declares it, as the user would write it. */
  readonly declaredIn: string;
  readonly models: readonly [CheckedModel, ...CheckedModel[]];
}

interface CheckedModel {
  readonly system: System;
  readonly result: CheckResult;
}

/** What is wrong with a file, and the sources that the places are in. */
interface Rejection {
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly SourceFile[];
}

type CheckedSpecs =
  | {
      readonly kind: 'checked';
      readonly specs: readonly CheckedSpec[];
      /** How many models were checked for it, rather than known from before. */
      readonly judged: number;
    }
  | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] }
  /** A model was stopped before its answer was the same for everybody. */
  | { readonly kind: 'stopped' };

/** What is known from before: of files that have not changed, and of systems that are the same objects. */
export interface Memory {
  readonly cache: SpecCache;
  readonly results: WeakMap<System, CheckResult>;
}

/** So many models are checked at a time. */
const AT_A_TIME = 2;

/**
 * Compiles the specs that are asked for and checks all of their models.
 *
 * @param memory - what need not be worked out again; what is worked out is added.
 * @throws UsageProblem when the request names something that is not there.
 */
export async function checkSpecs(
  request: SpecsRequest,
  host: Host,
  memory: Memory = { cache: NO_CACHE, results: new WeakMap() },
): Promise<CheckedSpecs> {
  const found = findSpecFiles(request.paths, (paths) => request.quiet || host.error(`${wordLeftOut(paths)}\n`));
  const loaded = withoutParts(await loadFiles(found, host, { cache: memory.cache }));
  const rejections: Rejection[] = [];
  const note = (diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): void => {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) rejections.push({ diagnostics: errors, files });
  };
  for (const file of loaded) note(file.diagnostics, file.files);
  const specs = new Map<string, { readonly declaredIn: string; readonly systems: System[] }>();
  for (const selection of selectModels(loaded, [])) {
    const { file, spec } = selection;
    const declaredIn = file.files[spec.span.file]?.path ?? file.path;
    const key = `${resolve(declaredIn)}:${spec.span.start}`;
    const known = specs.get(key) ?? { declaredIn, systems: [] };
    specs.set(key, known);
    for (const { system, diagnostics } of instantiateModels(selection, {})) {
      note(diagnostics, file.files);
      if (system !== undefined) known.systems.push(system);
    }
  }
  if (rejections.length > 0) return { kind: 'rejected', rejections };
  if (specs.size === 0) {
    throw new UsageProblem(
      `there is no spec in ${(request.paths.length === 0 ? [DEFAULT_FOLDER] : request.paths).join(', ')}`,
    );
  }
  const all = [...specs.values()];
  const unknown = all.flatMap(({ systems }) => systems).filter((system) => !memory.results.has(system));
  const isDone =
    (await checkAll(unknown, request, host, memory.results)) &&
    (await adviseFurther(all, request, host, memory.results));
  if (!isDone) return { kind: 'stopped' };
  return {
    kind: 'checked',
    judged: unknown.length,
    specs: all.flatMap(({ declaredIn, systems }): readonly CheckedSpec[] => {
      const [first, ...more] = systems.map((system) => ({ system, result: memory.results.get(system)! }));
      return first === undefined ? [] : [{ declaredIn, models: [first, ...more] }];
    }),
  };
}

/** Adds the results of some systems; false when one was stopped. */
async function checkAll(
  systems: readonly System[],
  request: SpecsRequest,
  host: Host,
  results: WeakMap<System, CheckResult>,
): Promise<boolean> {
  const options = {
    advise: true,
    explainAdvice: true,
    adviseUpTo: ADVISED_UP_TO,
    locks: true,
    waits: true,
    reduction: 'none' as const,
  };
  return checkEach(
    systems.map((system) => ({ system, options })),
    request,
    host,
    (system, result) => results.set(system, result),
  );
}

/** Adds what properties need of which no small model says it; false when that was stopped. */
async function adviseFurther(
  specs: readonly { readonly systems: readonly System[] }[],
  request: SpecsRequest,
  host: Host,
  results: WeakMap<System, CheckResult>,
): Promise<boolean> {
  const asked = specs.flatMap(({ systems }) =>
    unadvised(systems.map((system) => ({ system, result: results.get(system)! }))),
  );
  return checkEach(
    asked.map(({ system, properties }) => ({ system, options: { advise: true, explainAdvice: true, properties } })),
    request,
    host,
    (system, { advice = [] }) => {
      const known = results.get(system)!;
      results.set(system, { ...known, advice: [...(known.advice ?? []), ...advice] });
    },
  );
}

/** Checks some systems, a few at a time; false when one was stopped. */
async function checkEach(
  asked: readonly { readonly system: System; readonly options: CheckOptions }[],
  { maxStates, quiet }: SpecsRequest,
  host: Host,
  add: (system: System, result: CheckResult) => void,
): Promise<boolean> {
  const waiting = [...asked];
  const checker = new ModelChecker(host);
  let stopped = false;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !stopped; next = waiting.shift()) {
      const { system } = next;
      const name = `${system.name} ${system.model.name}`;
      const line = progressLine(name, host.terminal, quiet, host.progress);
      const options = { ...next.options, ...(maxStates !== undefined && { maxStates }) };
      // Pages ask more of what was explored, which are ranks.
      const told = await checker.check(system, options, (progress) => line.show(progress));
      const result = told && rankedResult(system, told);
      line.clear();
      const cut = result?.statistics.cut?.kind;
      if (result === undefined || host.interrupt.requested || cut === 'memory') {
        if (!stopped) {
          const why = cut === 'memory' ? 'out of memory; --max-states bounds it' : 'interrupted';
          host.error(`${name}: ${why}; no page is written\n`);
        }
        stopped = true;
      } else add(system, result);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work)).finally(() => checker.close());
  return !stopped;
}
