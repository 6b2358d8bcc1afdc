import { code, joined, linkTo, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { formatCount } from '../report/wording.ts';
import { placeKey, placesIn } from './difference-summary.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { VACUOUS } from './outcome-words.ts';
import type { Variants } from './overview.ts';
import { judgedProperties, propertyName, worstOf } from './property-table.ts';
import type { JudgedProperty, PropertyHref } from './property-table.ts';
import { differencesBetween } from './variant-differences.ts';
import { variantProtocols } from './variants.ts';
import type { VariantProtocol } from './variants.ts';

/** What came of the models of variants, and where that is shown. */
export interface VariantOutcomes {
  readonly variants: Variants;
  readonly parts: SpecParts;
  readonly stories: Stories;
  readonly hrefOf: PropertyHref;
}

/** The properties of which other things came out in the second of two variants: first what fails in one of them alone. */
export function outcomeChanges(outcomes: VariantOutcomes, titles: readonly [string, string]): readonly Block[] {
  const [first, second] = titles.map(
    (title) => outcomes.variants.groups.find(({ value }) => value === title)?.models ?? [],
  );
  const properties = judgedProperties([...first!, ...second!]);
  const changes = new Map<string, Inlines[]>();
  for (const property of properties) {
    const [was, is] = [worstIn(property, first!), worstIn(property, second!)];
    if (was === undefined || is === undefined) continue;
    const words = wordsFor(was.sign, is.sign, titles);
    if (words === undefined) continue;
    const shown = words.of === 'both' ? [was, is] : [words.of === 'first' ? was : is];
    const name = propertyName(property, properties, outcomes.hrefOf);
    changes.set(words.text, [...(changes.get(words.text) ?? []), [...name, ...storiesWords(shown, titles, outcomes)]]);
  }
  if (changes.size === 0) return [];
  return Array.from(changes, ([words, list]) => paragraph(text(`${words}: `), ...joined(list, ', '), text('.')));
}

type Worst = NonNullable<ReturnType<typeof worstOf>>;

function worstIn({ all }: JudgedProperty, models: readonly DocumentedModel[]): Worst | undefined {
  return worstOf(all.filter(({ model }) => models.includes(model)));
}

/** Undefined where nothing of note has changed; `of`: of which of the two it is told how. */
function wordsFor(
  was: string,
  is: string,
  [first, second]: readonly [string, string],
): { readonly text: string; readonly of: 'first' | 'second' | 'both' } | undefined {
  const isGood = (sign: string): boolean => sign === '✓' || sign === VACUOUS;
  if (was === '✗' && isGood(is)) return { text: `Fails in ${first}, and not in ${second}`, of: 'first' };
  if (is === '✗' && isGood(was)) return { text: `Fails in ${second}, and not in ${first}`, of: 'second' };
  if (was === '◆' && is === '◇') return { text: `Is reached in ${first}, and not in ${second}`, of: 'first' };
  if (was === '◇' && is === '◆') return { text: `Is reached in ${second}, and not in ${first}`, of: 'second' };
  return was === '✗' && is === '✗' ? { text: 'Fails in both', of: 'both' } : undefined;
}

/** Where it is told how it comes to that: in one of the two, or ` (first ✗ 12, second ✗ 7)`. */
function storiesWords(shown: readonly Worst[], titles: readonly string[], outcomes: VariantOutcomes): Inlines {
  const [only, ...more] = shown;
  if (more.length === 0) return storyWords(only!, outcomes);
  const each = shown.map((one, index): Inlines => [text(titles[index]!), ...storyWords(one, outcomes)]);
  return [text(' ('), ...joined(each, ', '), text(')')];
}

/** Where it is told how it comes to that. */
function storyWords({ sign, shown, steps }: Worst, { stories }: VariantOutcomes): Inlines {
  if (!Number.isFinite(steps)) return [];
  const href = stories.get(shown.model.result)?.stories.get(shown.verdict.name);
  return [text(' '), linkTo(href, text(`${sign} ${formatCount(steps)}`))];
}

/** A model that leaves something out, with the places of its variant that do other things in it. */
interface Mutant {
  readonly model: DocumentedModel;
  readonly href: string;
  /** By their keys. */
  readonly places: ReadonlySet<string>;
}

/** The models that leave something of a variant out and in which something fails, with where that is. */
export function mutantsChanging(
  { variants, parts, stories }: VariantOutcomes,
  protocol: VariantProtocol,
): readonly Mutant[] {
  const own = variants.groups.find(({ value }) => value === protocol.name);
  const mutants = variants.mutants.filter(
    ({ system, result }) => protocol.isOf(system) && result.verdicts.some(({ outcome }) => outcome.kind === 'violated'),
  );
  if (own === undefined || mutants.length === 0) return [];
  const groups = new Map<string, DocumentedModel[]>();
  for (const model of mutants) {
    const key = variants.mutations.map((name) => formatValue(model.result.parameters[name])).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  return Array.from(groups, ([value, models]) => {
    const group = { value, head: [code(value)], models };
    const [whole, without] = variantProtocols({ ...variants, groups: [own, group], mutants: [] }, parts);
    const places = placesIn(differencesBetween(whole!, without!)).flatMap(({ place, difference }) =>
      difference.lines.some(({ side }) => side !== 'both') ? [placeKey(place)] : [],
    );
    return models.map((model): Mutant => ({
      model,
      href: stories.get(model.result)!.href,
      places: new Set(places),
    }));
  }).flat();
}
