import type { DifferenceLine } from '../../dsl/docgen/document.ts';
import type { Differences, PlaceDifference } from './variant-differences.ts';
import type { VariantProtocol } from './variants.ts';

/** What is different at one or several places of which the same is to be said. */
export interface SummaryRow {
  /** `gone`: a step that only the first variant has; `added`: one that only the second has. */
  readonly kind: 'gone' | 'added' | 'changed';
  readonly places: readonly SummaryPlace[];
  /** What only the first does there, and what only the second does, line by line; not what merely stands elsewhere. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A step, or what comes after a call, by where it is. */
export interface SummaryPlace {
  /** Empty for actions that are of no process. */
  readonly process: string;
  /** The function that it is in, where its process calls that at several places. */
  readonly routine?: string;
  readonly name: string;
  readonly isCall: boolean;
}

/** Equal for equal places. */
export function placeKey({ process, routine = '', name }: SummaryPlace): string {
  return [process, routine, name].join('\n');
}

/** The differences between two variants in short: steps that are changed, new, and gone, in this order. */
export function summaryOf(differences: Differences, protocols: readonly VariantProtocol[]): readonly SummaryRow[] {
  const rows = new Map<string, SummaryRow & { readonly places: SummaryPlace[] }>();
  for (const { place, difference, kind } of placesIn(differences)) {
    const { removed, added } = netLines(difference.lines);
    const isPlain = kind === 'gone';
    const key = `${kind} ${isPlain ? '' : withoutArguments([...removed, '', ...added].join('\n'), place.process, protocols)}`;
    const known = rows.get(key);
    if (known !== undefined) known.places.push(place);
    else rows.set(key, { kind, places: [place], removed: isPlain ? [] : removed, added });
  }
  return [...rows.values()].toSorted((left, right) => KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind));
}

const KINDS: readonly SummaryRow['kind'][] = ['changed', 'added', 'gone'];

/** A difference with where it is. */
interface Placed {
  readonly place: SummaryPlace;
  readonly difference: PlaceDifference;
  readonly kind: SummaryRow['kind'];
}

/** All places that differ. */
export function placesIn({ processes, actions }: Differences): readonly Placed[] {
  const placed = (process: string, routine: string | undefined, difference: PlaceDifference): Placed => {
    const { name, isCall, lines } = difference;
    const sides = new Set(lines.map(({ side }) => side));
    const [only] = sides;
    const kind = sides.size !== 1 || only === 'both' ? 'changed' : only === 'first' ? 'gone' : 'added';
    return { place: { process, name, isCall, ...(routine !== undefined && { routine }) }, difference, kind };
  };
  return [
    ...processes.flatMap(({ name: process, routines }) =>
      routines.flatMap(({ name, alone, changed, places }) =>
        [...changed, ...alone].map((difference): Placed => {
          const one = placed(process, name, difference);
          // A step that both have, of which one does nothing, is not new in the other.
          const isAlone = places.first.includes(difference.name) || places.second.includes(difference.name);
          return isAlone || alone.includes(difference) ? one : { ...one, kind: 'changed' };
        }),
      ),
    ),
    ...actions.map((difference) => placed('', undefined, difference)),
  ];
}

/** What only one of two texts does: lines that both have, wherever they stand, and what does nothing by itself are left out. */
export function netLines(lines: readonly DifferenceLine[]): {
  readonly removed: readonly string[];
  readonly added: readonly string[];
} {
  const of = (wanted: DifferenceLine['side']): readonly string[] =>
    lines.flatMap(({ side, text }) => (side === wanted ? statementsIn(text) : []));
  const [first, second] = [of('first'), of('second')];
  return { removed: withoutCommon(first, second), added: withoutCommon(second, first) };
}

/** A line without where it stands; none where it does nothing by itself. */
function statementsIn(line: string): readonly string[] {
  const statement = line.trim().replace(/^else ?/, '');
  return /^(?:|verify .*|\w+ := .*)$/.test(statement) ? [] : [statement];
}

/** Those of some lines that are not among others, each as often as it is there more often. */
function withoutCommon(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (0 <= at) left.splice(at, 1);
    return at < 0;
  });
}

/** A text in which the arguments of a process, by which its threads are told apart, have no names. */
function withoutArguments(text: string, process: string, protocols: readonly VariantProtocol[]): string {
  const names = protocols.flatMap(({ processes }) =>
    processes.flatMap(({ part: { item } }) => (item.name === process ? item.arguments.map(({ name }) => name) : [])),
  );
  const own = new Set([...names, process]);
  return text.replaceAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu, (name) => (own.has(name) ? '·' : name));
}
