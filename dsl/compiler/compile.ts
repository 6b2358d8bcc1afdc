import type * as z from 'zod';
import { parameterRefused, unknownModel } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { wordThrown } from '../diagnostics/thrown.ts';
import type { Declaration } from '../language/definition.ts';
import type { Value } from '../ir/index.ts';
import { isArray, SetValue } from '../ir/index.ts';
import { docOf, findSpecs, literalOf, propertyOf, skip, type SpecSource } from './declaration.ts';
import type { Compilation, CompiledSpec, Earlier, Inputs, Instantiated } from './compilation.ts';
import { answerFor, basisOf, isAllTheSameBut } from './earlier.ts';
import { filesUnder, type Overlay } from './files.ts';
import { instantiate } from './instantiate.ts';
import type { EvaluationOptions } from './evaluation.ts';
import { load, type Loaded } from './load.ts';
import { tooDeep } from './nesting.ts';
import { openSources, type ParsedFiles, type Sources, unreadable } from './source.ts';
import { callOfOurs } from './our-words.ts';
import { TooLarge } from './too-large.ts';
import { typeChecker } from './typecheck.ts';
import { ts } from './typescript.ts';
import { constantValue } from './host-value.ts';

export type { Compilation, CompiledSpec, Inputs } from './compilation.ts';
export type { Overlay } from './files.ts';

export interface CompileOptions {
  /**
   * Whether TypeScript's own complaints are looked for; they cost more than all the rest. `later`: only when
   * {@link Compilation.typechecked} is called, for what would be compiled without them. Default: true.
   */
  readonly typecheck?: boolean | 'later';
  /** What is known from an earlier compilation of a file, by its path as it is given here. */
  readonly earlier?: (path: string) => Earlier | undefined;
  /** What is to be read instead of files as they are on the disk. */
  readonly overlay?: Overlay;
  /** How what is evaluated is run: to its end, or for a while. */
  readonly evaluation?: EvaluationOptions;
}

/** Compiles one spec file: see {@link compileAll}. */
export function compile(path: string, options: CompileOptions = {}): Compilation {
  return compileAll([path], options)[0]!;
}

/**
 * Compiles spec files, each by itself: reads it and what it imports, asks TypeScript about its types, evaluates it,
 * joins what that left with the syntax, and lowers bodies model by model. Mistakes of the author come as diagnostics;
 * each phase reports all it finds, and the next runs only when there was nothing.
 */
export function compileAll(paths: readonly string[], options: CompileOptions = {}): Compilation[] {
  const orTooDeep = deepOr(options);
  const files = filesUnder(options.overlay);
  const syntax: ParsedFiles = new Map();
  const opened = paths.map((path) =>
    orTooDeep(
      () => openSources(path, files, syntax),
      () => unreadable(path, files),
    ),
  );
  const parsed = opened.filter(({ diagnostics }) => diagnostics.length === 0);
  const usable = opened.map((sources, index) => {
    const earlier = options.earlier?.(paths[index]!);
    return earlier !== undefined && isAllTheSameBut(sources, earlier, files) ? earlier : undefined;
  });
  const isClean = new Set(
    opened.flatMap(({ modules }, index) => (usable[index] === undefined ? [] : modules.slice(1))),
  );
  const check = options.typecheck === false ? undefined : typeChecker({ specs: parsed, files, isClean });
  return opened.map((opening, index) => {
    if (opening.diagnostics.length > 0) return { ...rejected(opening), diagnostics: opening.diagnostics };
    const evaluate = (sources: Sources): Compilation => evaluated(sources, options, usable[index]);
    /** @param known - what it comes to if nothing is said about types. */
    const typechecked = (known?: Compilation): Compilation => {
      const { complaints, read } = check?.(opening) ?? { complaints: [], read: [] };
      const sources = withInputs(opening, read);
      if (complaints.length === 0) return known ? { ...known, inputs: sources.inputs } : evaluate(sources);
      return { ...rejected(sources), diagnostics: inOurWords(sources, complaints, options) };
    };
    if (options.typecheck !== 'later') return typechecked();
    const untyped = evaluate(opening);
    return untyped.diagnostics.length > 0 ? typechecked() : { ...untyped, typechecked: () => typechecked(untyped) };
  });
}

function rejected({ inputs, files }: Sources): Pick<Compilation, 'inputs' | 'files' | 'specs'> {
  return { inputs, files, specs: [] };
}

function withInputs(sources: Sources, read: Inputs['read']): Sources {
  return read.length === 0
    ? sources
    : { ...sources, inputs: { ...sources.inputs, read: [...sources.inputs.read, ...read] } };
}

/**
 * Of what our own words are given, TypeScript speaks in terms of overloads; what is said about it when the spec is
 * evaluated and lowered is about the spec. TypeScript's words stand where nothing is said.
 */
function inOurWords(
  sources: Sources,
  complaints: readonly Diagnostic[],
  options: CompileOptions,
): readonly Diagnostic[] {
  const callOf = ({ primary }: Diagnostic, extent: 'arguments' | 'bodies too') =>
    callOfOurs(sources, primary.span, extent);
  if (complaints.every((complaint) => callOf(complaint, 'arguments') === undefined)) return complaints;
  const { specs, diagnostics } = evaluated(sources, options);
  const ours = [...diagnostics, ...specs.flatMap((spec) => spec.instantiate(undefined).diagnostics)].filter(
    (one) => one.severity === 'error' && callOf(one, 'bodies too') !== undefined,
  );
  const said = new Set(ours.map((one) => callOf(one, 'bodies too')));
  return [...ours, ...complaints.filter((complaint) => !said.has(callOf(complaint, 'arguments')))];
}

/**
 * Tries something that calls itself as deeply as a spec is nested. Where the stack was too small there is another way to
 * say so, unless the caller tries again with a larger one.
 */
function deepOr({ evaluation }: CompileOptions): <Result>(attempt: () => Result, otherwise: () => Result) => Result {
  return (attempt, otherwise) => {
    try {
      return attempt();
    } catch (error) {
      if (!isStackOverflow(error) || evaluation?.patience !== undefined) throw error;
      return otherwise();
    }
  };
}

function evaluated(sources: Sources, options: CompileOptions, earlier?: Earlier): Compilation {
  return deepOr(options)(
    () => evaluatedAtOnce(sources, options, earlier),
    () => ({ ...rejected(sources), diagnostics: [tooDeep(sources.files)] }),
  );
}

function evaluatedAtOnce(sources: Sources, options: CompileOptions, earlier: Earlier | undefined): Compilation {
  const { files, inputs } = sources;
  const loaded = load(sources, options.evaluation);
  if (loaded.diagnostics.length > 0) return { ...rejected(sources), diagnostics: loaded.diagnostics };

  const found = findSpecs(sources, loaded);
  const own = found.specs.filter((spec) => spec.module.file === 0 || modelsIn(spec).length > 0);
  if (found.diagnostics.length > 0) return { ...rejected(sources), diagnostics: found.diagnostics };
  return {
    inputs,
    files,
    diagnostics: [],
    specs: own.map((spec) => compiledSpec(sources, loaded, spec, { orTooDeep: deepOr(options), earlier })),
  };
}

const ASKED_ABOUT: ReadonlySet<Declaration['kind']> = new Set(['model', 'invariant', 'step', 'sometimes', 'property']);

function modelsIn(spec: SpecSource) {
  return spec.parts.filter((part) => part.declaration.kind === 'model' && part.module.file === 0);
}

function namesOf({ parts }: SpecSource, kinds: readonly Declaration['kind'][]): readonly string[] {
  return kinds.flatMap((kind) => parts.filter(({ declaration }) => declaration.kind === kind).map(({ name }) => name));
}

function compiledSpec(
  sources: Sources,
  loaded: Loaded,
  spec: SpecSource,
  { orTooDeep, earlier }: { readonly orTooDeep: ReturnType<typeof deepOr>; readonly earlier: Earlier | undefined },
): CompiledSpec {
  const declared = modelsIn(spec);
  const models =
    declared.length === 0 ? [{ name: DEFAULTS, doc: '' }] : declared.map(({ name, doc }) => ({ name, doc }));
  const known = new Map<string, Instantiated>();
  return {
    name: spec.definition.name,
    doc: spec.doc,
    span: spec.span,
    parameters: parametersOf(loaded, spec),
    models,
    properties: namesOf(spec, ['invariant', 'step', 'sometimes', 'property']),
    fairness: namesOf(spec, ['fairness']),
    declared: spec.definition.declarations
      .filter(({ kind }) => ASKED_ABOUT.has(kind))
      .map(({ kind, name = '', file }) => ({ kind, name, file })),
    instantiate(model = models[0]!.name, overrides = {}) {
      const part = declared.find((one) => one.name === model);
      if (part === undefined && model !== models[0]!.name) {
        const names = models.map(({ name }) => name);
        return { diagnostics: [unknownModel(spec.span, model, suggest(model, names), names)] };
      }
      const key = JSON.stringify([model, overrides]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const given = new Map(
        part?.declaration.kind === 'model' ? Object.entries<unknown>(part.declaration.parameters) : [],
      );
      const diagnostics: Diagnostic[] = [];
      for (const [name, value] of Object.entries(overrides)) {
        const schema = spec.definition.parameters[name];
        const read = loaded.attempt(
          () => readOverride(schema, value),
          (thrown): Override => ({ ok: false, message: wordThrown(thrown) }),
        );
        if (read.ok) given.set(name, read.value);
        else diagnostics.push(parameterRefused(spec.span, name, read.message));
      }
      const basis = basisOf(sources, spec, given);
      const recalled = basis === undefined ? undefined : earlier?.recall(basis);
      const make = (): Instantiated =>
        orTooDeep(
          () => orTooLarge(() => instantiate(sources, loaded, spec, part, Object.fromEntries(given))),
          () => ({ diagnostics: [tooDeep(sources.files)] }),
        );
      const made =
        diagnostics.length > 0
          ? { diagnostics }
          : ((part && recalled && answerFor(part, spec, sources, recalled)) ?? make());
      const answer: Instantiated = basis === undefined ? made : { ...made, basis };
      known.set(key, answer);
      return answer;
    },
  };
}

function orTooLarge(attempt: () => Instantiated): Instantiated {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof TooLarge) return { diagnostics: [error.diagnostic] };
    throw error;
  }
}

const DEFAULTS = 'defaults';

type Override = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** A value for a parameter; text is tried as what it looks like before it is taken for text. */
function readOverride(schema: z.core.$ZodType | undefined, value: Value): Override {
  if (typeof value !== 'string' || schema === undefined) return { ok: true, value: plain(value) };
  const candidates: unknown[] = [value];
  try {
    candidates.unshift(JSON.parse(value));
  } catch {
    // Not JSON: text it is.
  }
  let message = '';
  for (const candidate of candidates) {
    const parsed = (schema as z.ZodType).safeParse(candidate);
    if (parsed.success) return { ok: true, value: candidate };
    message ||= parsed.error.issues.map((issue) => issue.message).join('; ');
  }
  return { ok: false, message };
}

function plain(value: Value): unknown {
  if (value instanceof SetValue) return new Set(value.elements.map(plain));
  return isArray(value) ? value.map(plain) : value;
}

function parametersOf(loaded: Loaded, spec: SpecSource): CompiledSpec['parameters'] {
  const call = spec.node.initializer && skip(spec.node.initializer);
  const literal = call && ts.isCallExpression(call) ? literalOf(propertyOf(call.arguments[1], 'params')) : undefined;
  return Object.entries(spec.definition.parameters).map(([name, schema]) => {
    const parsed = loaded.attempt(
      () => (schema as z.ZodType).safeParse(undefined),
      () => undefined, // what is wrong with it is said when a model is made
    );
    const node = propertyOf(literal, name);
    return {
      name,
      doc: node ? docOf(node) : '',
      default: parsed?.success === true ? constantValue(parsed.data)?.value : undefined,
    };
  });
}
