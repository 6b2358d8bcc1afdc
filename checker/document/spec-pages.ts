import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { code, Headings, joined, link, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Document, Inlines } from '../../dsl/docgen/document.ts';
import {
  assumptionSection,
  behaviorSections,
  processBlocks,
  propertySection,
  stepBlocks,
} from '../../dsl/docgen/sections.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { declarationKey } from '../../dsl/docgen/spec-parts.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import type { Action, System } from '../../dsl/ir/index.ts';
import { parametersOf } from '../report/parameters.ts';
import { neededFairness } from './fairness-needs.ts';
import { hrefsOfIdle, limitBlocks } from './limits.ts';
import { lockPages } from './locks/lock-pages.ts';
import { storyHrefIn } from './locks/lock-section.ts';
import { modelStories, storyBook } from './model-stories.ts';
import type { DocumentedModel, ModelStories, Stories } from './documented-model.ts';
import { hrefsOfModels, withModelLinks } from './model-links.ts';
import type { StoryBook, StoryPage, ToldRun } from './model-stories.ts';
import { modelBlocks } from './model-groups.ts';
import { variantBlocks, variantsOf } from './overview.ts';
import { isLarge, isSmall } from './pages.ts';
import type { Further, OpenPage, SpecPage } from './pages.ts';
import { judgedProperties } from './property-table.ts';
import type { PropertyHrefs } from './property-table.ts';
import { outcomesOf, resultBlocks } from './results.ts';
import { declarationSections, hrefsOfProperties, partsOf, specPage } from './spec-page.ts';
import type { StepHref } from './step-table.ts';
import type { DocumentedSpec } from './spec-page.ts';
import { variantPages } from './variant-pages.ts';
import { variantProtocols } from './variants.ts';
import { waitBlocks } from './waits/wait-blocks.ts';

/**
 * The pages of a spec: one, or where its models are in several files or of several variants, too many for a page to be read: a first page with
 * what came of them; a page for each of those files with its stories; one about properties, one about fairness, one
 * about the protocol, one about the limits of all that.
 *
 * @param folder - of the further pages, seen from the first.
 */
export function specPages(spec: DocumentedSpec, folder: string): readonly SpecPage[] {
  const files = modelFiles(spec.models);
  const parts = partsOf(spec);
  const inFolder = labeled(spec.models);
  const variants = variantsOf(inFolder, parts);
  const hasVariants = 1 < (variants?.groups.length ?? 0);
  if (files.length < 2) {
    const document = specPage(spec, hasVariants ? variants : undefined);
    if (!hasVariants || isSmall(document)) return [{ name: undefined, document }];
  }
  const names = pageNames(files);
  const title = parts.first.name;
  const described = propertySection(pageOf(spec, names.properties, `${title}: properties`), parts, () => []);
  const hrefOf = hrefsOfProperties(parts, described, `${names.properties}.md`);
  const book = storyBook(files.flat());
  const steps = new Map<string, string>();
  const further: Further = (name, title, blocks, ways = []) => {
    const page = pageOf(spec, name, `${parts.first.name}: ${title}`);
    const content = blocks(page);
    if (content.length === 0) return [];
    for (const [key, id] of page.anchors) steps.set(key, `${name}.md#${id}`); // the last page that tells it is kept
    const back = joined([wayBack(spec, name, parts.first.name), ...ways], ' · ');
    return [{ name, document: page.with([paragraph(...back), ...content]) }];
  };
  const protocols = variants === undefined ? [] : variantProtocols(variants, parts);
  const stepsBy = (system: System, action: Action): string | undefined => steps.get(declarationKey(system, action));
  const protocol =
    protocols.length < 2
      ? { pages: protocolPages(further, names.declarations, parts, spec), differences: () => [], stepHref: stepsBy }
      : variantPages(further, names.declarations, protocols, parts, spec);
  // Actions that are of no process are shown wherever they are shown.
  const stepHref: StepHref = (system, action) =>
    (action.process ?? action.timeout) === undefined ? stepsBy(system, action) : protocol.stepHref(system, action);
  const idle = hrefsOfIdle(inFolder, `${names.limits}.md`);
  const surroundings = {
    hrefs: { described: hrefOf, idle },
    book,
    stories: { stepHref, all: spec.models, goodRuns: new Map<string, ToldRun>() },
  };
  const made = files.map((models, index) => modelPages(spec, models, names.files[index]!, surroundings));
  const seenFrom = (prefix: string): Stories =>
    new Map(
      made.flatMap(({ stories }) => Array.from(stories, ([result, one]) => [result, moved(one, prefix)] as const)),
    );

  const beside = seenFrom('');
  const judged = new Map(judgedProperties(inFolder).map((one) => [one.key, one]));
  const pages = [
    ...further(names.properties, 'properties', (page) =>
      propertySection(page, parts, ({ system, item }) =>
        outcomesOf(judged.get(declarationKey(system, item)), beside, idle),
      ),
    ),
    ...further(names.fairness, 'fairness that properties need', (page) => [
      ...neededFairness(inFolder, beside, hrefOf),
      ...assumptionSection(page, parts),
    ]),
    ...lockPages(further, names.locks, inFolder, storyHrefIn(beside), variants),
    ...further(names.waits, 'who waits for whom', () => waitBlocks(inFolder, stepHref, variants)),
    ...(variants === undefined ? [] : protocol.differences({ variants, parts, stories: beside, hrefOf })),
    ...protocol.pages,
    ...further(names.limits, 'limits', (page) => limitBlocks(page.headings, 2, inFolder, parts, hrefOf)),
  ];
  const inside = (href: string | undefined): string | undefined => href && `${folder}/${href}`;
  const first = firstPage(spec, parts, { files, names, folder, further: pages }, seenFrom(`${folder}/`), {
    described: (one) => inside(hrefOf(one)),
    idle: (one) => inside(idle(one)),
  });
  const modelHrefs = hrefsOfModels(inFolder, beside);
  const inner = [...made.flatMap((one) => one.pages), ...pages].map(({ name, document }): SpecPage => {
    return { name, document: { ...document, blocks: withModelLinks(document.blocks, modelHrefs) } };
  });
  return [{ name: undefined, document: first }, ...inner];
}

/** What is declared on one page, or with a page for each process where that is too large. */
function protocolPages(further: Further, name: string, parts: SpecParts, spec: DocumentedSpec): readonly SpecPage[] {
  const whole = further(name, 'the protocol', (page) => declarationSections(page, parts, spec));
  if (!whole.some(({ document }) => isLarge(document))) return whole;
  const isOf = (process: string, { item }: SpecParts['actions'][number]): boolean =>
    (item.process ?? item.timeout)?.name === process;
  const pageName = (process: string): string => `${name}-${process}`;
  const apart = parts.processes.flatMap((one) => {
    const process = one.item.name;
    const own = { ...parts, processes: [one], actions: parts.actions.filter((action) => isOf(process, action)) };
    const told = further(pageName(process), `process ${process}`, (page) => behaviorSections(page, own));
    if (!told.some(({ document }) => isLarge(document))) return told;
    // The drawing of a large process is as large as what is said of its steps.
    const stepsName = `${pageName(process)}-steps`;
    const anchors = new Map<string, string>();
    const steps = further(stepsName, `steps of ${process}`, (page) => {
      const { blocks, anchors: found } = stepBlocks(page, own, process);
      for (const [name, anchor] of found) anchors.set(name, `${stepsName}.md${anchor}`);
      return blocks;
    });
    const hrefOf = ({ name: step }: SpecParts['actions'][number]['item']): string | undefined => anchors.get(step);
    return [
      ...further(pageName(process), `process ${process}`, (page) => [
        paragraph(link(`${stepsName}.md`, text('Step by step'))),
        ...processBlocks(page, one, hrefOf),
      ]),
      ...steps,
    ];
  });
  const loose = parts.actions.filter((action) => !parts.processes.some(({ item }) => isOf(item.name, action)));
  const links = parts.processes.map(({ item }): Inlines => [link(`${pageName(item.name)}.md`, code(item.name))]);
  return [
    ...further(name, 'the protocol', (page) => [
      paragraph(text('Processes, step by step: '), ...joined(links, ', ')),
      ...declarationSections(page, { ...parts, processes: [], actions: loose }, spec, parts),
    ]),
    ...apart,
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
  readonly fairness: string;
  readonly locks: string;
  readonly waits: string;
  readonly declarations: string;
  readonly limits: string;
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
    fairness: unused('fairness-needed'),
    locks: unused('locks'),
    waits: unused('waits'),
    declarations: unused('protocol'),
    limits: unused('limits'),
  };
}

function pageOf(spec: DocumentedSpec, name: string | undefined, title: string): OpenPage {
  return {
    headings: new Headings(title),
    links: spec.seenFrom(name).links,
    anchors: new Map(),
    with: (blocks) => ({ title, origin: spec.origin, blocks }),
  };
}

/** Where the pages of a spec are. */
interface Places {
  readonly files: readonly (readonly DocumentedModel[])[];
  readonly names: PageNames;
  readonly folder: string;
  readonly further: readonly SpecPage[];
}

/** What the spec is about and what came of each variant, before what came of each model. */
function firstPage(
  spec: DocumentedSpec,
  parts: SpecParts,
  { files, names, folder, further }: Places,
  stories: Stories,
  hrefs: PropertyHrefs,
): Document {
  const [{ system }] = spec.models;
  const page = pageOf(spec, undefined, system.name);
  const models = labeled(spec.models);
  const variants = variantsOf(models, parts);
  return page.with([
    paragraph(link(spec.seenFrom(undefined).contents, text('All specs'))),
    ...withModelLinks(commentBlocks(system.doc), hrefsOfModels(models, stories)),
    ...furtherPages(further, folder),
    ...(variants === undefined
      ? []
      : [page.headings.heading(2, text('What holds in which variant')), ...variantBlocks(variants, stories, hrefs)]),
    page.headings.heading(2, text('Models')),
    ...modelBlocks(
      page.headings,
      files.map((own, index) => ({
        name: names.files[index]!,
        href: `${folder}/${names.files[index]!}.md`,
        doc: fileComment(own),
        models: own,
        mutants: variants?.mutants ?? [],
      })),
      stories,
    ),
  ]);
}

/** Links to what is shown on pages of its own. */
function furtherPages(further: readonly SpecPage[], folder: string): readonly Block[] {
  const links = further.map(({ name, document }): Inlines => [
    link(`${folder}/${name}.md`, text(document.title.slice(document.title.lastIndexOf(': ') + 2))),
  ]);
  return [
    paragraph(
      text('Further pages: '),
      ...joined(links, ', '),
      text('; below, the groups of models, each with its stories.'),
    ),
  ];
}

/** The pages about the models of a file, and where their stories are, seen from any of them. */
interface ModelPages {
  readonly pages: readonly SpecPage[];
  readonly stories: Stories;
}

/** Where the stories of models lead to. */
interface Destinations {
  readonly hrefs: PropertyHrefs;
  readonly book: StoryBook;
  readonly stories: Omit<StoryPage, keyof Page | 'said'>;
}

/** The models that are shown together, by the name of their page, and the parameters that differ among them. */
interface GroupOfModels {
  readonly name: string;
  readonly varying: readonly string[];
}

/** A page with all the stories of the models of one file, or a page for each model where that is too large. */
function modelPages(
  spec: DocumentedSpec,
  models: readonly DocumentedModel[],
  name: string,
  { hrefs, book, stories: shared }: Destinations,
): ModelPages {
  const [{ system }] = spec.models;
  const { varying } = parametersOf(models);
  const page = { ...pageOf(spec, name, `${system.name}: ${name}`), ...shared, said: new Set<string>() };
  const results = page.headings.heading(2, text('Results'));
  const heading = page.headings.heading(2, text('Models'));
  const all = models.map((model) => moved(modelStories(page, varying, model, book, `${name}.md`), `${name}.md`));
  const stories: Stories = new Map(models.map(({ result }, index) => [result, all[index]!]));
  const start = [paragraph(...wayBack(spec, name, system.name)), ...commentBlocks(fileComment(models)), results];
  const document = page.with([
    ...start,
    ...resultBlocks(models, stories, hrefs),
    heading,
    ...all.flatMap((one) => one.blocks),
  ]);
  if (!isLarge(document)) return { pages: [{ name, document }], stories };

  const apart = models.map((model) => modelPage(spec, model, { name, varying, book, stories: shared }));
  const storiesApart: Stories = new Map(models.map(({ result }, index) => [result, apart[index]!.stories]));
  return {
    pages: [
      { name, document: page.with([...start, ...resultBlocks(models, storiesApart, hrefs)]) },
      ...apart.map((one) => one.page),
    ],
    stories: storiesApart,
  };
}

/** A page about one model. */
function modelPage(
  spec: DocumentedSpec,
  model: DocumentedModel,
  { name, varying, book, stories: shared }: Omit<Destinations, 'hrefs'> & GroupOfModels,
): { readonly page: SpecPage; readonly stories: ModelStories } {
  const [{ system }] = spec.models;
  const own = `${name}-${model.label}`;
  const page = { ...pageOf(spec, own, `${system.name}: ${name}/${model.label}`), ...shared, said: new Set<string>() };
  const told = modelStories(page, varying, model, book, `${own}.md`);
  const back = [...wayBack(spec, own, system.name), text(' · '), link(`${name}.md`, text(name))];
  const document = page.with([paragraph(...back), ...told.blocks]);
  return { page: { name: own, document }, stories: moved(told, `${own}.md`) };
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
  return models.map((model) =>
    model.file === undefined ? model : { ...model, label: `${model.file}/${model.label}` },
  );
}

/** Stories as they are seen from another page. */
function moved({ href, stories, blocks }: ModelStories, page: string): ModelStories {
  return {
    blocks,
    href: page + href,
    stories: new Map(Array.from(stories, ([name, target]) => [name, page + target])),
  };
}
