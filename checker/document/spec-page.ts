import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { Headings, link, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Document } from '../../dsl/docgen/document.ts';
import {
  accessSection,
  assumptionSection,
  behaviorSections,
  parameterSection,
  propertySection,
  stateSection,
} from '../../dsl/docgen/sections.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { partsOfSpec } from '../../dsl/docgen/spec-parts.ts';
import type { SourceLinks } from '../../dsl/docgen/spec-parts.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { modelStories } from './model-stories.ts';
import type { DocumentedModel } from './model-stories.ts';
import { outcomesOf, parametersOf, resultBlocks } from './results.ts';

/** A spec with all of its models, from however many files. */
export interface DocumentedSpec {
  readonly models: readonly [DocumentedModel, ...DocumentedModel[]];
  /** Initial states of the first model; absent when there are too many to be looked at. */
  readonly initial?: readonly ObjectValue[];
  readonly links: SourceLinks;
  /** Where the contents page is, seen from this page: a path to a `README.md`. */
  readonly contents: string;
  /** The first line of the page, for whoever opens the file. */
  readonly origin: string;
}

/** The page of a spec: what came of its models and why, then everything that it declares. */
export function specPage(spec: DocumentedSpec): Document {
  const { models, links } = spec;
  const parts = partsOfSpec([models[0].system, ...models.slice(1).map(({ system }) => system)]);
  const { first } = parts;
  const page: Page = { headings: new Headings(first.name), links };
  const results = page.headings.heading(2, text('Results'));
  const { varying } = parametersOf(models);
  const told = models.map((model) => modelStories(page, varying, model));
  const stories = new Map(models.map(({ result }, index) => [result, told[index]!]));
  const blocks: readonly Block[] = [
    paragraph(link(spec.contents, text('All specs'))),
    ...commentBlocks(first.doc),
    results,
    ...resultBlocks(models, stories),
    page.headings.heading(2, text('Models')),
    ...told.flatMap((one) => one.blocks),
    ...propertySection(page, parts, (name) => outcomesOf(name, models, stories)),
    ...assumptionSection(page, parts),
    ...parameterSection(page, parts),
    ...stateSection(page, parts, spec.initial),
    ...behaviorSections(page, parts),
    ...accessSection(page, parts),
  ];
  return { title: first.name, origin: spec.origin, blocks };
}
