import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Compilation, CompiledSpec, Earlier, Inputs, Instantiated } from '../../dsl/compiler/compilation.ts';
import type { Value } from '../../dsl/ir/index.ts';
import type { Digests } from './digest.ts';
import { hashOf } from './digest.ts';
import { readCached, writeCached } from './cache-file.ts';
import { pack, unpack } from './pack.ts';
import { withSharedParts } from './shared-parts.ts';

/**
 * What became of specs in earlier runs, so that nothing of TypeScript is loaded for a spec that has not changed.
 *
 * An entry holds the text of every file that the compiler read, and the paths where it looked for a file and found none.
 * It is used only when all of that is still so, and for the same request of the same build of Fairlead, so it says what
 * compiling again would say. What is kept is what was asked for: the systems of some models with some settings.
 *
 * Best effort: what cannot be read, is damaged or cannot be written is as if it were not there.
 */
export interface SpecCache {
  /** What is known of a file that has not changed. Its specs throw {@link NotCached} for a model nobody asked for before. */
  readonly recall: (path: string) => Compilation | undefined;
  /** What is known of a file that has changed; see `compileAll`. */
  readonly earlier: (path: string) => Earlier | undefined;
  /** The same compilation, from now on watched for what it is asked, which {@link SpecCache.save} writes down. */
  readonly watch: (path: string, compilation: Compilation) => Compilation;
  readonly save: () => void;
}

/** A cached spec was asked for what is not in the cache: compile it after all. */
export class NotCached extends Error {}

/** Nothing is remembered. */
export const NO_CACHE: SpecCache = {
  recall: () => undefined,
  earlier: () => undefined,
  watch: (_, compilation) => compilation,
  save: () => {},
};

interface Entry {
  /** All that the answer depends on besides files; see {@link keyOf}. */
  readonly key: string;
  readonly inputs: Inputs;
  readonly files: Compilation['files'];
  readonly specs: readonly (Omit<CompiledSpec, 'instantiate'> & { readonly instances: readonly Instance[] })[];
}

interface Instance {
  readonly question: string;
  readonly answer: Instantiated;
  /** Of the system, if there is one. */
  readonly digest?: string;
}

/**
 * @param folder - where entries are kept.
 * @param build - tells this build of Fairlead from every other.
 * @param request - what of the command decides which systems are asked for.
 * @param digests - learns those of what is recalled, and tells them of what is kept.
 */
export function specCache(folder: string, build: string, request: unknown, digests: Digests): SpecCache {
  const watched: { readonly path: string; readonly write: () => Entry | undefined }[] = [];
  const keyOf = (path: string): string =>
    JSON.stringify([build, process.version, process.cwd(), resolve(path), path, request]);
  const placeOf = (path: string): string => join(folder, `${basename(path)}-${hashOf(keyOf(path))}.spec`);

  const read = new Map<string, Entry | undefined>();
  const entryOf = (path: string): Entry | undefined => {
    const known = read.get(path);
    if (known !== undefined || read.has(path)) return known;
    const entry = readEntry(placeOf(path));
    const right = entry?.key === keyOf(path) ? entry : undefined;
    read.set(path, right);
    return right;
  };

  return {
    recall(path) {
      const entry = entryOf(path);
      return entry !== undefined && isStillSo(entry.inputs) ? recalled(entry, digests) : undefined;
    },
    earlier(path) {
      const entry = entryOf(path);
      return entry && earlierOf(entry);
    },
    watch(path, compilation) {
      const { watched: recorded, write } = record(compilation, digests, entryOf(path));
      watched.push({ path, write: () => write(keyOf(path)) });
      return recorded;
    },
    save() {
      const entries = watched.flatMap(({ path, write }) => {
        const entry = write();
        return entry === undefined ? [] : [{ path, entry }];
      });
      if (entries.length > 0)
        writeCached(entries.map(({ path, entry }) => ({ path: placeOf(path), content: pack(entry) })));
    },
  };
}

/** A compilation with a note taken of every answer; only what was accepted as a whole is worth keeping. */
function record(
  compilation: Compilation,
  digests: Digests,
  before: Entry | undefined,
): {
  readonly watched: Compilation;
  readonly write: (key: string) => Entry | undefined;
} {
  let latest = compilation;
  const noted = compilation.specs.map((spec) => ({ spec, instances: new Map<string, Instantiated>() }));
  const specs = noted.map(({ spec, instances }): CompiledSpec => ({
    ...spec,
    instantiate(model, overrides) {
      const answer = spec.instantiate(model, overrides);
      instances.set(questionOf(model, overrides), answer);
      noteDigest(answer, before, digests);
      return answer;
    },
  }));
  const { typechecked } = compilation;
  const checked = typechecked && (() => (latest = { ...typechecked(), specs }));
  return {
    watched: { ...compilation, specs, ...(checked && { typechecked: checked }) },
    write(key) {
      const { inputs, files, diagnostics } = latest;
      const answers = noted.flatMap(({ instances }) => [...instances.values()]);
      const isTypechecked = latest.typechecked === undefined;
      const isAccepted =
        isTypechecked && diagnostics.length === 0 && answers.every(({ system }) => system !== undefined);
      if (!inputs.isComplete || !isAccepted) return undefined;
      return {
        key,
        inputs,
        files,
        specs: noted.map(({ spec, instances }) => {
          const { instantiate: _, ...described } = spec;
          const own = [...instances.values()];
          const isRecalled = own.every((answer) => recalledFrom(before, answer) !== undefined);
          const shared = isRecalled ? own : withSharedParts(own);
          return {
            ...described,
            instances: [...instances].map(([question, answer], index) => ({
              question,
              answer: shared[index]!,
              ...digestIn(answer, digests),
            })),
          };
        }),
      };
    },
  };
}

/** The earlier answer whose system was used again for this one. */
function recalledFrom(entry: Entry | undefined, { basis, system }: Instantiated): Instance | undefined {
  const found = basis === undefined ? undefined : entry && instancesOf(entry).find((one) => one.answer.basis === basis);
  return found?.answer.system?.actions === system?.actions ? found : undefined;
}

/** A system that was used again for a model that says the same has the digest that it had. */
function noteDigest(answer: Instantiated, before: Entry | undefined, digests: Digests): void {
  const found = recalledFrom(before, answer);
  const isSame = JSON.stringify(found?.answer.system?.model) === JSON.stringify(answer.system?.model);
  if (answer.system !== undefined && found?.digest !== undefined && isSame) digests.note(answer.system, found.digest);
}

function instancesOf({ specs }: Entry): readonly Instance[] {
  return specs.flatMap(({ instances }) => instances);
}

/** Undefined where an answer depends on all of the file. */
function earlierOf(entry: Entry): Earlier | undefined {
  const { inputs, files } = entry;
  const answers = new Map(instancesOf(entry).map(({ answer }) => [answer.basis, answer]));
  if (answers.size === 0 || answers.has(undefined)) return undefined;
  return { inputs, files, recall: (basis) => answers.get(basis) };
}

function digestIn({ system }: Instantiated, digests: Digests): Pick<Instance, 'digest'> {
  return system === undefined ? {} : { digest: digests.of(system) };
}

function recalled({ inputs, files, specs }: Entry, digests: Digests): Compilation {
  return {
    inputs,
    files,
    diagnostics: [],
    specs: specs.map(({ instances, ...described }) => {
      const answers = new Map(instances.map(({ question, answer }) => [question, answer]));
      for (const { answer, digest } of instances) {
        if (answer.system !== undefined && digest !== undefined) digests.note(answer.system, digest);
      }
      return {
        ...described,
        instantiate(model, overrides) {
          const answer = answers.get(questionOf(model, overrides));
          if (answer === undefined) throw new NotCached();
          return answer;
        },
      };
    }),
  };
}

function questionOf(model: string | undefined, overrides: Readonly<Record<string, Value>> | undefined): string {
  return JSON.stringify([model ?? null, overrides ?? {}]);
}

/** Whether all that was read is as it was. */
export function isStillSo({ read, absent }: Inputs): boolean {
  return (
    read.every(({ path, text }) => readText(path) === text) &&
    absent.every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readEntry(place: string): Entry | undefined {
  try {
    const content = readCached(place);
    return content && (unpack(content) as Entry);
  } catch {
    // Written by a version whose format this one cannot even read.
    return undefined;
  }
}
