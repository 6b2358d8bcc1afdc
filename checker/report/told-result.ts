import { isArray } from '../../dsl/ir/index.ts';
import type { ObjectValue, System, Value } from '../../dsl/ir/index.ts';
import { isWithin } from '../counterexample/place-path.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import type { ToldNames } from '../../dsl/ir/told-names.ts';
import type { CheckResult } from '../verdict/verdict.ts';

/**
 * What came of checking a system, in the names that readers are told: labels and locals as their author calls them. For
 * what people read; machines are given the names of the IR, which do not change when lines move.
 */
export function toldResult(system: System, result: CheckResult): CheckResult {
  return told(toldNames(system), result);
}

/** A result, or a part of one such as a trace. */
export function told<Part>(names: ToldNames | undefined, part: Part): Part {
  return names === undefined ? part : (new Teller(names).told(part) as Part);
}

/** Values of the spec, which are the author's own. */
const VALUES = new Set(['arguments', 'bindings', 'parameters', 'counted', 'holder', 'doc', 'span']);

/** The values that go with a path. */
const AT_PATH = new Set(['from', 'to', 'value', 'now', 'element']);

/** Goes by the shape of the data: its strings are names or have names in them, but for values. */
class Teller {
  readonly #names: ToldNames;
  readonly #known = new Map<object, object>(); // what was one and the same stays so

  constructor(names: ToldNames) {
    this.#names = names;
  }

  told(part: unknown): unknown {
    if (typeof part === 'string') return this.#names.tell(part);
    if (Array.isArray(part)) return part.map((one) => this.told(one));
    if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
    const known = this.#known.get(part) ?? this.#object(part);
    this.#known.set(part, known);
    return known;
  }

  #object(part: object): object {
    const path = textOf(part, 'path') ?? textOf(part, 'place');
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]): [string, unknown] => {
        if (VALUES.has(key)) return [key, inner];
        if (AT_PATH.has(key)) return [key, path === undefined ? inner : this.#valueAt(path, inner as Value)];
        if (key === 'states' && Array.isArray(inner))
          return [key, inner.map((state) => this.#state(state as ObjectValue))];
        return [key, this.told(inner)];
      }),
    );
  }

  #state(state: ObjectValue): ObjectValue {
    return Object.fromEntries(
      Object.entries(state).map(([name, value]) => [this.#names.names.get(name) ?? name, this.#valueAt(name, value)]),
    );
  }

  /** What is read at a path: where threads stand is told by other labels. */
  #valueAt(path: string, value: Value): Value {
    for (const [counter, labels] of this.#names.labels) if (isWithin(path, counter)) return withLabels(value, labels);
    return value;
  }
}

function textOf(part: object, key: string): string | undefined {
  const found = (part as Readonly<Record<string, unknown>>)[key];
  return typeof found === 'string' ? found : undefined;
}

function withLabels(value: Value, labels: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') return labels.get(value) ?? value;
  if (typeof value !== 'object' || value === null || isArray(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLabels(inner as Value, labels)]));
}
