import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { Headings, joined, link, paragraph, plainText, text } from '../../dsl/docgen/document.ts';
import type { Block, Document, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { assumptionSection, propertySection } from '../../dsl/docgen/sections.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { parametersOf } from '../report/parameters.ts';
import { counted, formatCount } from '../report/wording.ts';
import { modelStories } from './model-stories.ts';
import type { DocumentedModel, ModelStories, ToldStory } from './model-stories.ts';
import { constantParameters, modelTable, outcomesOf, resultBlocks } from './results.ts';
import type { Stories } from './results.ts';
import { declarationSections, partsOf, specPage } from './spec-page.ts';
import type { DocumentedSpec } from './spec-page.ts';

/** One of the pages of a spec. */
export interface SpecPage {
  /** Of its file, in the folder of the spec; the first page has none, and stands beside that folder. */
  readonly name: string | undefined;
  readonly document: Document;
}

/**
 * The pages of a spec: one, or where its models are in several files, too many for a page to be read: a first page with
 * what came of them, a page for each of those files with its stories, one about properties, one about the protocol.
 *
 * @param folder - of the further pages, seen from the first.
 */
export function specPages(spec: DocumentedSpec, folder: string): readonly SpecPage[] {
  const files = modelFiles(spec.models);
  if (files.length < 2) return [{ name: undefined, document: specPage(spec) }];
  const names = pageNames(files);
  const parts = partsOf(spec);
  const title = parts.first.name;
  const propertyHref = hrefsOfProperties(spec, parts, names.properties);
  const made = files.map((models, index) =>
    modelsPage(spec, models, names.files[index]!, names.properties, propertyHref),
  );
  const seenFrom = (prefix: string): Stories =>
    new Map(
      made.flatMap(({ stories }, index) =>
        Array.from(stories, ([result, one]) => [result, moved(one, `${prefix}${names.files[index]!}.md`)] as const),
      ),
    );

  const properties = propertiesPage(spec, parts, names.properties);
  const declarations = pageOf(spec, names.declarations, `${title}: the protocol`);
  const inFolder = labeled(spec.models);
  return [
    { name: undefined, document: firstPage(spec, files, names, seenFrom(`${folder}/`), folder) },
    ...made.map(({ document }, index) => ({ name: names.files[index]!, document })),
    {
      name: names.properties,
      document: properties.with([
        paragraph(...wayBack(spec, names.properties, title)),
        ...propertySection(properties, parts, (name) => outcomesOf(name, inFolder, seenFrom(''))),
        ...assumptionSection(properties, parts),
      ]),
    },
    {
      name: names.declarations,
      document: declarations.with([
        paragraph(...wayBack(spec, names.declarations, title)),
        ...declarationSections(declarations, parts, spec),
      ]),
    },
  ];
}

/** The models of each file, files with small models first. */
function modelFiles(models: readonly DocumentedModel[]): readonly (readonly DocumentedModel[])[] {
  const byFile = new Map<string | undefined, DocumentedModel[]>();
  for (const model of models) byFile.set(model.file, [...(byFile.get(model.file) ?? []), model]);
  const size = ([first]: readonly DocumentedModel[]): number => first!.result.statistics.distinct;
  return [...byFile.values()].sort((left, right) => size(left) - size(right));
}

interface PageNames {
  readonly files: readonly string[];
  readonly properties: string;
  readonly declarations: string;
}

function pageNames(files: readonly (readonly DocumentedModel[])[]): PageNames {
  const used = new Set<string>();
  const unused = (wanted: string): string => {
    let name = wanted;
    for (let number = 2; used.has(name); number += 1) name = `${wanted}-${number}`;
    used.add(name);
    return name;
  };
  return {
    files: files.map(([first]) => unused(first!.file ?? 'models')),
    properties: unused('properties'),
    declarations: unused('protocol'),
  };
}

/** A page that is about to be written. */
type OpenPage = Page & { readonly with: (blocks: readonly Block[]) => Document };

function pageOf(spec: DocumentedSpec, name: string | undefined, title: string): OpenPage {
  return {
    headings: new Headings(title),
    links: spec.seenFrom(name).links,
    with: (blocks) => ({ title, origin: spec.origin, blocks }),
  };
}

/** What the spec is about, where what is to be found, and what came of each model. */
function firstPage(
  spec: DocumentedSpec,
  files: readonly (readonly DocumentedModel[])[],
  names: PageNames,
  stories: Stories,
  folder: string,
): Document {
  const [{ system }] = spec.models;
  const page = pageOf(spec, undefined, system.name);
  const to = (name: string, words: string) => link(`${folder}/${name}.md`, text(words));
  const states = spec.models.reduce((sum, { result }) => sum + result.statistics.distinct, 0);
  return page.with([
    paragraph(link(spec.seenFrom(undefined).contents, text('All specs'))),
    ...commentBlocks(system.doc).map((block) => withModelLinks(block, hrefsOfModels(spec.models, stories))),
    paragraph(
      text('Further pages: '),
      to(names.properties, 'properties'),
      text(' and where each of them holds; '),
      to(names.declarations, 'the protocol'),
      text(': parameters, variables, processes step by step; and below, for each group of models, their stories.'),
    ),
    page.headings.heading(2, text('Results')),
    paragraph(
      text(`${counted(spec.models.length, 'model')} with ${formatCount(states)} states in all. `),
      text('What is not named holds. The numbers are the steps of the story that shows it.'),
    ),
    ...files.flatMap((models, index) => [
      page.headings.heading(3, link(`${folder}/${names.files[index]!}.md`, text(names.files[index]!))),
      ...commentBlocks(fileComment(models)),
      ...constantBlocks(models),
      modelTable(models, stories),
    ]),
  ]);
}

/** Where each model is told of, by `file/name`. */
function hrefsOfModels(models: readonly DocumentedModel[], stories: Stories): ReadonlyMap<string, string> {
  return new Map(labeled(models).map(({ label, result }) => [label, stories.get(result)!.href]));
}

/** A block of a comment in which the names of models lead to them. */
function withModelLinks(block: Block, hrefs: ReadonlyMap<string, string>): Block {
  const linked = (content: Inlines): Inlines =>
    content.map((inline): Inline => {
      const href = inline.kind === 'code' ? hrefs.get(inline.text) : undefined;
      return href === undefined ? inline : link(href, inline);
    });
  switch (block.kind) {
    case 'paragraph':
      return { ...block, content: linked(block.content) };
    case 'list':
      return { ...block, items: block.items.map((item) => item.map((one) => withModelLinks(one, hrefs))) };
    default:
      return block;
  }
}

/** Parameters that all models of a file have alike, and other files do not: what kind of instance it is. */
function constantBlocks(models: readonly DocumentedModel[]): readonly Block[] {
  const constant = constantParameters(models);
  if (constant.length === 0) return [];
  return [
    { kind: 'details', summary: [text('What they have in common')], blocks: [paragraph(...joined(constant, ', '))] },
  ];
}

/** The stories of the models of one file. */
function modelsPage(
  spec: DocumentedSpec,
  models: readonly DocumentedModel[],
  name: string,
  properties: string,
  propertyHref: (name: string) => string | undefined,
): { readonly document: Document; readonly stories: Stories } {
  const [{ system }] = spec.models;
  const page = pageOf(spec, name, `${system.name}: ${name}`);
  const results = page.headings.heading(2, text('Results'));
  const { varying } = parametersOf(models);
  const told: ToldStory[] = [];
  const all = models.map((model) => modelStories(page, varying, model, told));
  const stories: Stories = new Map(models.map(({ result }, index) => [result, all[index]!]));
  const document = page.with([
    paragraph(...wayBack(spec, name, system.name), text(' · '), link(`${properties}.md`, text('Properties'))),
    ...commentBlocks(fileComment(models)),
    results,
    ...resultBlocks(models, stories, propertyHref),
    page.headings.heading(2, text('Models')),
    ...all.flatMap((one) => one.blocks),
  ]);
  return { document, stories };
}

function propertiesPage(spec: DocumentedSpec, parts: SpecParts, name: string): OpenPage {
  return pageOf(spec, name, `${parts.first.name}: properties`);
}

/** Where each property is described, seen from a page of models. */
function hrefsOfProperties(spec: DocumentedSpec, parts: SpecParts, page: string): (name: string) => string | undefined {
  const ids = new Map(
    propertySection(propertiesPage(spec, parts, page), parts, () => []).flatMap((block) =>
      block.kind === 'heading' && block.level === 3 ? [[plainText(block.content), block.id] as const] : [],
    ),
  );
  return (name) => (ids.has(name) ? `${page}.md#${ids.get(name)}` : undefined);
}

/** To the first page and the contents. */
function wayBack(spec: DocumentedSpec, name: string, title: string): Inlines {
  const { contents, first } = spec.seenFrom(name);
  return [link(contents, text('All specs')), text(' · '), link(first, text(title))];
}

/** What the file that declares some models says of them all: its first comment that is not about a declaration. */
function fileComment([first]: readonly DocumentedModel[]): string {
  const source = first?.system.files[0]?.text ?? '';
  const [, comment = ''] = /^\/\*(?!\*)\s*(.*?)\s*\*\/$/ms.exec(source) ?? [];
  return comment.replaceAll(/^ *\* ?/gm, '');
}

/** Models by names that tell them apart on a page about all of them. */
function labeled(models: readonly DocumentedModel[]): readonly DocumentedModel[] {
  return models.map((model) => ({ ...model, label: `${model.file}/${model.label}` }));
}

/** Stories as they are seen from another page. */
function moved({ href, stories, blocks }: ModelStories, page: string): ModelStories {
  return {
    blocks,
    href: page + href,
    stories: new Map(Array.from(stories, ([name, target]) => [name, page + target])),
  };
}
