/** The files of `fairlead docs`: writes them, or says what of them is not as it would be written. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sourceOf } from './docs-pages.ts';
import type { PageFile } from './docs-pages.ts';
import { UsageProblem } from './problem.ts';
import { makeFolder, writeWhole } from './write-file.ts';

/** What writing has changed; paths as the user would write them. */
interface Written {
  readonly written: readonly string[];
  /** Pages of specs that are gone. */
  readonly removed: readonly string[];
}

/**
 * Writes what differs, and takes away pages of specs that are gone.
 *
 * @throws UsageProblem when something cannot be written, or would take the place of a file that somebody else wrote.
 */
export function writePages(pages: readonly PageFile[], output: string): Written {
  const changed = pages.filter(({ path, text }) => contentOf(path) !== text);
  for (const { path } of changed) refuseForeign(path);
  const removed = leftPages(pages, output);
  try {
    for (const { path, text } of changed) {
      makeFolder(dirname(path));
      writeWhole(path, text);
    }
    for (const path of removed) rmSync(path);
  } catch (error) {
    throw new UsageProblem(`${output} cannot be written to: ${(error as Error).message}`);
  }
  return { written: changed.map(({ path }) => path), removed };
}

function refuseForeign(path: string): void {
  const content = contentOf(path) ?? '';
  if (content.trim() === '' || sourceOf(content) !== undefined) return;
  throw new UsageProblem(
    `${path} would be overwritten, and was not written by fairlead docs`,
    'Move it, or name another folder for the pages: fairlead docs -o path/to/folder',
  );
}

/** What is not as it would be written, a line each. */
export function stalePages(pages: readonly PageFile[], output: string): readonly string[] {
  const stale = pages.flatMap(({ path, text }) => {
    const content = contentOf(path);
    if (content === text) return [];
    return [
      content === undefined ? `${path} is missing` : `${path} is stale, from line ${firstDifference(content, text)} on`,
    ];
  });
  return [...stale, ...leftPages(pages, output).map((path) => `${path} is of a spec that is gone`)];
}

/** Whether any page of HTML is there that this command has written: where none is, they are made when they are wanted. */
export function hasHtml(output: string): boolean {
  return generatedIn(output, ['html']).length > 0;
}

/** Pages in the folder that this command has written for a file that is no more, or that now has another page. */
function leftPages(pages: readonly PageFile[], output: string): readonly string[] {
  const known = new Set(pages.map(({ path }) => resolve(path)));
  const sources = new Set(pages.map(({ text }) => sourceOf(text)));
  const forms = [...new Set(pages.map(({ form }) => form))];
  return generatedIn(output, forms)
    .filter(({ path, source }) => !known.has(resolve(path)) && (sources.has(source) || !existsSync(source)))
    .map(({ path }) => path);
}

const ENDING = { markdown: '.md', html: '.html' } as const;

/** Generated pages of some forms, in the order of their paths. */
function generatedIn(
  output: string,
  forms: readonly PageFile['form'][],
): readonly { readonly path: string; readonly source: string }[] {
  if (!existsSync(output)) return [];
  return readdirSync(output, { recursive: true, encoding: 'utf8' })
    .filter((name) => forms.some((form) => name.endsWith(ENDING[form])))
    .sort()
    .flatMap((name) => {
      const path = join(output, name);
      const source = sourceOf(contentOf(path) ?? '');
      return source === undefined ? [] : [{ path, source }];
    });
}

function contentOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
}

function firstDifference(left: string, right: string): number {
  const [a, b] = [left.split('\n'), right.split('\n')];
  return a.findIndex((line, index) => line !== b[index]) + 1 || a.length;
}
