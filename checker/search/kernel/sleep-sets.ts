import { independenceOf } from '../../engine/independence.ts';
import type { PreparedSystem } from '../../engine/wasm/prepared.ts';

/**
 * Which successors of a state need not be looked up, by the instance that the state was first found with.
 *
 * Let a state t have been found from s by b, and let a come before b and be independent of it. If a is possible in t, it
 * is so in s, and leads to a state t' that was known before t and is expanded before it. There b is possible and leads
 * where a leads from t: so that state is known by then. What is left is about one way to each state, instead of one for
 * each order of independent steps; what is counted stays the same.
 *
 * This holds as long as every state that is found is expanded, in the order of its number.
 *
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032, 1996, chapter 5, on
 * sleep sets: they save the same steps.
 */
export interface SleepSets {
  readonly classes: number;
  /** The class of states that were found with an instance, by its number + 1; 0 for those that nothing is known of. */
  readonly classOf: Uint8Array;
  /** For each class a row of bytes, one for each instance: whether its successors have to be looked up. */
  readonly rows: Uint8Array;
}

/** Systems with more instances than this do without: time and memory go with the square. */
const MOST_INSTANCES = 2048;
const MOST_CLASSES = 256;
const MOST_BYTES = 2 ** 20;

/**
 * @returns undefined when no two instances are independent.
 * @remarks Cost: see {@link independenceOf}, for each pair of instances.
 */
export function sleepSetsOf({ instances, fields, constants }: PreparedSystem): SleepSets | undefined {
  const count = instances.length;
  if (MOST_INSTANCES < count) return undefined;
  const isIndependent = independenceOf(instances, fields.length, constants);
  const rows: Uint8Array[] = [new Uint8Array(count).fill(1)];
  const classes = new Map([[keyOf(rows[0]!), 0]]);
  const classOf = new Uint8Array(count + 1);
  for (let instance = 0; instance < count; instance += 1) {
    const row = new Uint8Array(count).fill(1);
    for (let earlier = 0; earlier < instance; earlier += 1) if (isIndependent(earlier, instance)) row[earlier] = 0;
    const key = keyOf(row);
    let known = classes.get(key);
    if (known === undefined && rows.length < MOST_CLASSES && (rows.length + 1) * count <= MOST_BYTES) {
      known = rows.push(row) - 1;
      classes.set(key, known);
    }
    classOf[instance + 1] = known ?? 0;
  }
  if (rows.length === 1) return undefined;
  const all = new Uint8Array(rows.length * count);
  rows.forEach((row, index) => all.set(row, index * count));
  return { classes: rows.length, classOf, rows: all };
}

function keyOf(row: Uint8Array): string {
  return Buffer.from(row).toString('latin1');
}
