import { contains, formatValue, isArray, isObject, SetValue } from '../../dsl/ir/index.ts';
import type { Domain, Value } from '../../dsl/ir/index.ts';
import { partsOf } from '../../dsl/ir/part.ts';
import type { Plan } from '../plan/plan.ts';

/** Of larger groups of permutations than this nothing is made canonical: what differs by ids is then told apart. */
const MOST_PERMUTATIONS = 720;

/** A value, and the domain by which its ids are known: an author may call a field or a state of a thread as an id. */
export interface Typed {
  readonly domain: Domain;
  readonly value: Value;
}

/** What is said of a state: texts that stay as they are, and values in which ids are permuted. */
export type Line = readonly (string | Typed)[];

/**
 * Makes lists of lines canonical up to permuting ids: two lists give the same text exactly when a permutation of the ids
 * of each set turns the lines of one into those of the other, in any order.
 *
 * Cost: as many renamings as there are permutations, {@link MOST_PERMUTATIONS} at most.
 */
export function identities({ system }: Plan): (lines: readonly Line[]) => string {
  const sets = new Map<string, readonly string[]>();
  const visit = (domain: Domain): void => {
    if (domain.kind === 'ids') sets.set(domain.name, domain.values);
    if (domain.kind === 'record') visit(domain.key);
    (domain.kind === 'union' ? domain.members : partsOf(domain)).forEach(visit);
  };
  for (const { domain } of system.variables) visit(domain);
  for (const { arguments: given } of system.actions) for (const { domain } of given) visit(domain);
  const renamings = renamingsOf([...sets]);
  return (lines) => {
    let least: string | undefined;
    for (const renaming of renamings) {
      const text = lines
        .map((line) => line.map((part) => (typeof part === 'string' ? part : renamed(part, renaming))).join(''))
        .sort()
        .join('\n');
      if (least === undefined || text < least) least = text;
    }
    return least!;
  };
}

/** By the name of a set, what each of its ids is called instead. */
type Renaming = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A value with other ids, as a text: equal for equal values. */
function renamed({ domain, value }: Typed, renaming: Renaming): string {
  const part = (inner: Domain, one: Value): string => renamed({ domain: inner, value: one }, renaming);
  const ofFields = (fields: readonly { readonly name: string; readonly domain: Domain }[]): string =>
    `{${fields.map(({ name, domain: inner }) => `${name}: ${part(inner, (value as { [key: string]: Value })[name])}`).join(', ')}}`;
  switch (domain.kind) {
    case 'ids':
      return renaming.get(domain.name)?.get(value as string) ?? formatValue(value);
    case 'union': {
      const member = domain.members.find((one) => contains(one, value));
      return member === undefined ? formatValue(value) : part(member, value);
    }
    case 'object':
      return isObject(value) ? ofFields(domain.fields) : formatValue(value);
    case 'variant': {
      const tag = isObject(value) ? value[domain.discriminator] : undefined;
      const chosen = domain.cases.find((one) => one.tag === tag);
      return chosen === undefined ? formatValue(value) : `${chosen.tag} ${ofFields(chosen.fields)}`;
    }
    case 'tuple':
      return isArray(value)
        ? `[${value.map((one, at) => part(domain.items[at]!, one)).join(', ')}]`
        : formatValue(value);
    case 'array':
      return isArray(value) ? `[${value.map((one) => part(domain.element, one)).join(', ')}]` : formatValue(value);
    case 'record': {
      if (!isObject(value)) return formatValue(value);
      // Their order is that of ids, which has changed.
      const entries = Object.entries(value).map(([key, one]) => `${part(domain.key, key)}: ${part(domain.value, one)}`);
      return `{${entries.sort().join(', ')}}`;
    }
    case 'set':
      if (!(value instanceof SetValue)) return formatValue(value);
      return `{${value.elements
        .map((one) => part(domain.element, one))
        .sort()
        .join(', ')}}`;
    default:
      return formatValue(value);
  }
}

/** Every way to permute the ids of each set among themselves; only the one that changes nothing when there are too many. */
function renamingsOf(sets: readonly (readonly [string, readonly string[]])[]): readonly Renaming[] {
  const count = sets.reduce((product, [, { length }]) => product * factorial(length), 1);
  if (MOST_PERMUTATIONS < count) return [new Map()];
  return sets.reduce<readonly Renaming[]>(
    (renamings, [set, names]) =>
      renamings.flatMap((renaming) =>
        permutations(names).map(
          (order) => new Map([...renaming, [set, new Map(names.map((name, at) => [name, order[at]!]))]]),
        ),
      ),
    [new Map()],
  );
}

function permutations(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length === 0) return [[]];
  return names.flatMap((first, at) => permutations(names.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
