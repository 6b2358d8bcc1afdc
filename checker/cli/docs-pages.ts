/** The pages of `fairlead docs` as texts by the paths of their files, before anything is written. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Document } from '../../dsl/docgen/document.ts';
import { link, paragraph, slugOf, text } from '../../dsl/docgen/document.ts';
import { documentToHtml } from '../../dsl/docgen/html.ts';
import { documentToMarkdown } from '../../dsl/docgen/markdown.ts';
import { searchIndexOf, searchIndexScript } from '../../dsl/docgen/search-index.ts';
import { PAGE_STYLE } from '../../dsl/docgen/style.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import { toldSystem } from '../../dsl/ir/told-system.ts';
import { contentsPage } from '../document/contents-page.ts';
import type { DocumentedModel } from '../document/documented-model.ts';
import type { DocumentedSpec } from '../document/spec-page.ts';
import { specPages } from '../document/spec-pages.ts';
import { initialSteps } from '../engine/interpreter/steps.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import { told } from '../report/told-result.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { CheckedSpec } from './docs-specs.ts';
import { DEFAULT_FOLDER } from './spec-files.ts';

/** The forms that pages are written in, each by itself or both. */
export type Format = 'markdown' | 'html' | 'both';

/** Which pages, and where. */
export interface PagesRequest {
  /** What was asked for: pages are where their specs are, seen from there. */
  readonly paths: readonly string[];
  /** The folder of the pages. */
  readonly output: string;
  readonly format: Format;
  /** The address of a source; default: where it is on the disk. */
  readonly sourceHref?: (path: string) => string;
}

/** A file to be written. */
export interface PageFile {
  readonly path: string;
  readonly text: string;
  readonly form: 'markdown' | 'html';
  /** What it says; absent for what pages of HTML share. */
  readonly document?: Document;
}

/** With more initial states than this a page does not say where variables start. */
const MOST_INITIAL = 1000;

/** A page before it has a form. */
interface Page {
  /** Paths of its two files, without their endings: they differ for the contents. */
  readonly markdown: string;
  /** Absent: there is none, as folders are only looked into where Markdown is kept. */
  readonly html?: string;
  readonly document: Document;
}

/**
 * A page for each spec and its further pages, and the contents.
 *
 * @param entry - the module of the command: the script that all pages share stands beside it, in `page/`.
 */
export function pagesOf(
  specs: readonly DocumentedModels[],
  { paths, output, format, sourceHref }: PagesRequest,
  entry: URL,
): readonly PageFile[] {
  const stems = new Set<string>(['README', 'index']);
  const entries = specs.map(({ declaredIn, models }) => {
    const [{ system: first, file }] = models;
    const isAlone = file === undefined && first.files[0]!.path === declaredIn;
    const name = isAlone ? stemOf(declaredIn) : slugOf(first.name);
    const wanted = join(folderOf(declaredIn, paths), name);
    let stem = wanted;
    for (let number = 2; stems.has(stem); number += 1) stem = `${wanted}-${number}`;
    stems.add(stem);
    return { stem, declaredIn, first, models };
  });
  const pages = entries.flatMap(({ stem, declaredIn, first, models }): readonly Page[] => {
    const place = join(output, stem);
    const initial = initialStates(models[0].system, models[0].result);
    const spec: DocumentedSpec = {
      models,
      ...(initial !== undefined && { initial }),
      origin: originOf(declaredIn),
      seenFrom(page) {
        const folder = page === undefined ? dirname(place) : place;
        const to = (path: string): string => slashed(relative(folder, path));
        return {
          links: { hrefOf: (path) => (existsSync(path) ? (sourceHref ?? to)(path) : undefined) },
          contents: to(join(output, 'README.md')),
          first: to(`${place}.md`),
        };
      },
    };
    const made = specPages(spec, basename(stem)).map(({ name: own, document }): Page => {
      const file = own === undefined ? place : join(place, own);
      return { markdown: file, html: file, document };
    });
    // Who opens the folder of further pages is to see which one comes first.
    const readme = join(place, 'README');
    const isTaken = made.some(({ markdown }) => markdown.toLowerCase() === readme.toLowerCase());
    if (made.length === 1 || isTaken) return made;
    return [...made, { markdown: readme, document: folderPage(first.name, spec, made) }];
  });
  const contents = contentsPage(
    entries
      .map(({ stem, first, models }) => ({ href: `${slashed(stem)}.md`, name: first.name, doc: first.doc, models }))
      .sort((left, right) => (left.href < right.href ? -1 : 1)),
    originOf(paths.length === 0 ? DEFAULT_FOLDER : paths.join(', ')),
  );
  const all = [{ markdown: join(output, 'README'), html: join(output, 'index'), document: contents }, ...pages];
  return [
    ...(format === 'html' ? [] : all.map(markdownFile)),
    ...(format === 'markdown'
      ? []
      : [...all.flatMap((page) => htmlFile(page, output)), ...sharedFiles(all, output, entry)]),
  ];
}

/** What is in the folder of the further pages of a spec. */
function folderPage(name: string, spec: DocumentedSpec, [first, ...further]: readonly Page[]): Document {
  const { contents, first: firstHref } = spec.seenFrom('');
  const own = `${name}: `;
  const items = further.map(({ markdown, document: { title } }) => [
    paragraph(link(`${basename(markdown)}.md`, text(title.startsWith(own) ? title.slice(own.length) : title))),
  ]);
  return {
    title: `${name}: all pages`,
    origin: first!.document.origin,
    blocks: [
      paragraph(link(contents, text('All specs'))),
      paragraph(text('Begin with '), link(firstHref, text('what it is, and what holds in it')), text('. The rest:')),
      { kind: 'list', ordered: false, items },
    ],
  };
}

/** A spec with its models in the names that people are told. */
interface DocumentedModels extends Pick<CheckedSpec, 'declaredIn'> {
  readonly models: DocumentedSpec['models'];
}

export function documentedModels({ declaredIn, models: checked }: CheckedSpec): DocumentedModels {
  const isAlone = new Set(checked.map(({ system }) => system.files[0]!.path)).size < 2;
  const [first, ...more] = checked.map((one): DocumentedModel => {
    const names = toldNames(one.system);
    const system = toldSystem(one.system, names);
    return {
      label: system.model.name,
      system,
      result: told(names, one.result),
      ...(!isAlone && { file: stemOf(system.files[0]!.path) }),
    };
  });
  return { declaredIn, models: [first!, ...more] };
}

function markdownFile({ markdown, document }: Page): PageFile {
  return { path: `${markdown}.md`, form: 'markdown', text: documentToMarkdown(document), document };
}

function htmlFile({ html, document }: Page, output: string): readonly PageFile[] {
  if (html === undefined) return [];
  const up = slashed(relative(dirname(html), output));
  const text = documentToHtml(document, up === '' ? '' : `${up}/`);
  return [{ path: `${html}.html`, form: 'html', text, document }];
}

/** What the pages of HTML share: a style, a script for their search field, and what that looks through. */
function sharedFiles(pages: readonly Page[], output: string, entry: URL): readonly PageFile[] {
  const index = searchIndexOf(
    pages.flatMap(({ html, document }) =>
      html === undefined ? [] : [{ href: `${slashed(relative(output, html))}.html`, document }],
    ),
  );
  const shared = {
    'style.css': PAGE_STYLE,
    'search.js': readFileSync(new URL('./page/search.js', entry), 'utf8').trimEnd(),
    'search-index.js': searchIndexScript(index),
  };
  return Object.entries(shared).map(([name, text]) => ({
    path: join(output, name),
    form: 'html',
    text: `/* ${originOf('Fairlead')} */\n${text}\n`,
  }));
}

const MARK = 'Generated by `fairlead docs` from ';

function originOf(source: string): string {
  return `${MARK}${slashed(source)}: do not edit, run it again.`;
}

/** The spec that the first line of a page says it is from; undefined for what this command has not written. */
export function sourceOf(text: string): string | undefined {
  const line = text.slice(0, 400).split('\n')[0]!;
  const start = line.indexOf(MARK);
  return start < 0 ? undefined : line.slice(start + MARK.length, line.lastIndexOf(':'));
}

function initialStates(system: System, { statistics }: CheckResult): readonly ObjectValue[] | undefined {
  if (MOST_INITIAL < statistics.initial) return undefined;
  const plan = planOf(system);
  return isRefused(plan) ? undefined : initialSteps(plan).successors;
}

/** The folder of a page, seen from the folder of all: where the spec is, seen from the folder that was asked for. */
function folderOf(file: string, paths: readonly string[]): string {
  for (const path of paths.length === 0 ? [DEFAULT_FOLDER] : paths) {
    const base = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
    const inside = relative(base, dirname(file));
    if (!inside.startsWith('..')) return inside;
  }
  return '';
}

function stemOf(path: string): string {
  return basename(path).replace(/\.\w+$/, '');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
