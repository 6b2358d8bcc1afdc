import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Domain, Statement } from '../ir/index.ts';
import { argumentsOf } from '../language/activate.ts';
import type { Declaration } from '../language/definition.ts';
import { bodyOf, namedOf, type Part } from './declaration.ts';
import { lowerProcess, type LoweredProcess } from './lower-process.ts';
import type { ModelContext, Unit } from './unit.ts';

/** What is known of a model, and grows as its processes are lowered. */
interface Known {
  readonly processes: Map<Declaration, LoweredProcess>;
  readonly variables: Map<string, Domain>;
  readonly askedLocals: AskedLocals;
  /** Processes of which some step stops a thread. */
  readonly stopped: ReadonlySet<Declaration>;
}

/** Names of locals that predicates of a model ask about: processes are lowered before anybody can ask. */
export class AskedLocals {
  readonly #names = new Map<Declaration, Set<string>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  of(process: Declaration): ReadonlySet<string> {
    return new Set(this.#names.get(process));
  }

  add(process: Declaration, name: string): void {
    const names = this.#names.get(process) ?? new Set();
    this.#names.set(process, names.add(name));
    this.#size = [...this.#names.values()].reduce((sum, one) => sum + one.size, 0);
  }
}

/** The domains of the locals that a process declares. */
function declaredLocals(model: ModelContext, { declaration, span }: Part): ReadonlyMap<string, Domain> {
  if (declaration.kind !== 'process') return new Map();
  const schemas = Object.entries(argumentsOf({ arguments: declaration.locals }, model.given));
  return new Map(
    schemas.flatMap(([name, schema]) => {
      const domain = model.domainOf(schema, span);
      return domain === undefined ? [] : [[name, domain] as const];
    }),
  );
}

/**
 * Lowers the processes of a spec. They may ask each other where they stand, so what labels there are has to be known
 * before: it is found by lowering them all once for that alone. Where nobody has asked, that was all there is to do.
 *
 * @returns what puts all threads at their first labels.
 */
export function lowerProcesses(
  context: ModelContext,
  parts: readonly Part[],
  { processes, variables, askedLocals, stopped }: Known,
  initNames: Set<string>,
): readonly Statement[] {
  const lowerAll = (model: ModelContext, names: Set<string>): readonly Statement[] =>
    parts.flatMap((part) => {
      const given = context.argumentsOf(part.declaration);
      const source = {
        named: namedOf(part),
        given,
        bodyOf: (unit: Unit) => bodyOf(unit, part),
        asked: askedLocals.of(part.declaration),
        declared: declaredLocals(context, part),
        isStopped: stopped.has(part.declaration),
      };
      const lowered = lowerProcess(model, source, names);
      processes.set(part.declaration, lowered);
      for (const variable of lowered.variables) variables.set(variable.name, variable.domain);
      return lowered.init;
    });
  const counters = new Set(parts.map((part) => context.counterOf(part.declaration)));
  for (const counter of counters) variables.set(counter, UNKNOWN_COUNTER);
  let asked = false;
  const ask = () => (asked = true);
  const found: Diagnostic[] = [];
  const names = new Set(initNames);
  const init = lowerAll(
    {
      ...context,
      ...whenAsked(context, ask),
      variables: watchedMap(context.variables, (name) => counters.has(name), ask),
      report: (diagnostic) => found.push(diagnostic),
    },
    names,
  );
  if (asked) return lowerAll(context, initNames);
  found.forEach(context.report);
  for (const name of names) initNames.add(name);
  return init;
}

const UNKNOWN_COUNTER: Domain = { kind: 'never' };

/** The questions about processes that nobody can answer before they are lowered. */
function whenAsked(
  { counterOf, stepsOf, placesOf, renamedPlacesOf }: ModelContext,
  ask: () => void,
): Pick<ModelContext, 'counterOf' | 'stepsOf' | 'placesOf' | 'renamedPlacesOf'> {
  const noted =
    <Given extends readonly unknown[], Answer>(answer: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      ask();
      return answer(...given);
    };
  return {
    counterOf: noted(counterOf),
    stepsOf: noted(stepsOf),
    placesOf: noted(placesOf),
    renamedPlacesOf: noted(renamedPlacesOf),
  };
}

/** A map that tells when the value of a key that matters is looked at, by itself or among all. */
function watchedMap<Value>(
  map: ReadonlyMap<string, Value>,
  matters: (key: string) => boolean,
  tell: () => void,
): ReadonlyMap<string, Value> {
  const whole = () => {
    tell();
    return map;
  };
  return {
    get size() {
      return map.size;
    },
    has: (key) => map.has(key),
    keys: () => map.keys(),
    get: (key) => (matters(key) ? whole() : map).get(key),
    values: () => whole().values(),
    entries: () => whole().entries(),
    forEach: (visit) => whole().forEach(visit),
    [Symbol.iterator]: () => whole()[Symbol.iterator](),
  };
}
