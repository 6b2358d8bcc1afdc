import { visible } from '../../dsl/diagnostics/visible.ts';
import { complaintOf, complaintsOf, complaintsOfWarnings, nameOfModel } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import { placeOf } from './json-part.ts';
import type { ReportedModel, Reporter } from './reporter.ts';
import type { PathTo } from './sarif-reporter.ts';
import { sequenceDiagram } from './sequence-diagram.ts';
import { standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { renderSummary, wordGrowth } from './summary.ts';
import { sizeOf, timeOf } from './text.ts';
import { formatDuration, nameOf } from './wording.ts';

/** Where a reporter for GitHub Actions writes to. */
interface GitHubOutput {
  /** The log of a job, in which commands of workflows are obeyed. */
  readonly out: (text: string) => void;
  /** Takes Markdown for the summary of the job, once. Absent: there is none. */
  readonly summary?: ((markdown: string) => void) | undefined;
}

/**
 * For GitHub Actions: an annotation for each complaint at its place, and in the summary of the job a table of the models
 * and each counterexample, as a chart and as text.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReporter({ out, summary }: GitHubOutput, pathTo: PathTo = (path) => path): Reporter {
  const models: ReportedModel[] = [];
  const shown = new Set<string>();
  const annotate = (complaint: Complaint): void => {
    const command = annotationOf(complaint, pathTo);
    // What several models have in common is said once.
    if (!shown.has(command)) out(`${command}\n`);
    shown.add(command);
  };
  return {
    diagnostics: (found, files) => found.forEach((one) => annotate(complaintOf(one, files))),
    start: () => 'unexpected',
    model(model) {
      models.push(model);
      complaintsOf(model).forEach(annotate);
    },
    endSpec: ({ warnings }) => complaintsOfWarnings(warnings).forEach(annotate),
    sharedWarnings: (warnings) => complaintsOfWarnings(warnings).forEach(annotate),
    end(run) {
      for (const growth of run.grown ?? []) {
        out(`::warning title=${inProperty('Fairlead: more states')}::${inMessage(visible(wordGrowth(growth)))}\n`);
      }
      summary?.(summaryOf(models, renderSummary({ ...run, checked: models }, { color: false })));
    },
  };
}

function annotationOf({ level, rule, message, span, files, story }: Complaint, pathTo: PathTo): string {
  const place = placeOf(span, files);
  const properties = [
    ...(place === null
      ? []
      : [`file=${inProperty(pathTo(place.path))}`, `line=${place.line}`, `endLine=${place.endLine}`]),
    // Columns are only read where a line ends in which it begins.
    ...(place !== null && place.line === place.endLine ? [`col=${place.column}`, `endColumn=${place.endColumn}`] : []),
    `title=${inProperty(`Fairlead: ${rule}`)}`,
  ];
  const text = story === '' ? message : `${message}\n\n${story}`;
  return `::${level} ${properties.join(',')}::${inMessage(visible(text))}`;
}

/** Line ends and the sign that hides them are hidden. */
function inMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inMessage(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const SIGN: Readonly<Record<Standing, string>> = {
  asExpected: '✅',
  notAsExpected: '❌',
  refused: '❌',
  stopped: '❔',
};

/** A summary may have 1 MiB. */
const MOST_TEXT = 900_000;

function summaryOf(models: readonly ReportedModel[], total: string): string {
  const rows = models.map((model) => {
    const { result } = model;
    const wrong = result.verdicts.filter(({ asExpected }) => !asExpected).map(nameOf);
    const cells = [
      `${SIGN[standingOf(result)]} ${inText(nameOfModel(model))}`,
      sizeOf(result.statistics).trim(),
      formatDuration(timeOf(result)),
      wrong.map(inText).join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const table = ['| model | states | time | not as expected |', '| --- | --: | --: | --- |', ...rows];
  const stories = models.flatMap((model) =>
    complaintsOf(model)
      .filter(({ level }) => level === 'error')
      .map(storyText),
  );
  const head = ['### Fairlead', '', inText(total), '', ...(rows.length === 0 ? [] : table), ''].join('\n');
  let length = head.length;
  const kept = stories.filter((text) => (length += text.length) <= MOST_TEXT);
  const left = stories.length - kept.length;
  const rest = left === 0 ? [] : [`${left} more have no room here; the log of the job has them.`, ''];
  return [head, ...kept, ...rest].join('\n');
}

function storyText({ message, story, trace }: Complaint): string {
  if (story === '') return `- ${inText(message)}\n`;
  const chart = trace === undefined ? '' : sequenceDiagram(trace);
  return [
    `<details><summary>${inHtml(message)}</summary>`,
    '',
    ...(chart === '' ? [] : ['```mermaid', chart, '```', '']),
    fenced(visible(story)),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** A block of text as it is, within a fence that does not occur in it. */
function fenced(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function inHtml(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function inText(text: string): string {
  return inHtml(text)
    .replaceAll(/([\\`*_[\]#|~])/g, '\\$1')
    .replaceAll('\n', '<br>');
}
