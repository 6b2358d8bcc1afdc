import { Ansis } from 'ansis';
import { positionAt } from '../../dsl/diagnostics/span.ts';
import { joinSlack, slackMessage } from '../verdict/slack.ts';
import type { Slack } from '../verdict/slack.ts';
import { wordWarning } from '../verdict/warning-words.ts';
import type { CheckResult, Warning } from '../verdict/verdict.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { TextOptions } from './text-options.ts';
import { counted, formatCount } from './wording.ts';

/** A warning, and the file that it is about. */
export interface CommonWarning {
  readonly warning: Warning;
  /** What its span points into. */
  readonly files: readonly SourceFile[];
  /** Of the place, where there is one. */
  readonly path: string | undefined;
  /** Of the place, counting from 1. */
  readonly line: number | undefined;
}

/** What warnings are taken from. */
export interface WarnedModel {
  /** What the spans of the result point into. */
  readonly files: readonly SourceFile[];
  readonly result: Pick<CheckResult, 'warnings'>;
}

const WARNINGS_SHOWN = 5;

/**
 * What is worth a warning in every model that was checked: what one variant of a protocol never does is usually what
 * another one is about.
 */
export function commonWarnings(models: readonly WarnedModel[]): readonly CommonWarning[] {
  const [first, ...others] = models.map(({ result, files }) =>
    result.warnings.map((warning): CommonWarning => {
      const file = files[warning.span.file];
      return { warning, files, path: file?.path, line: file && positionAt(file.text, warning.span.start).line };
    }),
  );
  return others.reduce<readonly CommonWarning[]>(
    (common, given) => common.flatMap((one) => sharedWarning(one, given)),
    first ?? [],
  );
}

/** A warning that another model gives too; of a schema with too much room, what both leave unused. */
function sharedWarning(one: CommonWarning, others: readonly CommonWarning[]): readonly CommonWarning[] {
  const { kind, span } = one.warning;
  const slack = slackIn(one.warning);
  const same = others
    .filter(({ path, warning }) => path === one.path && warning.kind === kind && warning.span.start === span.start)
    .map(({ warning }) => warning);
  if (slack === undefined) return same.some((other) => wordWarning(other) === wordWarning(one.warning)) ? [one] : [];
  const other = same.map(slackIn).find((room) => room?.path === slack.path && room.kind === slack.kind);
  const joined = other && joinSlack(slack, other);
  if (joined === undefined) return [];
  return [{ ...one, warning: { kind: 'domainMuchLarger', message: slackMessage(joined), span, slack: joined } }];
}

function slackIn(warning: Warning): Slack | undefined {
  return warning.kind === 'domainMuchLarger' ? warning.slack : undefined;
}

/** Warnings, the first few of them. */
export function renderWarnings(common: readonly CommonWarning[], options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const lines = common.slice(0, WARNINGS_SHOWN).map(({ warning, path, line }) => {
    const place = path === undefined ? '' : ` (${path}:${line})`;
    return `  ${paint.yellow('warning')} ${wordWarning(warning)}${paint.dim(place)}`;
  });
  const more = common.length - WARNINGS_SHOWN;
  return [...lines, ...(more > 0 ? [`  ${paint.yellow('warning')} and ${formatCount(more)} more`] : [])].join('\n');
}

/** What the models of one file do not need of those that it imports: a line, or all of it. Other models may need it. */
export function renderUnused(unused: readonly CommonWarning[], isVerbose: boolean, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const files = new Set(unused.map(({ path }) => path)).size;
  const what = `${counted(unused.length, 'warning')} about ${counted(files, 'imported file')}`;
  const why = `not counted: other models of the spec may need what these do not${isVerbose ? ':' : ' (--verbose lists them)'}`;
  const head = `  ${paint.dim(`${what} ${unused.length === 1 ? 'is' : 'are'} ${why}`)}`;
  if (!isVerbose) return head;
  return [
    head,
    ...unused.map(({ warning, path, line }) => paint.dim(`    ${wordWarning(warning)} (${path}:${line})`)),
  ].join('\n');
}
