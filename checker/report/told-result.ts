import { isArray } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue, StatePlace, System, Value } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import type { ToldNames } from '../../dsl/ir/told-names.ts';
import { toldExpression } from '../../dsl/ir/told-system.ts';
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

/** Where the name of an action or a variable stands, or a list of such names. */
const NAMES = new Set(['action', 'variable', 'step', 'steps', 'enders', 'waiting', 'unused', 'reads']);

/** Values of the spec, which are the author's own, and texts. */
const OPAQUE = new Set(['arguments', 'bindings', 'parameters', 'counted', 'holder', 'doc', 'span', 'segments']);

/** The values that go with a place. */
const AT_PLACE = new Set(['from', 'to', 'value', 'now', 'element']);

/** Goes by the shape of the data. A name stands alone, as what a step, an actor or a place is made of: no text is searched. */
class Teller {
  readonly #names: ToldNames;
  readonly #known = new Map<object, object>(); // what was one and the same stays so

  constructor(names: ToldNames) {
    this.#names = names;
  }

  told(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((one) => this.told(one));
    if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
    const known = this.#known.get(part) ?? this.#object(part as Readonly<Record<string, unknown>>);
    this.#known.set(part, known);
    return known;
  }

  #object(part: Readonly<Record<string, unknown>>): object {
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, this.#field(part, key, inner)]));
  }

  #field(part: Readonly<Record<string, unknown>>, key: string, inner: unknown): unknown {
    if (OPAQUE.has(key)) return inner;
    if (AT_PLACE.has(key)) return this.#valueAt(part['place'] as StatePlace | undefined, inner as Value);
    // An assumption is named by an action or a process.
    if (NAMES.has(key) || (key === 'name' && ('strength' in part || 'arguments' in part))) return this.#named(inner);
    if (key === 'states' && Array.isArray(inner)) return inner.map((state) => this.#state(state as ObjectValue));
    if (key === 'condition' && typeof inner === 'object') return toldExpression(inner as Expression, this.#names);
    return this.told(inner);
  }

  #named(part: unknown): unknown {
    if (typeof part === 'string') return this.#names.names.get(part) ?? part;
    return Array.isArray(part) ? part.map((one) => this.#named(one)) : this.told(part);
  }

  #state(state: ObjectValue): ObjectValue {
    return Object.fromEntries(
      Object.entries(state).map(([variable, value]) => [
        this.#names.names.get(variable) ?? variable,
        this.#valueAt({ variable }, value),
      ]),
    );
  }

  /** What is read at a place: where threads stand is told by other labels. */
  #valueAt(place: Pick<StatePlace, 'variable'> | undefined, value: Value): Value {
    const labels = place && this.#names.labels.get(place.variable);
    return labels === undefined ? value : withLabels(value, labels);
  }
}

function withLabels(value: Value, labels: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') return labels.get(value) ?? value;
  if (typeof value !== 'object' || value === null || isArray(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLabels(inner as Value, labels)]));
}
