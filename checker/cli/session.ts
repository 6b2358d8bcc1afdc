import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CompiledSpec, Declared, Inputs } from '../../dsl/compiler/compilation.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { System } from '../../dsl/ir/index.ts';
import { renderResult } from '../report/render-result.ts';
import { expectedOf } from '../verdict/expected.ts';
import type { CheckResult, Verdict } from '../verdict/verdict.ts';
import { ModelChecker } from './check-model.ts';
import { Digests } from './digest.ts';
import type { Host } from './host.ts';
import { interruptOn } from './interrupt.ts';
import { kernelCache, NO_KERNELS } from './kernel-cache.ts';
import { loadFiles } from './load.ts';
import type { LoadedFile } from './load.ts';
import { propertyNames } from './selection.ts';
import { isStillSo, NO_CACHE, NotCached, specCache } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';

/**
 * Specs for a program that goes on after a verdict, such as one that runs tests: compiled, or recalled from the cache of
 * the command, and checked without keeping the event loop for long.
 */
export interface Session {
  /** What a file of specs has. What is wrong with it stands in place of that. */
  readonly open: (path: string) => Promise<OpenedFile>;
  /**
   * Explores a model and judges all that is claimed of it.
   *
   * @param signal - when it is aborted the search ends, and what it has found by then is the result.
   */
  readonly check: (system: System, signal: AbortSignal | undefined) => Promise<CheckResult>;
  /** As the command prints it of one model: see `renderResult`. */
  readonly render: (system: System, result: CheckResult) => string;
}

/** A file of specs. */
export interface OpenedFile {
  /** As messages call it: from the current folder. */
  readonly path: string;
  /** The errors that it was rejected for, as text; then there are no specs. */
  readonly rejected?: string;
  readonly specs: readonly OpenedSpec[];
}

export interface OpenedSpec {
  readonly name: string;
  readonly models: readonly string[];
  readonly declared: readonly Declared[];
  readonly open: (model: string) => Promise<OpenedModel>;
}

/** A model with what is judged in it, or with what is wrong with it. */
export type OpenedModel =
  | { readonly rejected: string }
  | { readonly rejected?: never; readonly system: System; readonly judged: readonly Judged[] };

/** Something that gets a verdict, and which one the model expects. */
export type Judged = Pick<Verdict, 'kind' | 'name' | 'expected'>;

/**
 * @param entry - see {@link Host}.
 * @param cache - see {@link Host}.
 * @param purpose - what is kept in the cache for one purpose another one need not ask for, such as the name of a test file.
 */
export function openSession(entry: URL, cache: Host['cache'], purpose: string): Session {
  const digests = new Digests();
  const specs =
    cache === undefined ? NO_CACHE : specCache(join(cache.folder, 'specs'), cache.build, { purpose }, digests);
  const kernels =
    cache === undefined ? NO_KERNELS : kernelCache(join(cache.folder, 'kernels'), cache.build, digests.of);
  const known = new Map<string, { readonly inputs: Inputs; readonly opened: OpenedFile }>();
  return {
    async open(given) {
      const path = relative('', realpathSync(given));
      const before = known.get(path);
      if (before !== undefined && isStillSo(before.inputs)) return before.opened;
      const loaded = await load(path, specs);
      const opened = openFile(loaded, specs);
      if (loaded.inputs !== undefined) known.set(path, { inputs: loaded.inputs, opened });
      return opened;
    },
    async check(system, signal) {
      const shared = new SharedArrayBuffer(4);
      const stop = (): void => void Atomics.store(new Int32Array(shared), 0, 1);
      signal?.addEventListener('abort', stop);
      if (signal?.aborted === true) stop();
      const checker = new ModelChecker({ entry, interrupt: interruptOn(shared) }, kernels);
      try {
        const result = await checker.check(system, { engine: 'auto' }, () => {});
        kernels.save();
        if (result === undefined) throw new Error(`checking ${system.model.name} was stopped before it began`);
        return result;
      } finally {
        signal?.removeEventListener('abort', stop);
        checker.close();
      }
    },
    render: (system, result) => renderResult(system, result),
  };
}

function openFile(loaded: LoadedFile, cache: SpecCache): OpenedFile {
  let known = loaded;
  const { path } = loaded;
  const rejected = wordErrors(known.diagnostics, known.files);
  if (rejected !== undefined) return { path, rejected, specs: [] };
  const opened = async (at: number, model: string): Promise<OpenedModel> => {
    try {
      return openModel(known.specs[at]!, model, known.files);
    } catch (error) {
      if (!(error instanceof NotCached)) throw error;
      known = await load(path, { ...cache, recall: () => undefined });
      return openModel(known.specs[at]!, model, known.files);
    } finally {
      cache.save();
    }
  };
  return {
    path,
    specs: known.specs.map(({ name, models, declared }, at) => ({
      name,
      models: models.map((model) => model.name),
      declared,
      open: (model) => opened(at, model),
    })),
  };
}

async function load(path: string, cache: SpecCache): Promise<LoadedFile> {
  const [loaded] = await loadFiles([{ path, explicit: true }], { evaluation: {} }, { cache });
  return loaded!;
}

function openModel(spec: CompiledSpec, model: string, files: readonly SourceFile[]): OpenedModel {
  const { system, diagnostics } = spec.instantiate(model);
  const rejected = wordErrors(diagnostics, files);
  if (system === undefined || rejected !== undefined) return { rejected: rejected ?? `${model} was rejected` };
  return { system, judged: judgedIn(system) };
}

function judgedIn(system: System): readonly Judged[] {
  const kinds = new Map<string, Verdict['kind']>([
    ['deadlock', 'deadlock'],
    ['evaluation', 'evaluation'],
    ...system.invariants.map(({ name }) => [name, 'invariant'] as const),
    ...system.steps.map(({ name }) => [name, 'step'] as const),
    ...system.sometimes.map(({ name }) => [name, 'sometimes'] as const),
    ...system.properties.map(({ name }) => [name, 'property'] as const),
  ]);
  return propertyNames(system).map((name) => {
    const kind = kinds.get(name)!;
    return { kind, name, expected: expectedOf(system.model, { kind, name }) };
  });
}

/** Undefined where there are none. */
function wordErrors(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length === 0 ? undefined : renderDiagnostics(errors, files, { color: false, width: 100, pages: true });
}
