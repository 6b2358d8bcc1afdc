import { reportToJson } from './json.ts';
import type { ReportedModel, Reporter } from './reporter.ts';

/** One JSON document at the end of a run. @param out - is given the document. */
export function jsonReporter(out: (text: string) => void): Reporter {
  const checked: ReportedModel[] = [];
  return {
    start: () => 'all',
    model: (model) => void checked.push(model),
    end: (run) => out(`${reportToJson({ ...run, checked })}\n`),
  };
}
