import { appendFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { allOf } from '../report/reporter.ts';
import type { Reporter } from '../report/reporter.ts';
import { textReporter } from '../report/text-reporter.ts';
import type { CheckRequest, Format, ReportFile } from './check-request.ts';
import { pagesFor } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import { writeAsked } from './write-file.ts';

/** Where a report goes: a stream, or a file. */
type Sink = Pick<Host, 'out' | 'error' | 'terminal' | 'gitHub'>;

/** What makes a reporter for each format; those that few runs need are loaded when they are asked for. */
const BY_FORMAT: Readonly<Record<Format, (request: CheckRequest, sink: Sink) => Reporter | Promise<Reporter>>> = {
  text: reporterOfText,
  json: async (_, { out }) => (await import('../report/json-reporter.ts')).jsonReporter(out),
  junit: async (_, { out }) => (await import('../report/junit-reporter.ts')).junitReporter(out),
  sarif: async (_, { out, gitHub }) =>
    (await import('../report/sarif-reporter.ts')).sarifReporter(out, pathFrom(gitHub?.workspace)),
  github: async (_, { out, gitHub }) => {
    const { githubReporter } = await import('../report/github-reporter.ts');
    const file = gitHub?.summary;
    const summary = file === undefined ? undefined : (text: string): void => appendTo(file, text);
    return githubReporter({ out, summary }, pathFrom(gitHub?.workspace));
  },
};

/** All that a request wants to be made of a run, as one reporter: files first, for one of them may not be writable. */
export async function reporterFor(request: CheckRequest, host: Host): Promise<Required<Reporter>> {
  const { traceFile, htmlFile, format } = request;
  const reporters: Reporter[] = [];
  if (traceFile !== undefined) reporters.push((await import('./trace-files.ts')).traceReporter(traceFile));
  if (htmlFile !== undefined) reporters.push((await import('./page-file.ts')).pageReporter(htmlFile, host.entry));
  for (const file of request.reports) reporters.push(await reporterInto(file, request, host));
  reporters.push(await BY_FORMAT[format](request, host));
  // Who reads the log of a job in GitHub Actions also looks at the changes that it is about.
  if (host.gitHub !== undefined && format === 'text') reporters.push(await BY_FORMAT.github(request, host));
  return allOf(reporters);
}

/** A reporter whose report is written to a file at the end of the run. */
async function reporterInto({ format, path }: ReportFile, request: CheckRequest, host: Host): Promise<Reporter> {
  let text = '';
  const take = (part: string): void => void (text += part);
  const terminal = { ...host.terminal, color: { out: false, error: false }, width: 100, links: false };
  const reporter = await BY_FORMAT[format](
    { ...request, quiet: false },
    { out: take, error: take, terminal, gitHub: host.gitHub },
  );
  return {
    ...reporter,
    end(run) {
      reporter.end(run);
      writeAsked(path, text);
    },
  };
}

/** The summary of a job is of all its commands. That it cannot be written is no fault of what was checked. */
function appendTo(file: string, text: string): void {
  try {
    appendFileSync(file, `${text}\n`);
  } catch {
    // The annotations say the same.
  }
}

/** Paths as seen from a folder, where they lie in it. */
function pathFrom(folder: string | undefined): (path: string) => string {
  if (folder === undefined) return (path) => path;
  return (path) => {
    const inside = relative(folder, resolve(path));
    return inside.startsWith('..') ? path : inside;
  };
}

function reporterOfText(request: CheckRequest, { out, error, terminal }: Sink): Reporter {
  const { traces, verbose, coverage, quiet, strict, advise, allWays } = request;
  const isDetailed = verbose || traces !== false || coverage || advise || allWays;
  const { color, width } = terminal;
  return textReporter(
    { out, error },
    { color, width, traces, isDetailed, verbose, coverage, quiet, strict, pages: pagesFor({ terminal }) },
  );
}
