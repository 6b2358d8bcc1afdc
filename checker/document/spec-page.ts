import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { Headings, link, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Document } from '../../dsl/docgen/document.ts';
import {
  accessSection,
  assumptionSection,
  behaviorSections,
  constantSection,
  glossarySection,
  parameterSection,
  propertySection,
  sourceSection,
  stateSection,
} from '../../dsl/docgen/sections.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { declarationKey, partsOfSpec } from '../../dsl/docgen/spec-parts.ts';
import type { SourceLinks, SpecParts } from '../../dsl/docgen/spec-parts.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { hasLockShape } from '../locks/lock.ts';
import { parametersOf } from '../report/parameters.ts';
import { hrefsOfModels, withModelLinks } from './model-links.ts';
import { differenceBlocks } from './difference-blocks.ts';
import { neededFairness } from './fairness-needs.ts';
import { hrefsOfIdle, limitBlocks } from './limits.ts';
import { lockSection } from './locks/lock-section.ts';
import { modelStories, storyBook } from './model-stories.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import type { ToldRun } from './model-stories.ts';
import { variantBlocks } from './overview.ts';
import type { Variants } from './overview.ts';
import { propertyKey } from './property-table.ts';
import type { PropertyHref } from './property-table.ts';
import { resultBlocks } from './results.ts';
import type { StepHref } from './step-table.ts';
import { variantProtocols } from './variants.ts';
import { waitBlocks } from './waits/wait-blocks.ts';

/** A spec with all of its models, from however many files. */
export interface DocumentedSpec {
  readonly models: readonly [DocumentedModel, ...DocumentedModel[]];
  /** Initial states of the first model; absent when there are too many to be looked at. */
  readonly initial?: readonly ObjectValue[];
  /** The first line of each page, for whoever opens the file. */
  readonly origin: string;
  /** Where things are, seen from one of its pages; the first has no name. */
  readonly seenFrom: (page: string | undefined) => Surroundings;
}

/** Where things are, seen from a page. */
interface Surroundings {
  readonly links: SourceLinks;
  /** The contents page: a path to a `README.md`. */
  readonly contents: string;
  /** The first page of the spec. */
  readonly first: string;
}

/**
 * The page of a spec: what came of its models and why, then everything that it declares.
 *
 * @param variants - where there are some: what holds in each of them, and what each does otherwise.
 */
export function specPage(spec: DocumentedSpec, variants?: Variants): Document {
  const { models } = spec;
  const { links, contents } = spec.seenFrom(undefined);
  const parts = partsOf(spec);
  const { first } = parts;
  const anchors = new Map<string, string>();
  const page = {
    headings: new Headings(first.name),
    links,
    anchors,
    stepHref: stepsBelow(anchors, ''),
    said: new Set<string>(),
    all: models,
    goodRuns: new Map<string, ToldRun>(),
  };
  const matrix = variants && page.headings.heading(2, text('What holds in which variant'));
  const results = page.headings.heading(2, text('Results'));
  const { varying } = parametersOf(models);
  const book = storyBook(models);
  const declared = declarationSections(page, parts, spec); // first, so that stories can lead there
  const all = models.map((model) => modelStories(page, varying, model, book, ''));
  const stories = new Map(models.map(({ result }, index) => [result, all[index]!]));
  const properties = propertySection(page, parts, () => []);
  const hrefOf = hrefsOfProperties(parts, properties, '');
  const hrefs = { described: hrefOf, idle: hrefsOfIdle(models, '') };
  const differences =
    variants === undefined
      ? []
      : differenceBlocks(page, variantProtocols(variants, parts), () => undefined, {
          variants,
          parts,
          stories,
          hrefOf,
        });
  const modelHrefs = hrefsOfModels(models, stories);
  const storyHrefs = new Map([...modelHrefs].filter(([name]) => name.includes(': '))); // a name alone may be anything
  const blocks: readonly Block[] = [
    paragraph(link(contents, text('All specs'))),
    ...withModelLinks(commentBlocks(first.doc), modelHrefs),
    ...(matrix === undefined ? [] : [matrix, ...variantBlocks(variants!, stories, hrefs)]),
    results,
    ...resultBlocks(models, stories, hrefs),
    page.headings.heading(2, text('Models')),
    ...all.flatMap((one) => one.blocks),
    ...differences,
    ...lockSection(page, models, stories, variants),
    ...waitSection(page, models, variants),
    ...properties,
    ...fairnessSection(page, models, stories, hrefOf),
    ...assumptionSection(page, parts),
    ...withModelLinks(declared, storyHrefs),
    ...limitSection(page, models, parts, hrefOf),
  ];
  return { title: first.name, origin: spec.origin, blocks };
}

/** Where each property is described: below the heading that {@link propertySection} has made for it. */
export function hrefsOfProperties(parts: SpecParts, blocks: readonly Block[], page: string): PropertyHref {
  const ids = blocks.flatMap((block) => (block.kind === 'heading' && block.level === 3 ? [block.id] : []));
  const declared = [...parts.invariants, ...parts.steps, ...parts.sometimes, ...parts.properties];
  const byKey = new Map(declared.map(({ system, item }, index) => [declarationKey(system, item), ids[index]]));
  return ({ model, verdict }) => {
    const id = byKey.get(propertyKey(model, verdict));
    return id === undefined ? undefined : `${page}#${id}`;
  };
}

/**
 * Where steps are shown.
 *
 * @param anchors - the names of their headings, as a page has learned them.
 */
function stepsBelow(anchors: ReadonlyMap<string, string>, page: string): StepHref {
  return (system, action) => {
    const id = anchors.get(declarationKey(system, action));
    return id === undefined ? undefined : `${page}#${id}`;
  };
}

function fairnessSection(
  page: Page,
  models: readonly DocumentedModel[],
  stories: Stories,
  hrefOf: PropertyHref,
): readonly Block[] {
  const blocks = neededFairness(models, stories, hrefOf);
  return blocks.length === 0 ? [] : [page.headings.heading(2, text('Fairness that is needed')), ...blocks];
}

function waitSection(
  page: Page & { readonly stepHref: StepHref },
  models: readonly DocumentedModel[],
  variants: Variants | undefined,
): readonly Block[] {
  const blocks = waitBlocks(models, page.stepHref, variants);
  return blocks.length === 0 ? [] : [page.headings.heading(2, text('Who waits for whom')), ...blocks];
}

function limitSection(
  page: Page,
  models: readonly DocumentedModel[],
  parts: SpecParts,
  hrefOf: PropertyHref,
): readonly Block[] {
  const heading = page.headings.heading(2, text('Limits'));
  const blocks = limitBlocks(page.headings, 3, models, parts, hrefOf);
  return blocks.length === 0 ? [] : [heading, ...blocks];
}

/** Everything that the models of a spec declare. */
export function partsOf({ models: [first, ...more] }: DocumentedSpec): SpecParts {
  return partsOfSpec([first.system, ...more.map(({ system }) => system)]);
}

/**
 * What is declared besides properties and assumptions.
 *
 * @param all - what tables over all steps are about, when processes and actions are shown elsewhere.
 */
export function declarationSections(
  page: Page,
  parts: SpecParts,
  { initial }: DocumentedSpec,
  all: SpecParts = parts,
): readonly Block[] {
  return [
    ...glossarySection(page, parts),
    ...parameterSection(page, parts),
    ...constantSection(page, parts),
    ...stateSection(page, parts, initial),
    ...behaviorSections(page, parts),
    ...accessSection(page, all, hasLockShape),
    ...sourceSection(page, all),
  ];
}
