import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ansis } from 'ansis';
import { suggest } from '../../dsl/diagnostics/suggest.ts';
import { pagesFolder } from './diagnostic-text.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Host } from './host.ts';
import { didYouMean, UsageProblem } from './problem.ts';

/** `fairlead explain`, as the arguments say it. */
export interface ExplainRequest {
  /** As it was written; undefined: a list of all. */
  readonly code: string | undefined;
}

/**
 * Prints the page about a diagnostic, or what each of them says.
 *
 * @throws UsageProblem for a code that there is not, with those that are near.
 */
export function runExplain({ code }: ExplainRequest, host: Host): ExitCode {
  const known = knownCodes();
  if (code === undefined) {
    for (const one of known) host.out(`${lineOf(one)}\n`);
    return EXIT.asExpected;
  }
  const meant = codeOf(code);
  if (!known.includes(meant)) throw unknownCode(code, meant, known);
  host.out(`${asTerminalText(readPage(meant), host.terminal.color.out)}\n`);
  return EXIT.asExpected;
}

/** `21`, `fl21` and `FL021` are the same. */
function codeOf(written: string): string {
  const [, digits] = /^(?:fl)?0*(\d{1,3})$/i.exec(written) ?? [];
  return digits === undefined ? written.toUpperCase() : `FL${digits.padStart(3, '0')}`;
}

/** All codes there are, in order. */
export function knownCodes(): readonly string[] {
  return readdirSync(pagesFolder())
    .flatMap((name) => /^(FL\d+)\.md$/.exec(name)?.slice(1) ?? [])
    .sort();
}

function readPage(code: string): string {
  return readFileSync(join(pagesFolder(), `${code}.md`), 'utf8');
}

/** `FL021  a schema that describes no finite domain`. */
function lineOf(code: string): string {
  const [title = ''] = readPage(code).split('\n', 1);
  return title.replace(/^# (FL\d+): /, '$1  ');
}

function unknownCode(written: string, meant: string, known: readonly string[]): UsageProblem {
  const isCode = /^FL\d{3}$/.test(meant);
  const number = Number(meant.slice(2));
  const distance = (code: string): number => Math.abs(Number(code.slice(2)) - number);
  const near = isCode
    ? [...known]
        .sort((left, right) => distance(left) - distance(right))
        .slice(0, 3)
        .sort()
    : [];
  const nearest = isCode ? undefined : suggest(meant, known);
  return new UsageProblem(
    `there is no diagnostic ${written}${didYouMean(nearest)}`,
    near.length > 0
      ? `Near it are:\n${near.map((code) => `  ${lineOf(code)}`).join('\n')}`
      : 'fairlead explain lists all.',
  );
}

/** A page of Markdown for a terminal: code set in, links as what they are called. */
function asTerminalText(page: string, isPainted: boolean): string {
  const paint = new Ansis(isPainted ? 1 : 0);
  let isCode = false;
  return page
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) {
        isCode = !isCode;
        return [];
      }
      if (isCode) return [line === '' ? '' : paint.cyan(`    ${line}`)];
      const plain = line.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
      return [/^#+ /.test(plain) ? paint.bold(plain.replace(/^#+ /, '')) : plain];
    })
    .join('\n');
}
