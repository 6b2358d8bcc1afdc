import { allOf } from '../report/reporter.ts';
import type { Reporter } from '../report/reporter.ts';
import { textReporter } from '../report/text-reporter.ts';
import type { CheckRequest, Format } from './check-request.ts';
import type { Host } from './host.ts';

/** What makes a reporter for each format; those that few runs need are loaded when they are asked for. */
const BY_FORMAT: Readonly<Record<Format, (request: CheckRequest, host: Host) => Reporter | Promise<Reporter>>> = {
  text: reporterOfText,
  json: async (_, host) => (await import('../report/json-reporter.ts')).jsonReporter(host.out),
};

/** All that a request wants to be made of a run, as one reporter: files first, for one of them may not be writable. */
export async function reporterFor(request: CheckRequest, host: Host): Promise<Required<Reporter>> {
  const { traceFile, htmlFile, format } = request;
  const reporters: Reporter[] = [];
  if (traceFile !== undefined) reporters.push((await import('./trace-files.ts')).traceReporter(traceFile));
  if (htmlFile !== undefined) reporters.push((await import('./page-file.ts')).pageReporter(htmlFile, host.entry));
  return allOf([...reporters, await BY_FORMAT[format](request, host)]);
}

function reporterOfText(request: CheckRequest, { out, error, terminal }: Host): Reporter {
  const { traces, verbose, coverage, quiet, strict, advise, allWays } = request;
  const isDetailed = verbose || traces !== false || coverage || advise || allWays;
  const { color, width } = terminal;
  return textReporter({ out, error }, { color, width, traces, isDetailed, verbose, coverage, quiet, strict });
}
