import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flatten } from '../../checker/engine/flatten.ts';
import { interpret } from '../../checker/engine/interpreter.ts';
import { initialSteps } from '../../checker/engine/interpreter/steps.ts';
import { Batch, type NextState } from '../../checker/engine/next-state.ts';
import { isRefused, planOf, type Plan } from '../../checker/plan/plan.ts';
import { findSpecs } from '../../dsl/compiler/declaration.ts';
import { instantiate } from '../../dsl/compiler/instantiate.ts';
import { load } from '../../dsl/compiler/load.ts';
import { openSources } from '../../dsl/compiler/source.ts';
import {
  contains,
  formatValue,
  isArray,
  isObject,
  SetValue,
  valuesOf,
  type ObjectValue,
  type System,
  type Value,
} from '../../dsl/ir/index.ts';
import type { Declaration, SpecDefinition } from '../../dsl/language/definition.ts';
import { runIn, StepNotPossible, type Run } from '../../dsl/language/run.ts';
import { generatedEngine } from './agreement.ts';
import { complete } from './draft.ts';
import { schemaDomain } from './schema-domain.ts';
import { fromValue, StructuralSet, toValue } from './structural-set.ts';

/** What became of a body: refused by the compiler, or run by every engine and by JavaScript. */
export interface PlainStep {
  readonly body: string;
  readonly refused?: string;
  /** The state after the step as the interpreter has it, and as JavaScript has it; `fails` where the step does. */
  readonly interpreted?: string;
  /** The same as generated JavaScript and WebAssembly have it; undefined where no code is generated for the model. */
  readonly generated?: readonly [string, string];
  readonly plain?: string;
}

/**
 * Compiles each body as the only action of a spec, and runs it from the initial state: by every engine, and as the
 * function that it is, on plain objects and arrays, which nothing copies and nothing watches. So what one name changes is
 * changed for all names of the same object, wherever in the state or outside of it they lead.
 *
 * @param head - imports and what the bodies use.
 * @param declared - the second argument of `spec`.
 */
export function plainSteps(head: string, declared: string, bodies: readonly string[]): readonly PlainStep[] {
  return chunksOf(bodies, IN_A_MODULE).flatMap((some) => stepsOfModule(head, declared, some));
}

/** A module has to be evaluated in a few seconds, on a busy machine too. */
const IN_A_MODULE = 200;

function stepsOfModule(head: string, declared: string, bodies: readonly string[]): readonly PlainStep[] {
  const refused = new Map<string, string>();
  let understood = bodies;
  let together = compileTogether(head, declared, understood);
  // What is wrong in one place is said once, also when several bodies lead there.
  while (together.system === undefined) {
    together.refusals.forEach((one, at) => one !== undefined && refused.set(understood[at]!, one));
    understood = bodies.filter((body) => !refused.has(body));
    if (understood.length === 0) break;
    together = compileTogether(head, declared, understood);
  }
  const { system, definition } = together;
  if (system === undefined) return bodies.map((body) => ({ body, refused: refused.get(body)! }));
  const alone = system.actions.map((action): System => ({ ...system, actions: [action] }));
  const engines = chunksOf(alone, TOGETHER).flatMap(allEngines);
  const actions = definition.declarations.filter((one) => one.kind === 'action');
  const plan = planned({ ...system, actions: [] });
  const results = understood.map((body, at): PlainStep => ({
    body,
    ...engines[at]!,
    plain: asJavaScript(actions[at]!, plan),
  }));
  return bodies.map((body) => {
    const why = refused.get(body);
    return why === undefined ? results[understood.indexOf(body)]! : { body, refused: why };
  });
}

interface Together {
  /** Undefined when some body is refused. */
  readonly system: System | undefined;
  readonly definition: SpecDefinition;
  /** What is wrong first with each body, if anything is. */
  readonly refusals: readonly (string | undefined)[];
}

/** Each body as an action of one spec. */
function compileTogether(head: string, declared: string, bodies: readonly string[]): Together {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-plain-'));
  try {
    const file = join(folder, 'spec.ts');
    let text = `${head}\nexport const together = spec('together', ${declared});\n`;
    const first = text.length;
    const ends = bodies.map((body, at) => {
      text += `export const step${at} = together.action((s: any) => {\n${body}\n});\n`;
      return text.length;
    });
    writeFileSync(file, text);
    const sources = openSources(file);
    const loaded = load(sources);
    const found = findSpecs(sources, loaded);
    const wrong = [...sources.diagnostics, ...loaded.diagnostics, ...found.diagnostics];
    if (wrong.length > 0) throw new Error(wrong.map((one) => one.message).join('\n'));
    const { system, diagnostics } = instantiate(sources, loaded, found.specs[0]!, undefined, {});
    const refusals: (string | undefined)[] = bodies.map(() => undefined);
    for (const { severity, code, message, primary, related } of diagnostics) {
      if (severity !== 'error') continue;
      // What is wrong in a function of the head is wrong where it is called from.
      const places = [primary, ...related].map(({ span }) => span.start);
      const at = ends.findIndex((end) => places.some((start) => first <= start && start < end));
      if (at < 0) throw new Error(`${code} ${message}, in none of the bodies`);
      refusals[at] ??= `${code} ${message}`;
    }
    return { system, definition: found.specs[0]!.definition, refusals };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** So many bodies are the actions of one system, since it takes long to make code for each. */
const TOGETHER = 50;

function chunksOf<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

function planned(system: System): Plan {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  return plan;
}

/** The step of each body by every engine. */
function allEngines(systems: readonly System[]): Pick<PlainStep, 'interpreted' | 'generated'>[] {
  const results = systems.map((system) => ({ interpreted: stepsBy(interpret, planned(system))[0]! }));
  const supported = systems.flatMap((system, at) => ('unsupported' in flatten(planned(system)) ? [] : [at]));
  if (supported.length === 0) return results;
  const actions = supported.flatMap((at) => systems[at]!.actions);
  const plan = planned({ ...systems[0]!, actions });
  const compiled = stepsBy((one) => generatedEngine(one, 'javascript'), plan);
  const webassembly = stepsBy((one) => generatedEngine(one, 'webassembly'), plan);
  return results.map((result, at) => {
    const index = supported.indexOf(at);
    return index < 0 ? result : { ...result, generated: [compiled[index]!, webassembly[index]!] };
  });
}

/** The states that each instance leads to from the initial state, as an engine has them; `fails` where it does. */
function stepsBy(engineOf: (plan: Plan) => NextState, plan: Plan): string[] {
  const engine = engineOf(plan);
  const batch = new Batch(engine.words, 1, plan.branches.list.length);
  engine.initial(batch);
  const from = batch.states.slice(0, engine.words);
  batch.clear();
  engine.successors(from, 0, batch);
  const reached = Array.from({ length: batch.count }, (_, at) => ({
    instance: batch.instances[at],
    state: textOf(plan, plan.layout.decode(batch.states, at * engine.words)),
  }));
  return plan.instances.map(({ id }) =>
    batch.failures.includes(id)
      ? 'fails'
      : reached
          .filter(({ instance }) => instance === id)
          .map(({ state }) => state)
          .join(' | '),
  );
}

/** With the fields of objects in an order that says nothing of how they were made. */
function sorted(value: Value): Value {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value) || value instanceof SetValue) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function textOf(plan: Plan, state: Value): string {
  const completed = complete({ kind: 'object', fields: plan.system.variables }, state) as ObjectValue;
  return formatValue(Object.fromEntries(plan.system.variables.map(({ name }) => [name, sorted(completed[name])])));
}

/** The step as JavaScript does it. */
function asJavaScript(action: Declaration & { readonly kind: 'action' }, plan: Plan): string {
  const [initial] = initialSteps(plan).successors;
  const state = fromValue(initial) as object;
  const ordinary = globalThis.Set;
  globalThis.Set = StructuralSet;
  try {
    runIn(RUN, () => action.body(state as never));
    const after = toValue(state);
    return contains({ kind: 'object', fields: plan.system.variables }, after) ? textOf(plan, after) : 'fails';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error instanceof StepNotPossible ? '' : 'fails';
  } finally {
    globalThis.Set = ordinary;
  }
}

/** Bodies here make no choice, and there are no processes. */
const RUN: Run = {
  choose() {
    throw new Error('a body here makes no choice');
  },
  fresh() {
    throw new Error('a body here makes no value');
  },
  valuesOf: (schema) => [...valuesOf(schemaDomain(schema))].map(fromValue),
  labelOf: () => '',
  localOf: () => undefined,
  change() {
    throw new Error('there are no threads here');
  },
  enabled: () => false,
};
