import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { code, link, paragraph, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { listedIn, slotsOf } from '../../dsl/ir/slots.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { formatValue, valuesOf } from '../../dsl/ir/index.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { isMutant } from './meant-right.ts';
import { failingCell } from './model-table.ts';
import { propertyTable } from './property-table.ts';
import type { Group, PropertyHrefs } from './property-table.ts';

/** What an author has said of the models of a spec: which variants there are, and which models leave something out. */
export interface Variants {
  /** The parameter that tells variants apart. */
  readonly by: string;
  /** The parameters that leave something out. */
  readonly mutations: readonly string[];
  /** A group for each value of the parameter that tells variants apart; models that leave something out are in none. */
  readonly groups: readonly Variant[];
  /** Models that leave a part of the protocol out. */
  readonly mutants: readonly DocumentedModel[];
}

/** The models of a variant. */
interface Variant extends Group {
  /** Of the parameter that tells variants apart, as it is shown. */
  readonly value: string;
}

/** Undefined when the author has not said what tells variants apart. */
export function variantsOf(models: readonly DocumentedModel[], parts: SpecParts): Variants | undefined {
  const slots = slotsOf(parts.first.doc);
  const [by = ''] = slots.of('variants');
  const variant = parts.parameters.find(({ item }) => item.name === by)?.item;
  if (variant === undefined) return undefined;
  // In the order in which the values are declared.
  const declared = variant.domain === undefined ? [] : [...valuesOf(variant.domain)].map(formatValue);
  const groups = new Map<string, DocumentedModel[]>(declared.map((value) => [value, []]));
  for (const model of models) {
    if (isMutant(model)) continue;
    const value = formatValue(model.result.parameters[by]);
    groups.set(value, [...(groups.get(value) ?? []), model]);
  }
  return {
    by,
    mutations: listedIn(slots.of('mutations')),
    groups: Array.from(groups, ([value, own]) => ({ value, head: [code(value)], models: own })).filter(
      (group) => group.models.length > 0,
    ),
    mutants: models.filter(isMutant),
  };
}

/** Every property in every variant, over all models that leave nothing out. */
export function variantBlocks({ groups }: Variants, stories: Stories, hrefs: PropertyHrefs): readonly Block[] {
  const { table: matrix, legend } = propertyTable(groups, stories, hrefs);
  return [matrix, paragraph(text(legend))];
}

/** What is left out, and what fails then. */
export function mutantTable(mutants: readonly DocumentedModel[], stories: Stories): Block {
  return table(
    ['Model', 'What is left out', 'What fails then'],
    mutants.map((model): readonly Inlines[] => {
      const about = firstSentence(model.system.model.doc);
      return [
        [link(stories.get(model.result)!.href, code(model.label))],
        commentInlines(about),
        failingCell(model.result, stories),
      ];
    }),
  );
}
