import { stripVTControlCharacters } from 'node:util';
import type { Ansis } from 'ansis';
import fastStringWidth from 'fast-string-width';
import { renderFrame } from '../../dsl/diagnostics/frame.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { FalsePart, Trace } from '../counterexample/behavior.ts';
import {
  partsByElement,
  valuesOfPart,
  wordBroken,
  wordElements,
  wordPart,
  wordTruth,
} from '../counterexample/falsity-words.ts';
import { wordsIn } from './words.ts';
import { wrap } from './wrap.ts';

interface FalsityOptions {
  readonly color: boolean;
  readonly width: number;
}

/** Which step made a predicate false, and the parts of it that are, underlined, with the values that make them so. */
export function falsityLines(
  { falsity, steps }: Trace,
  files: readonly SourceFile[],
  options: FalsityOptions,
  paint: Ansis,
): readonly string[] {
  if (falsity === undefined) return [];
  const broken = wordsIn(wordBroken(falsity, steps));
  return [
    '',
    ...(broken.length === 0 ? [] : wrap(MARGIN, broken, ' ', options.width)),
    ...partsByElement(falsity).flatMap((parts) => {
      const elements = wordElements(parts[0]!.bound);
      const start = `${MARGIN}${paint.red('✗')} `;
      const heading = elements === '' ? [] : wrap(start, `for ${elements}:`.split(' '), ' ', options.width);
      const together = frameOf(parts, files, options, wordPart);
      const frames = together === undefined ? parts.flatMap((part) => frameAlone(part, files, options)) : together;
      return [...heading, ...frames];
    }),
  ];
}

const MARGIN = '     ';

/** The source with its marks and words; undefined when that is too wide. */
function frameOf(
  parts: readonly FalsePart[],
  files: readonly SourceFile[],
  options: FalsityOptions,
  word: (part: FalsePart, files: readonly SourceFile[]) => string,
): readonly string[] | undefined {
  const labels = parts.map((part) => ({ span: part.span, text: word(part, files), mark: '^' as const }));
  const frame = { ...options, width: Math.max(20, options.width - FRAME_MARGIN) };
  const lines = renderFrame(labels, files, frame).map((line) => MARGIN + line);
  // What nobody wrote has no place: its values stand alone.
  if (lines.length === 0) return undefined;
  const isWide = lines.some((line) => options.width < fastStringWidth(stripVTControlCharacters(line)));
  return isWide ? undefined : lines;
}

/** One part, with its values below where there is no room beside it. */
function frameAlone(part: FalsePart, files: readonly SourceFile[], options: FalsityOptions): readonly string[] {
  const whole = frameOf([part], files, options, wordPart);
  if (whole !== undefined) return whole;
  const short = frameOf([part], files, options, wordTruth) ?? frameOf([part], files, options, () => '') ?? [];
  const values = valuesOfPart(part, files);
  return [...short, ...(values.length === 0 ? [] : wrap(`${MARGIN}  `, values, ', ', options.width))];
}

/** What stands beside the source: the margin, a number of four digits, a bar, and the signs that it goes on. */
const FRAME_MARGIN = MARGIN.length + 9;
