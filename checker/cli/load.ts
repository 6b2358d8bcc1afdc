import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CompiledSpec, Inputs } from '../../dsl/compiler/compile.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { SpecFile } from './spec-files.ts';
import { UsageProblem } from './problem.ts';
import { NO_CACHE, NotCached } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';
import type { Host } from './host.ts';

/** A file after loading: its specs, or what is wrong with it. */
export interface LoadedFile extends SpecFile {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly specs: readonly CompiledSpec[];
  /** Whether it was compiled in an earlier run, so that its systems are at hand. */
  readonly recalled: boolean;
  /** What all of it depends on; absent: of a system that was read. */
  readonly inputs?: Inputs;
  /** What TypeScript says about it, where that is to be asked before a model is lowered; once. See `Compilation`. */
  readonly typechecked?: () => Pick<LoadedFile, 'diagnostics'>;
}

interface LoadOptions {
  /** What is known of files that have not changed; it is up to the caller to save it. See {@link orAfresh}. */
  readonly cache?: SpecCache;
  /** `later`: types are checked when {@link LoadedFile.typechecked} is called. Default: at once. */
  readonly typecheck?: 'later';
}

/**
 * Compiles the files, or reads those that hold a system as JSON. The compiler is only loaded when it is needed.
 *
 * @throws UsageProblem for a JSON file that is no system.
 */
export async function loadFiles(
  found: readonly SpecFile[],
  host: Pick<Host, 'evaluation'>,
  { cache = NO_CACHE, typecheck }: LoadOptions = {},
): Promise<readonly LoadedFile[]> {
  const known = new Map<SpecFile, Omit<LoadedFile, keyof SpecFile | 'recalled'>>();
  for (const file of found) {
    const recalled = file.path.endsWith('.json') ? await readSystem(file.path) : cache.recall(file.path);
    if (recalled !== undefined) known.set(file, recalled);
  }
  const others = found.filter((file) => !known.has(file));
  if (others.length > 0) {
    const { compileAll } = await import('../../dsl/compiler/compile.ts');
    const compiled = compileAll(
      others.map(({ path }) => path),
      { evaluation: host.evaluation, earlier: cache.earlier, typecheck: typecheck ?? true },
    );
    others.forEach((file, index) => known.set(file, cache.watch(file.path, compiled[index]!)));
  }
  return found.map((file) => ({ ...file, ...known.get(file)!, recalled: !others.includes(file) }));
}

/** Does something with specs, some of them perhaps from a cache; where that turns out not to be enough, without one. */
export async function orAfresh<Result>(cache: SpecCache, use: (cache: SpecCache) => Promise<Result>): Promise<Result> {
  try {
    return await use(cache);
  } catch (error) {
    if (error instanceof NotCached) return use({ ...cache, recall: () => undefined });
    throw error;
  }
}

/**
 * The files without those that are only parts of others: found in a folder, in order, and without a spec, or with one
 * that another file imports and gives its models.
 */
export function withoutParts(loaded: readonly LoadedFile[]): readonly LoadedFile[] {
  const imported = new Set(
    loaded.flatMap((file) => {
      const own = resolve(file.path);
      return file.files.map(({ path }) => resolve(path)).filter((path) => path !== own);
    }),
  );
  const isPart = (file: LoadedFile): boolean => imported.has(resolve(file.path));
  return loaded
    .map((file) => (file.specs.length > 0 || isPart(file) ? file : typed(file)))
    .filter((file) => {
      if (file.explicit || file.diagnostics.some(({ severity }) => severity === 'error')) return true;
      const hasModels = file.specs.some(({ models }) => models.some(({ name }) => name !== IMPLICIT_MODEL));
      return hasModels || (file.specs.length > 0 && !isPart(file));
    });
}

/** No spec will have its types checked later. */
function typed(file: LoadedFile): LoadedFile {
  return file.typechecked === undefined ? file : { ...file, ...file.typechecked() };
}

/** The single model of a spec that declares none. */
const IMPLICIT_MODEL = 'defaults';

/** A system as a spec with a single model and nothing left to choose. */
async function readSystem(path: string): Promise<Omit<LoadedFile, keyof SpecFile | 'recalled'>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageProblem(`${path} cannot be read: ${(error as Error).message}`);
  }
  const { systemFromJson } = await import('../../dsl/ir/json.ts');
  const read = systemFromJson(text);
  if (read.kind === 'invalid') {
    throw new UsageProblem(`${path} is damaged, or no system that Fairlead wrote`, read.problems.join('\n'));
  }
  const { system } = read;
  const spec: CompiledSpec = {
    name: system.name,
    doc: system.doc,
    span: system.span,
    parameters: [],
    models: [{ name: system.model.name, doc: system.model.doc }],
    properties: verdictNames(system),
    fairness: system.fairness.map(({ name }) => name),
    declared: [],
    instantiate: () => ({ system, diagnostics: [] }),
  };
  return { files: system.files, diagnostics: [], specs: [spec] };
}

/** Names of what is declared and gets a verdict. */
export function verdictNames({ invariants, steps, sometimes, properties }: System): readonly string[] {
  return [...invariants, ...steps, ...sometimes, ...properties].map(({ name }) => name);
}
