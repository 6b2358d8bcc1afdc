import { positionAt } from '../diagnostics/span.ts';
import type { SourceFile } from '../diagnostics/span.ts';
import type { Process, Site, System, Written } from './system.ts';

/**
 * What readers are told in place of names that the compiler has made.
 *
 * A label or local that a process has several of is called as its author wrote it, with the place that tells it from the
 * others: `asleep@57` is the label `asleep` that the call in line 57 leads to. Nothing else depends on these names: the
 * names of the IR stay as they are when lines move.
 */
export interface ToldNames {
  /** Variables and actions, by their names in the IR; those that are shown as they are are not in it. */
  readonly names: ReadonlyMap<string, string>;
  /** By the name of the variable that says where threads stand: what each label is shown as that is not told as it is. */
  readonly labels: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** What is shown in place of the names of a system; undefined when all are shown as they are. */
export function toldNames(system: System): ToldNames | undefined {
  const names = new Map<string, string>();
  const labels = new Map<string, ReadonlyMap<string, string>>();
  for (const process of system.processes) {
    const places = labelsOf(system, process);
    if (0 < places.size) labels.set(process.counter, places);
    for (const { name, process: step, timeout } of system.actions) {
      const at = step ?? timeout;
      const told = at?.name === process.name ? places.get(at.label) : undefined;
      if (told === undefined) continue;
      names.set(name, `${process.name}.${told}${timeout === undefined ? '' : '.timeout'}`);
    }
    for (const [name, told] of localsOf(system, process)) names.set(name, `${process.name}.${told}`);
  }
  return names.size === 0 && labels.size === 0 ? undefined : { names, labels };
}

/**
 * The name of a step, or of what is about it, without the place that tells it from others of its name: a step of a function
 * that is called at several places is one, as it is written.
 */
export function sourceNameOf(told: string): string {
  return told.replace(/@.*?(?=\.timeout$|$)/s, '');
}

/** By label, what those are shown as that several places of the process yield. */
function labelsOf({ files }: System, { labels, written = [], span }: Process): ReadonlyMap<string, string> {
  return toldApart(
    labels.flatMap((label, index) => {
      const one = written[index] ?? undefined;
      return one === undefined ? [] : [[label, one] as const];
    }),
    { files, home: span.file },
  );
}

/** By variable, what the locals of a process are shown as whose author calls them otherwise. */
function localsOf({ files, variables }: System, { name, span }: Process): ReadonlyMap<string, string> {
  const own = variables.filter(({ process }) => process === name);
  return toldApart(
    own.flatMap(({ name: variable, written }) => (written === undefined ? [] : [[variable, written] as const])),
    { files, home: span.file },
  );
}

interface Sources {
  readonly files: readonly SourceFile[];
  /** The file that needs not be named. */
  readonly home: number;
}

/** Those that share a name get the places after it that tell them apart. */
function toldApart(list: readonly (readonly [string, Written])[], sources: Sources): ReadonlyMap<string, string> {
  const groups = new Map<string, (readonly [string, Written])[]>();
  for (const one of list) groups.set(one[1].name, [...(groups.get(one[1].name) ?? []), one]);
  const told = new Map<string, string>();
  for (const [name, group] of groups) {
    const ways = group.map(([, { way }]) => way);
    const suffixes = group.length === 1 ? [''] : (suffixesOf(ways, sources, false) ?? suffixesOf(ways, sources, true));
    group.forEach(([key], index) => {
      const suffix = suffixes?.[index] ?? `@${index + 1}`; // parts of one declaration
      if (`${name}${suffix}` !== key) told.set(key, `${name}${suffix}`);
    });
  }
  return told;
}

/**
 * What stands after a name so that it is told from others: the outermost place that differs for all, or else all that
 * differ. Undefined when lines alone, or with columns, do not tell them apart.
 */
function suffixesOf(
  ways: readonly (readonly Site[])[],
  sources: Sources,
  withColumns: boolean,
): readonly string[] | undefined {
  const texts = ways.map((way) => way.map((site) => siteText(site, sources, withColumns)));
  const length = Math.max(...texts.map((text) => text.length));
  const columns = Array.from({ length }, (_, at) => texts.map((text) => text[at] ?? ''));
  const isTelling = (column: readonly string[]): boolean => new Set(column).size === column.length;
  const alone = columns.find((column) => isTelling(column) && !column.includes(''));
  if (alone !== undefined) return alone.map((text) => `@${text}`);
  const differing = columns.filter((column) => 1 < new Set(column).size);
  const joined = ways.map((_, index) => differing.map((column) => column[index]!).filter((text) => text !== ''));
  const suffixes = joined.map((parts) => `@${parts.join('/')}`);
  return isTelling(suffixes) ? suffixes : undefined;
}

/** `57`, `wait.ts:57`, `57:12`; of a loop `57#2` in its second round. */
function siteText({ span, round }: Site, { files, home }: Sources, withColumns: boolean): string {
  const file = files[span.file];
  const { line, column } = positionAt(file?.text ?? '', span.start);
  const name = span.file === home || file === undefined ? '' : `${file.path.split('/').at(-1)!}:`;
  return `${name}${line}${withColumns ? `:${column}` : ''}${round === undefined ? '' : `#${round + 1}`}`;
}
