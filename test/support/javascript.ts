import type * as z from 'zod';
import { activate, argumentsOf } from '../../dsl/language/activate.ts';
import type { Body, Declaration, SpecDefinition } from '../../dsl/language/definition.ts';
import { DONE } from '../../dsl/language/process.ts';
import { runIn, StepNotPossible, type Run, type ThreadChange } from '../../dsl/language/run.ts';
import { equalValues, valuesOf } from '../../dsl/ir/index.ts';
import type { Domain, Field, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { draftOf, fixedView, showSame } from './draft.ts';
import { localOf } from './suspended.ts';
import { schemaDomain } from './schema-domain.ts';
import { startOf } from './start-value.ts';
import { elementsOf, fromValue, StructuralSet } from './structural-set.ts';

/** The variables of a model, and where its threads stand. */
export interface Configuration {
  readonly state: ObjectValue;
  /** One for each thread of the model, in its order. */
  readonly threads: readonly Position[];
  /** The largest value that `fresh` has given so far; absent: none. */
  readonly made?: number;
}

/** Where a thread stands: a label, and how it came there, because a generator cannot be copied but can be run again. */
export interface Position {
  readonly label: string;
  readonly past: Past | undefined;
}

/** A step that a thread took: from where, by which choices, and after which other step. */
interface Past {
  readonly from: Configuration;
  readonly digits: readonly number[];
  readonly earlier: Past | undefined;
}

/** What one way through a step leads to. A way that is not possible leads to nothing and is left out. */
export type Outcome =
  { readonly kind: 'state'; readonly to: Configuration } | { readonly kind: 'failure'; readonly message: string };

/** An action or a process of a model with values for its arguments. */
export interface JavaScriptInstance {
  readonly declared: Declaration & { readonly kind: 'action' | 'process' };
  readonly arguments: ObjectValue;
}

/** A model of a spec whose bodies run as the ordinary JavaScript functions that they are. */
export interface JavaScriptModel {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly variables: readonly Field[];
  /** Every action with every combination of argument values, in the order of declaration and domains. */
  readonly actions: readonly JavaScriptInstance[];
  /** The same for processes. */
  readonly threads: readonly JavaScriptInstance[];
  /** In the order of the choices that `init` makes. */
  initial(): readonly Outcome[];
  /** Every way through one step, in the order of its choices, duplicates included. */
  successors(from: Configuration, instance: JavaScriptInstance): readonly Outcome[];
  /** The truth of an invariant or the like; `next` for a step property. */
  holds(declared: Declaration & { readonly body: Body }, from: Configuration, next?: Configuration): boolean;
}

/**
 * Runs the bodies of a spec as JavaScript: the witness that compiler and engines are held against.
 *
 * The spec is activated with the given parameters, and stays active: of two models, only the one made last can be used.
 * A step of a thread costs a run of all the steps that the thread has taken.
 *
 * @throws Error when the parameters are not valid.
 */
export function executeModel(
  definition: SpecDefinition,
  given: Readonly<Record<string, unknown>> = {},
): JavaScriptModel {
  const activation = activate(definition, given, (schema) => [...valuesOf(schemaDomain(schema))].map(fromValue));
  if (activation.kind === 'no constants') throw activation.thrown;
  if (activation.kind === 'invalid') throw new Error(activation.problems.map((one) => one.message).join('\n'));
  const { fixed, constants } = activation;
  const parameters = { ...fixed, ...(fixedView(constants) as object) };
  const variables = fieldsOf(definition.state(fixed));
  const domain: Domain = { kind: 'object', fields: variables };
  const actions = instancesOf('action');
  const threads = instancesOf('process');

  function instancesOf(kind: 'action' | 'process'): JavaScriptInstance[] {
    return definition.declarations.flatMap((declared) =>
      declared.kind !== kind
        ? []
        : combinations(fieldsOf(argumentsOf(declared, fixed))).map((bound) => ({ declared, arguments: bound })),
    );
  }

  function initial(): Outcome[] {
    const ways = everyWay((choose): Configuration => {
      const start = Object.fromEntries(
        Object.entries(definition.state(parameters)).map(([name, schema]) => [name, startOf(schema, choose)]),
      );
      const nowhere: Configuration = { state: start, threads: [] };
      const draft = draftOf(domain, start);
      const run = runFrom(nowhere, choose);
      inLanguage(run, () => definition.init?.(draft.state as never, parameters as never));
      const state = draft.value();
      const made = run.made();
      // What a thread does before its first label belongs to the initial state; it must not touch the variables.
      const standing = threads.map((thread) => advance({ state, threads: [], made }, thread, undefined, choose));
      return {
        state,
        threads: standing.map((one) => one.position),
        made: Math.max(made, ...standing.map((one) => one.made)),
      };
    });
    return ways.map(outcomeOf);
  }

  function successors(from: Configuration, instance: JavaScriptInstance): Outcome[] {
    const index = threads.indexOf(instance);
    const ways = index < 0 ? actionWays(from, instance) : threadWays(from, instance, index);
    return ways.map(outcomeOf);
  }

  function actionWays(from: Configuration, { declared, arguments: bound }: JavaScriptInstance): Way<Configuration>[] {
    return everyWay((choose) => {
      const draft = draftOf(domain, from.state);
      const standing: Standing = { threads: [...from.threads], now: () => draft.value() };
      const run = runFrom(from, choose, { standing });
      inLanguage(run, () => declared.body(...givenTo(draft.state, bound)) as unknown);
      return { state: draft.value(), threads: standing.threads, made: run.made() };
    });
  }

  function threadWays(from: Configuration, thread: JavaScriptInstance, index: number): Way<Configuration>[] {
    const { label, past } = from.threads[index]!;
    if (label === DONE) return [];
    return everyWay((choose) => {
      const { state, position, threads: standing, made } = advance(from, thread, past, choose);
      return { state, threads: standing.map((other, at) => (at === index ? position : other)), made };
    });
  }

  /** Takes one step of a thread with a given past, after having lived through that again. */
  function advance(
    from: Configuration,
    thread: JavaScriptInstance,
    past: Past | undefined,
    choose: Run['choose'],
  ): {
    readonly state: ObjectValue;
    readonly position: Position;
    readonly threads: readonly Position[];
    readonly made: number;
  } {
    const { step } = relive(thread, past);
    const digits: number[] = [];
    const {
      state,
      label,
      threads: standing,
      made,
    } = step(from, (alternatives) => {
      const digit = choose(alternatives);
      digits.push(digit);
      return digit;
    });
    return { state, position: { label, past: { from, digits, earlier: past } }, threads: standing, made };
  }

  /** A thread with its past behind it. */
  function relive(thread: JavaScriptInstance, past: Past | undefined) {
    const shown = showing();
    const generator = thread.declared.body(...givenTo(shown.state, thread.arguments)) as Generator<
      string,
      void,
      object
    >;
    const step = (at: Configuration, chooseHere: Run['choose']) => {
      const draft = draftOf(domain, at.state);
      shown.show(draft.state);
      const standing: Standing = { threads: [...at.threads], now: () => draft.value(), runs: thread };
      const run = runFrom(at, chooseHere, { standing });
      const { done, value } = inLanguage(run, () => generator.next(shown.state));
      return { state: draft.value(), label: done === true ? DONE : value, threads: standing.threads, made: run.made() };
    };
    for (const one of inOrder(past)) step(one.from, chooseAgain(one.digits));
    return { generator, shown, step };
  }

  function givenTo(state: object, bound: ObjectValue): readonly unknown[] {
    return Object.keys(bound).length === 0 ? [state, parameters] : [state, fromValue(bound), parameters];
  }

  function threadOf(process: Declaration, given: Readonly<Record<string, unknown>>): number {
    return threads.findIndex((one) => one.declared === process && agrees(one.arguments, given));
  }

  /** Puts a thread at its beginning or its end, in the middle of a step. */
  function change(standing: Standing, thread: JavaScriptInstance, how: ThreadChange, choose: Run['choose']): void {
    if (thread === standing.runs) throw new Error(`a thread cannot ${how} itself`);
    const index = threads.indexOf(thread);
    standing.threads[index] =
      how === 'stop'
        ? { label: DONE, past: undefined }
        : advance({ state: standing.now(), threads: [] }, thread, undefined, choose).position;
  }

  function runFrom(
    from: Configuration,
    choose: Run['choose'],
    { to, standing }: { readonly to?: Configuration | undefined; readonly standing?: Standing } = {},
  ): Run & { readonly made: () => number } {
    let made = from.made ?? 0;
    // What a step has changed of other threads so far is what it sees of them.
    const here = (next: boolean): Configuration =>
      next ? to! : standing === undefined ? from : { state: standing.now(), threads: standing.threads };
    return {
      choose,
      fresh: () => (made += 1),
      made: () => made,
      valuesOf: (schema: z.core.$ZodType) => [...valuesOf(schemaDomain(schema))].map(fromValue),
      labelOf: ({ process, given, next }) => here(next).threads[threadOf(process, given)]!.label,
      localOf({ process, given, next }, name) {
        const at = here(next);
        const index = threadOf(process, given);
        const { generator, shown } = relive(threads[index]!, at.threads[index]!.past);
        shown.show(draftOf(domain, at.state).state);
        return localOf(generator, name);
      },
      change({ process, given }, how) {
        const thread = threads[threadOf(process, given)];
        if (thread === undefined) throw new Error('there is no such thread');
        if (standing === undefined) throw new Error('only a step changes where threads stand');
        change(standing, thread, how, choose);
      },
      enabled: (declared, given) =>
        [...actions, ...threads]
          .filter((instance) => instance.declared === declared && agrees(instance.arguments, given))
          .some((instance) => successors(from, instance).some(({ kind }) => kind === 'state')),
    };
  }

  return {
    parameters,
    variables,
    actions,
    threads,
    initial,
    successors,
    holds(declared, from, next) {
      const states = (next === undefined ? [from] : [from, next]).map((one) => draftOf(domain, one.state).state);
      const noChoice = () => {
        throw new Error('a predicate makes no choice');
      };
      const run = runFrom(from, noChoice, { to: next });
      return inLanguage(run, () => declared.body(...states, parameters) as boolean);
    },
  };
}

/** Where threads stand while a step is being taken, which may change that. */
interface Standing {
  readonly threads: Position[];
  /** The state as the step has made it so far. */
  readonly now: () => ObjectValue;
  /** The thread that takes the step, if one does. */
  readonly runs?: JavaScriptInstance;
}

type Way<T> = { readonly kind: 'result'; readonly result: T } | { readonly kind: 'failure'; readonly message: string };

function outcomeOf(way: Way<Configuration>): Outcome {
  return way.kind === 'failure' ? way : { kind: 'state', to: way.result };
}

/**
 * Runs a step once for each way its choices can go. Choices are the digits of an odometer: a run takes the digits that
 * are set and 0 for those that are not yet; then the last digit that can advance does.
 */
function everyWay<T>(run: (choose: Run['choose']) => T): Way<T>[] {
  const ways: Way<T>[] = [];
  let digits: number[] = [];
  for (;;) {
    const radices: number[] = [];
    const current = digits;
    const choose = (alternatives: number): number => {
      if (alternatives === 0) throw new StepNotPossible();
      current[radices.length] ??= 0;
      radices.push(alternatives);
      return current[radices.length - 1]!;
    };
    try {
      ways.push({ kind: 'result', result: run(choose) });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!(error instanceof StepNotPossible)) ways.push({ kind: 'failure', message: error.message });
    }
    let last = radices.length - 1;
    while (last >= 0 && current[last]! + 1 === radices[last]) last -= 1;
    if (last < 0) return ways;
    digits = [...current.slice(0, last), current[last]! + 1];
  }
}

/** Makes the choices that were made before. */
function chooseAgain(digits: readonly number[]): Run['choose'] {
  let next = 0;
  return () => digits[next++]!;
}

function inOrder(past: Past | undefined): readonly Past[] {
  const steps: Past[] = [];
  for (let one = past; one !== undefined; one = one.earlier) steps.unshift(one);
  return steps;
}

/**
 * A state for a generator, which gets it once and for all: shows one draft after the other. Parts of it that the
 * generator keeps are the objects that they are for as long as the step lasts; across steps they are paths, and show
 * what is there in the draft of the step.
 */
function showing(): { readonly state: object; readonly show: (draft: object) => void } {
  let draft: object = {};
  let step = 0;
  const held: Held = { now: () => draft };
  const show = (next: object) => {
    draft = next;
    step += 1;
  };
  return { state: pathTo(held, {}, () => step), show };
}

/** What a path leads to: the same object until the step ends. */
interface Held {
  readonly now: () => object;
}

function holding(there: () => object, step: () => number): Held {
  let since = step();
  let held = there();
  return {
    now: () => {
      if (since !== step()) [since, held] = [step(), there()];
      return held;
    },
  };
}

/** What the paths that a generator has lead to. */
const PATHS = new WeakMap<object, Held>();

function pathTo(held: Held, shape: object, step: () => number): object {
  const parts = new Map<PropertyKey, { readonly held: Held; readonly path: object }>();
  return new Proxy(shape, {
    get(_, key) {
      const part: unknown = Reflect.get(held.now(), key);
      if (typeof part !== 'object' || part === null) return part;
      const known = parts.get(key);
      if (known !== undefined && shapeOf(known.path) === shapeOf(part) && showSame(known.held.now(), part))
        return known.path;
      const inner = holding(() => Reflect.get(held.now(), key) as object, step);
      const path =
        part instanceof StructuralSet ? pathToSet(inner) : pathTo(inner, shapeOf(part) === 'array' ? [] : {}, step);
      parts.set(key, { held: inner, path });
      PATHS.set(path, inner);
      return path;
    },
    // What is put where it is has to be known for what it is.
    set: (_, key, value: unknown) => Reflect.set(held.now(), key, PATHS.get(value as object)?.now() ?? value),
    has: (_, key) => Reflect.has(held.now(), key),
    ownKeys: () => Reflect.ownKeys(held.now()),
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(held.now(), key),
  });
}

/** A set that is, from the next step on, whatever set is there when it is asked. */
function pathToSet(held: Held): object {
  return new Proxy(new StructuralSet(), {
    get(_, key) {
      const set = held.now() as StructuralSet;
      if (key === Symbol.iterator || key === 'values' || key === 'keys') {
        return () => elementsOf(() => (held.now() as StructuralSet).toValue().elements);
      }
      const member: unknown = Reflect.get(set, key, set);
      return typeof member === 'function' ? (member.bind(set) as unknown) : member;
    },
  });
}

function shapeOf(part: object): 'array' | 'set' | 'object' {
  return Array.isArray(part) ? 'array' : part instanceof StructuralSet ? 'set' : 'object';
}

/** Runs a body with the language's own sets in the place of JavaScript's. */
function inLanguage<T>(run: Run, body: () => T): T {
  const ordinary = globalThis.Set;
  globalThis.Set = StructuralSet;
  try {
    return runIn(run, body);
  } finally {
    globalThis.Set = ordinary;
  }
}

function fieldsOf(schemas: Readonly<Record<string, z.core.$ZodType>>): readonly Field[] {
  return Object.entries(schemas).map(([name, schema]) => ({ name, domain: schemaDomain(schema) }));
}

/** The first argument varies slowest. */
function combinations(fields: readonly Field[]): ObjectValue[] {
  return [...valuesOf({ kind: 'object', fields })] as ObjectValue[];
}

function agrees(bound: ObjectValue, given: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(given).every(([name, value]) => equalValues(bound[name], value as Value));
}
