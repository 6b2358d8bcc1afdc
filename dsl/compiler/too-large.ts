import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Domain } from '../ir/index.ts';
import { partsOf } from '../ir/part.ts';

/**
 * A few lines of source can stand for more than anybody waits for: functions that call each other twice, values that are
 * made of themselves. What is said of such a body is thrown, because there is nothing to go on with, and caught where a
 * model is made.
 */
export class TooLarge extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Calls that may be written out in one body. The largest of our own has some hundred; so many take a few seconds. */
export const MOST_CALLS = 10_000;

/** Places where a thread of a process may stand: each is a step of its own. */
export const MOST_PLACES = 2_000;

/** Parts that the type of a value may have; the largest of our own has some hundred. */
export const MOST_PARTS = 50_000;

/** So many they may be where one gets deeper each time that a body is lowered. */
const MOST_GROWN = 5_000;

/** What has an end gets deeper a time or two, by what it holds; what is put into itself gets deeper each time. */
const DEEPER = 8;

/**
 * Looks at a type that is found by lowering again and again, until it no longer grows.
 *
 * @returns whether the last growth shows that values of the type would hold themselves.
 */
export class Growth {
  #deepened = 0;

  holdsItself(before: Domain, after: Domain): boolean {
    if (depthOf(after) <= depthOf(before)) return false;
    this.#deepened += 1;
    return DEEPER < this.#deepened || MOST_GROWN < countParts(after);
  }
}

/**
 * How many parts the type of a value has, itself included, each as often as it stands in it.
 *
 * @remarks Costs no more than the number of different parts: a type may be a part of another in many places.
 */
export function countParts(domain: Domain): number {
  return measured(domain).parts;
}

function depthOf(domain: Domain): number {
  return measured(domain).depth;
}

interface Measures {
  readonly parts: number;
  readonly depth: number;
}

function measured(domain: Domain): Measures {
  const known = measures.get(domain);
  if (known !== undefined) return known;
  let parts = 1;
  let depth = 0;
  for (const part of partsOf(domain)) {
    const { parts: more, depth: deep } = measured(part);
    parts += more;
    depth = Math.max(depth, deep);
  }
  const found = { parts, depth: depth + 1 };
  measures.set(domain, found);
  return found;
}

const measures = new WeakMap<Domain, Measures>();
