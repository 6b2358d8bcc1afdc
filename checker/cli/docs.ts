import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { slugOf } from '../../dsl/docgen/document.ts';
import type { Document } from '../../dsl/docgen/document.ts';
import { documentToHtml } from '../../dsl/docgen/html.ts';
import { documentToMarkdown } from '../../dsl/docgen/markdown.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { contentsPage } from '../document/contents-page.ts';
import type { DocumentedSpec } from '../document/spec-page.ts';
import { specPages } from '../document/spec-pages.ts';
import type { DocumentedModel } from '../document/model-stories.ts';
import { initialSteps } from '../engine/interpreter/steps.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { Surroundings } from './surroundings.ts';
import { checkModel } from './check-model.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { loadFiles, withoutParts } from './load.ts';
import { UsageProblem } from './problem.ts';
import { progressLine } from './progress-line.ts';
import { instantiateModels, selectModels } from './selection.ts';
import { DEFAULT_FOLDER, findSpecFiles } from './spec-files.ts';
import { refuseUnwritableFolder } from './writable.ts';
import { makeFolder, writeWhole } from './write-file.ts';

/** `fairlead docs`, as the arguments say it. */
export interface DocsRequest {
  /** Files and folders; none: `specs/`. */
  readonly paths: readonly string[];
  /** The folder of the pages. */
  readonly output: string;
  /** Compare what is there instead of writing it. */
  readonly check: boolean;
  readonly maxStates: number | undefined;
  readonly quiet: boolean;
}

/** Up to so many states it is worked out what fairness each property needs, which judges it several times over. */
const ADVISED = 2000;

/** With more initial states than this a page does not say where variables start. */
const MOST_INITIAL = 1000;

/** So many models are checked at a time. */
const AT_A_TIME = 2;

/**
 * Checks every model of the given specs and writes a page for each spec, in Markdown and in HTML, and a page of contents;
 * or says which pages are not what would be written.
 *
 * @throws UsageProblem when the request names something that is not there, or a folder cannot be written to.
 */
export async function runDocs(request: DocsRequest, around: Surroundings): Promise<ExitCode> {
  if (!request.check) refuseUnwritableFolder(request.output);
  const loaded = withoutParts(await loadFiles(findSpecFiles(request.paths), around));
  let rejected = false;
  const complain = (diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): void => {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return;
    rejected = true;
    around.error(`${renderDiagnostics(errors, files, { color: around.terminal.color.error })}\n\n`);
  };
  for (const file of loaded) complain(file.diagnostics, file.files);
  const selections = selectModels(loaded, []);
  const specs = new Map<string, { readonly declaredIn: string; readonly systems: System[] }>();
  for (const selection of selections) {
    const { file, spec } = selection;
    const declaredIn = file.files[spec.span.file]?.path ?? file.path;
    const key = `${resolve(declaredIn)}:${spec.span.start}`;
    const known = specs.get(key) ?? { declaredIn, systems: [] };
    specs.set(key, known);
    for (const { system, diagnostics } of instantiateModels(selection, {})) {
      complain(diagnostics, file.files);
      if (system !== undefined) known.systems.push(system);
    }
  }
  if (rejected) return EXIT.rejected;
  if (specs.size === 0) {
    throw new UsageProblem(
      `there is no spec in ${(request.paths.length === 0 ? [DEFAULT_FOLDER] : request.paths).join(', ')}`,
    );
  }

  const systems = [...specs.values()].flatMap((spec) => spec.systems);
  const results = await checkAll(systems, request, around);
  if (results === undefined) return EXIT.stopped;
  const pages = pagesOf([...specs.values()], results, request);
  const surprising = [...results].filter(([, { asExpected }]) => !asExpected);
  for (const [system, result] of surprising) around.error(`${whereOf(system)} ${surpriseOf(result)}\n`);
  const written = request.check ? reportStale(pages, request, around) : writePages(pages, request, around);
  return written && surprising.length === 0 ? EXIT.asExpected : EXIT.notAsExpected;
}

/** The results of all models, or undefined when one was stopped before its answer was the same for everybody. */
async function checkAll(
  systems: readonly System[],
  { maxStates, quiet }: DocsRequest,
  around: Surroundings,
): Promise<ReadonlyMap<System, CheckResult> | undefined> {
  const results = new Map<System, CheckResult>();
  const waiting = [...systems];
  let stopped = false;
  const work = async (): Promise<void> => {
    for (let system = waiting.shift(); system !== undefined && !stopped; system = waiting.shift()) {
      const name = `${system.name} ${system.model.name}`;
      const line = progressLine(name, around.terminal, quiet, around.progress);
      const options = { advise: true, adviseUpTo: ADVISED, ...(maxStates !== undefined && { maxStates }) };
      const result = await checkModel(around.entry, system, options, around.interrupt, (progress) =>
        line.show(progress),
      );
      line.clear();
      results.set(system, result);
      const cut = result.statistics.cut?.kind;
      if (around.interrupt.requested || cut === 'memory') {
        if (!stopped)
          around.error(
            `${name}: ${cut === 'memory' ? 'out of memory; --max-states bounds it' : 'interrupted'}; no page is written\n`,
          );
        stopped = true;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return stopped ? undefined : results;
}

function whereOf({ files, model }: System): string {
  return `${files[0]!.path} ${model.name}`;
}

/** What is not as a model expects, in one line. */
function surpriseOf({ verdicts, refusals, distinctMismatch }: CheckResult): string {
  const unexpected = verdicts.filter(({ asExpected }) => !asExpected);
  const found = [
    ...refusals.map(({ message }) => message),
    ...unexpected.map(({ name, outcome, expected }) => `${name} ${outcome.kind}, expected: ${expected}`),
    ...(distinctMismatch === undefined
      ? []
      : [`${distinctMismatch.actual} states, expected: ${distinctMismatch.expected}`]),
  ];
  return `is not as it expects: ${found.join('; ')}`;
}

/** A page by the path of its file. */
interface PageFile {
  readonly path: string;
  readonly text: string;
}

function pagesOf(
  specs: readonly { readonly declaredIn: string; readonly systems: readonly System[] }[],
  results: ReadonlyMap<System, CheckResult>,
  request: DocsRequest,
): readonly PageFile[] {
  const stems = new Set<string>(['README', 'index']);
  const entries = specs.flatMap(({ declaredIn, systems }) => {
    const [first] = systems;
    if (first === undefined) return [];
    const files = [...new Set(systems.map((system) => system.files[0]!.path))];
    const name =
      files.length === 1 && files[0] === declaredIn ? basename(declaredIn).replace(/\.\w+$/, '') : slugOf(first.name);
    const wanted = join(folderOf(declaredIn, request.paths), name);
    let stem = wanted;
    for (let number = 2; stems.has(stem); number += 1) stem = `${wanted}-${number}`;
    stems.add(stem);
    const models = systems.map((system): DocumentedModel => {
      const file = basename(system.files[0]!.path).replace(/\.\w+$/, '');
      const result = results.get(system)!;
      return { label: system.model.name, system, result, ...(files.length > 1 && { file }) };
    });
    return [{ stem, declaredIn, first, models: models as unknown as readonly [DocumentedModel, ...DocumentedModel[]] }];
  });
  const pages = entries.flatMap(({ stem, declaredIn, first, models }) => {
    const place = join(request.output, stem);
    const initial = initialStates(first, models[0].result);
    const spec: DocumentedSpec = {
      models,
      ...(initial !== undefined && { initial }),
      origin: originOf(declaredIn),
      seenFrom(page) {
        const folder = page === undefined ? dirname(place) : place;
        const to = (path: string): string => slashed(relative(folder, path));
        return {
          links: { hrefOf: (path) => (existsSync(path) ? to(path) : undefined) },
          contents: to(join(request.output, 'README.md')),
          first: to(`${place}.md`),
        };
      },
    };
    return specPages(spec, basename(stem)).flatMap(({ name, document }) => {
      const file = name === undefined ? place : join(place, name);
      return filesOf(file, file, document);
    });
  });
  const contents = contentsPage(
    entries
      .map(({ stem, first, models }) => ({ href: `${slashed(stem)}.md`, name: first.name, doc: first.doc, models }))
      .sort((left, right) => (left.href < right.href ? -1 : 1)),
    originOf(request.paths.length === 0 ? DEFAULT_FOLDER : request.paths.join(', ')),
  );
  return [...filesOf(join(request.output, 'README'), join(request.output, 'index'), contents), ...pages];
}

function filesOf(markdown: string, html: string, document: Document): readonly PageFile[] {
  return [
    { path: `${markdown}.md`, text: documentToMarkdown(document) },
    { path: `${html}.html`, text: documentToHtml(document) },
  ];
}

const MARK = 'Generated by `fairlead docs` from ';

function originOf(source: string): string {
  return `${MARK}${slashed(source)}: do not edit, run it again.`;
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

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Writes what differs, and takes away pages of specs that are gone. */
function writePages(pages: readonly PageFile[], { output, quiet }: DocsRequest, around: Surroundings): true {
  const changed = pages.filter(({ path, text }) => contentOf(path) !== text);
  const left = leftPages(pages, output);
  try {
    for (const { path, text } of changed) {
      makeFolder(dirname(path));
      writeWhole(path, text);
    }
    for (const path of left) rmSync(path);
  } catch (error) {
    throw new UsageProblem(`${output} cannot be written to: ${(error as Error).message}`);
  }
  if (!quiet) {
    for (const { path } of changed) around.out(`wrote ${path}\n`);
    for (const path of left) around.out(`removed ${path}: its spec is gone\n`);
    around.out(`${pages.length} pages in ${output}, ${pages.length - changed.length} of them as they were\n`);
  }
  return true;
}

/** Names the pages that are not what would be written; true when there are none. */
function reportStale(pages: readonly PageFile[], request: DocsRequest, around: Surroundings): boolean {
  const stale = pages.flatMap(({ path, text }) => {
    const content = contentOf(path);
    if (content === text) return [];
    return [
      content === undefined ? `${path} is missing` : `${path} is stale, from line ${firstDifference(content, text)} on`,
    ];
  });
  const left = leftPages(pages, request.output).map((path) => `${path} is of a spec that is gone`);
  const problems = [...stale, ...left];
  for (const problem of problems) around.error(`${problem}\n`);
  if (problems.length > 0) {
    const again = ['fairlead docs', ...request.paths, '-o', request.output].join(' ');
    around.error(`Write the pages again: ${again}\n`);
  } else if (!request.quiet) around.out(`${pages.length} pages in ${request.output} are up to date\n`);
  return problems.length === 0;
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function firstDifference(left: string, right: string): number {
  const [a, b] = [left.split('\n'), right.split('\n')];
  return a.findIndex((line, index) => line !== b[index]) + 1 || a.length;
}

/** Pages in the folder that this command has written for a file that is no more, or that now has another page. */
function leftPages(pages: readonly PageFile[], output: string): readonly string[] {
  if (!existsSync(output)) return [];
  const known = new Set(pages.map(({ path }) => resolve(path)));
  const sources = new Set(pages.map(({ text }) => sourceOf(text)));
  return readdirSync(output, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|html)$/.test(name))
    .map((name) => join(output, name))
    .filter((path) => {
      if (known.has(resolve(path))) return false;
      const source = sourceOf(contentOf(path) ?? '');
      return source !== undefined && (sources.has(source) || !existsSync(source));
    })
    .sort();
}

/** The spec that the first line of a page says it is from. */
function sourceOf(text: string): string | undefined {
  const line = text.slice(0, 400).split('\n')[0]!;
  const start = line.indexOf(MARK);
  return start < 0 ? undefined : line.slice(start + MARK.length, line.lastIndexOf(':'));
}
