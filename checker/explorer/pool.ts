import type { Value } from '../../dsl/ir/index.ts';
import { isArray, SetValue } from '../../dsl/ir/index.ts';

/**
 * A value in which every part that occurs often is written once: what keeps a page small that holds many models of one
 * spec. JSON, whatever the value holds.
 *
 * A reference is an index into `nodes`, or `-1 - i` for `scalars[i]`. A node is `[ARRAY, …references]`,
 * `[SET, …references]`, `[NUMBERS, …numbers]`, or `[i, …references]` for an object with the keys `shapes[i]`. Nodes refer
 * to earlier nodes only.
 */
export interface Pool {
  readonly shapes: readonly (readonly string[])[];
  /** The first stands for undefined. */
  readonly scalars: readonly (string | number | boolean | null)[];
  readonly nodes: readonly (readonly number[])[];
  readonly root: number;
}

const ARRAY = -1;
const NUMBERS = -2;
const SET = -3;

/** Cost: each object once, however often it is referred to. */
export function toPool(value: Value): Pool {
  const shapes = new Interned<readonly string[]>((keys) => JSON.stringify(keys));
  const scalars = new Interned<string | number | boolean | null>((scalar) => JSON.stringify(scalar));
  const nodes = new Interned<readonly number[]>((node) => node.join());
  const known = new WeakMap<object, number>();
  const isNumber = (element: Value): element is number => typeof element === 'number';
  const nodeOf = (composite: object & Value): readonly number[] => {
    if (composite instanceof SetValue) return [SET, ...composite.elements.map(referenceTo)];
    if (isArray(composite)) {
      return composite.length > 0 && composite.every(isNumber)
        ? [NUMBERS, ...composite]
        : [ARRAY, ...composite.map(referenceTo)];
    }
    const entries = Object.entries(composite);
    return [shapes.indexOf(entries.map(([key]) => key)), ...entries.map(([, field]) => referenceTo(field))];
  };
  const referenceTo = (part: Value): number => {
    if (part === undefined) return -1;
    if (part === null || typeof part !== 'object') return -2 - scalars.indexOf(part);
    let reference = known.get(part);
    if (reference === undefined) known.set(part, (reference = nodes.indexOf(nodeOf(part))));
    return reference;
  };
  const root = referenceTo(value);
  return { shapes: shapes.list, scalars: [null, ...scalars.list], nodes: nodes.list, root };
}

/** The value that a pool holds; what was written once is one object. */
export function fromPool({ shapes, scalars, nodes, root }: Pool): Value {
  const values: Value[] = [];
  const valueAt = (reference: number): Value => {
    if (reference === -1) return undefined;
    return reference < 0 ? scalars[-1 - reference] : values[reference];
  };
  for (const node of nodes) {
    const [kind, ...rest] = node as readonly [number, ...number[]];
    switch (kind) {
      case ARRAY:
        values.push(rest.map(valueAt));
        break;
      case NUMBERS:
        values.push(rest);
        break;
      case SET:
        values.push(new SetValue(rest.map(valueAt)));
        break;
      default:
        values.push(
          Object.fromEntries(shapes[kind]!.map((key, index): [string, Value] => [key, valueAt(rest[index]!)])),
        );
    }
  }
  return valueAt(root);
}

/** A list without duplicates. */
class Interned<Item> {
  readonly list: Item[] = [];
  readonly #indices = new Map<string, number>();
  readonly #keyOf: (item: Item) => string;

  constructor(keyOf: (item: Item) => string) {
    this.#keyOf = keyOf;
  }

  indexOf(item: Item): number {
    const key = this.#keyOf(item);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.list.push(item) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }
}
