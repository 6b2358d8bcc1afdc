/** `fairlead docs`: checks specs and writes pages about them, or says which pages are not what would be written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { hasHtml, stalePages, writePages } from './docs-files.ts';
import { slotFaults } from '../document/slot-faults.ts';
import { documentedModels, pagesOf } from './docs-pages.ts';
import type { Format, PageFile } from './docs-pages.ts';
import { serveDocs } from './docs-serve.ts';
import { checkSpecs } from './docs-specs.ts';
import type { SpecsRequest } from './docs-specs.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { openInBrowser } from './open-in-browser.ts';
import { pageFaults } from './page-faults.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import { refuseUnwritableFolder } from './writable.ts';

/** `fairlead docs`, as the arguments say it. */
export interface DocsRequest extends SpecsRequest {
  /** The folder of the pages. */
  readonly output: string;
  readonly format: Format;
  /** Compare what is there instead of writing it. */
  readonly check: boolean;
  /** Open the contents in a browser. */
  readonly open: boolean;
  /** Serve the pages on this port instead of writing them. */
  readonly serve: number | undefined;
}

/**
 * Checks every model of the given specs and writes a page for each spec, in Markdown and in HTML, and a page of contents;
 * or says which pages are not what would be written, or serves them.
 *
 * @throws UsageProblem when the request names something that is not there, or a folder cannot be written to.
 */
export async function runDocs(request: DocsRequest, host: Host): Promise<ExitCode> {
  const { serve } = request;
  if (serve !== undefined) return serveDocs({ ...request, port: serve }, host);
  if (!request.check) refuseUnwritableFolder(request.output);
  const checked = await checkSpecs(request, host);
  if (checked.kind === 'stopped') return EXIT.stopped;
  if (checked.kind === 'rejected') {
    for (const { diagnostics, files } of checked.rejections) {
      host.error(`${diagnosticText(diagnostics, files, host)}\n\n`);
    }
    return EXIT.rejected;
  }
  const documented = checked.specs.map(documentedModels);
  const pages = pagesOf(documented, request, host.entry);
  const surprises = checked.specs
    .flatMap(({ models }) => models)
    .filter(({ result }) => !result.asExpected)
    .map(({ system, result }) => `${whereOf(system)} ${surpriseOf(result)}`);
  for (const surprise of surprises) host.error(`${surprise}\n`);
  if (!request.quiet) {
    for (const { declaredIn, models } of documented) {
      for (const fault of slotFaults(models)) host.error(`${declaredIn}: ${fault}\n`);
    }
  }
  const faults = pageFaults(pages, existsSync);
  for (const fault of faults) host.error(`${fault}\n`);
  const isWritten = request.check ? compare(pages, request, host) && faults.length === 0 : write(pages, request, host);
  if (request.open) await openInBrowser(join(request.output, 'index.html'), host);
  return isWritten && surprises.length === 0 ? EXIT.asExpected : EXIT.notAsExpected;
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

function write(pages: readonly PageFile[], { output, quiet }: DocsRequest, host: Host): true {
  const { written, removed } = writePages(pages, output);
  if (!quiet) {
    for (const path of written) host.out(`wrote ${path}\n`);
    for (const path of removed) host.out(`removed ${path}: its spec is gone\n`);
    host.out(`${pages.length} files in ${output}, ${pages.length - written.length} of them as they were\n`);
  }
  return true;
}

/**
 * Names the pages that are not what would be written; true when there are none. HTML that is nowhere on the disk was not
 * kept: it has been made and looked at, and that is all there is to say of it.
 */
function compare(pages: readonly PageFile[], request: DocsRequest, host: Host): boolean {
  const { output, format, paths, quiet } = request;
  const isKept = format !== 'both' || hasHtml(output);
  const kept = isKept ? pages : pages.filter(({ form }) => form === 'markdown');
  const problems = stalePages(kept, output);
  for (const problem of problems) host.error(`${problem}\n`);
  if (problems.length > 0) {
    const form = format === 'both' ? [] : ['--format', format];
    host.error(`Write the pages again: ${['fairlead docs', ...paths, '-o', output, ...form].join(' ')}\n`);
  } else if (!quiet) {
    const rest = isKept ? '' : `; the ${pages.length - kept.length} of HTML were made, and not kept there`;
    host.out(`${kept.length} files in ${output} are up to date${rest}\n`);
  }
  return problems.length === 0;
}
