import * as z from 'zod';
import { attachSerial, serialOf, type SerialDefinition } from './definition.ts';
import { isOptionsObject, wrongArgument } from './given.ts';
import { running } from './run.ts';

/**
 * A value of which only the order counts. It can be compared with `===`, `<` and the like, and stored; nothing else.
 *
 * At run time it is an integer. Its type is one of texts, as that of an id is: so TypeScript lets two values of one
 * domain be compared, and refuses numbers, arithmetic and values of another domain.
 */
export type SerialValue<Name extends string> = `a value of ${Name}, not a number` | `another ${Name}, not a number`;

/** A domain of values of which only the order counts: a schema for one of them. */
export type Serial<Name extends string> = z.ZodType<SerialValue<Name>>;

/**
 * Declares values of which only the order counts, such as terms, tickets, revisions and ballots: `first(Term)`, which
 * variables start with, and any number of later ones, made by `fresh(Term)`.
 *
 * @param name - singular and capitalized: `Term`.
 * @param options - `alive`: how many different ones beside the first a state may hold at once, or a function of the
 * spec's parameters that says so. A step that would leave more fails.
 */
export function serial<const Name extends string>(
  name: Name,
  // oxlint-disable-next-line typescript/no-explicit-any -- a domain is declared before the spec whose parameters it reads.
  options: { readonly alive: number | ((parameters: any) => number) },
): Serial<Name> {
  const called = `serial(${JSON.stringify(name)}, …)`;
  if (typeof name !== 'string') throw wrongArgument('serial', 'a name first', name);
  if (!isOptionsObject(options)) throw wrongArgument(called, 'how many are alive at once, `{ alive: 3 }`', options);
  const { alive } = options;
  if (typeof alive !== 'number' && typeof alive !== 'function')
    throw wrongArgument(called, 'a number as `alive`, or a function of the parameters that says so', alive);
  const definition: SerialDefinition = { kind: 'serial', name, alive };
  const schema = z.custom<SerialValue<Name>>((value) => Number.isInteger(value) && 0 <= (value as number));
  return attachSerial(schema, definition);
}

/** A value above all that the state held when the step began, and above all that the step has made so far. */
export function fresh<const Name extends string>(domain: Serial<Name>): SerialValue<Name> {
  if (serialOf(domain) === undefined) throw wrongArgument('fresh', 'what `serial(…)` gave', domain);
  return running().fresh() as unknown as SerialValue<Name>;
}

/** The least value of a domain, which variables start with. */
export function first<const Name extends string>(domain: Serial<Name>): SerialValue<Name> {
  if (serialOf(domain) === undefined) throw wrongArgument('first', 'what `serial(…)` gave', domain);
  return 0 as unknown as SerialValue<Name>;
}
