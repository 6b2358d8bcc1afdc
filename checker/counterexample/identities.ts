import type { Domain } from '../../dsl/ir/index.ts';
import { partsOf } from '../../dsl/ir/part.ts';
import type { Plan } from '../plan/plan.ts';

/** Of larger groups of permutations than this nothing is made canonical: what differs by ids is then told apart. */
const MOST_PERMUTATIONS = 720;

/**
 * Makes lists of lines canonical up to permuting ids: two lists give the same text exactly when a permutation of the ids
 * of each set turns the lines of one into those of the other, in any order.
 *
 * Cost: as many renamings as there are permutations, {@link MOST_PERMUTATIONS} at most.
 */
export function identities({ system }: Plan): (lines: readonly string[]) => string {
  const sets = new Map<string, readonly string[]>();
  const visit = (domain: Domain): void => {
    if (domain.kind === 'ids') sets.set(domain.name, domain.values);
    if (domain.kind === 'record') visit(domain.key);
    (domain.kind === 'union' ? domain.members : partsOf(domain)).forEach(visit);
  };
  for (const { domain } of system.variables) visit(domain);
  for (const { arguments: given } of system.actions) for (const { domain } of given) visit(domain);
  const renamings = renamingsOf([...sets.values()]);
  const names = [...sets.values()].flat().map((name) => name.replaceAll(/[^\w]/g, '\\$&'));
  if (names.length === 0) return (lines) => lines.toSorted().join('\n');
  const pattern = new RegExp(`(?<![\\w$])(?:${names.join('|')})(?![\\w$])`, 'g');
  return (lines) => {
    let least: string | undefined;
    for (const renaming of renamings) {
      const text = lines
        .map((line) => inOrder(line.replaceAll(pattern, (name) => renaming.get(name)!)))
        .sort()
        .join('\n');
      if (least === undefined || text < least) least = text;
    }
    return least!;
  };
}

/** The elements of sets and the entries of records come in the order of ids, which has changed. */
function inOrder(line: string): string {
  return line.replaceAll(/\{([^{}]*)\}/g, (_, inside: string) => `{${inside.trim().split(', ').sort().join(', ')}}`);
}

/** Every way to permute the ids of each set among themselves; only the one that changes nothing when there are too many. */
function renamingsOf(sets: readonly (readonly string[])[]): readonly ReadonlyMap<string, string>[] {
  const count = sets.reduce((product, { length }) => product * factorial(length), 1);
  if (MOST_PERMUTATIONS < count) return [new Map(sets.flat().map((name) => [name, name]))];
  return sets.reduce<readonly ReadonlyMap<string, string>[]>(
    (renamings, names) =>
      renamings.flatMap((renaming) =>
        permutations(names).map(
          (order) => new Map([...renaming, ...names.map((name, at) => [name, order[at]!] as const)]),
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
