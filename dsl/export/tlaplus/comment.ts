import { slotsOf } from '../../ir/slots.ts';

/** A comment of whole lines, without its slots, which are for pages; empty for nothing. */
export function comment(doc: string): string {
  const { text } = slotsOf(doc);
  if (text === '') return '';
  return passagesOf(linesOf(text))
    .flatMap((lines) => (lines.some((line) => WIDTH < line.length) ? wrappedLine(joined(lines)) : lines))
    .map((line) => `\\* ${line}`.trimEnd() + '\n')
    .join('');
}

/** At least one. TLA+ ends a comment wherever a tool may see the end of a line. */
export function linesOf(doc: string): readonly string[] {
  return doc.trim().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
}

const WIDTH = 110;

/** Lines that belong together: up to an empty one, or the next bullet. */
function passagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const passages: string[][] = [];
  for (const line of lines) {
    const before = passages.at(-1)?.at(-1);
    const isNew =
      before === undefined || before.trim() === '' || line.trim() === '' || /^\s*(?:[-*+]|\d+[.)]) /.test(line);
    if (isNew) passages.push([line]);
    else passages.at(-1)!.push(line);
  }
  return passages;
}

function joined([first = '', ...rest]: readonly string[]): string {
  return [first.trimEnd(), ...rest.map((line) => line.trim())].join(' ');
}

/** A line that is too long, broken between words; what is a bullet goes on under its text. */
function wrappedLine(line: string): readonly string[] {
  const indent = /^\s*(?:- )?/.exec(line)![0].length;
  const lines: string[] = [];
  let rest = line;
  while (WIDTH < rest.length) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const at = space <= indent ? rest.indexOf(' ', WIDTH) : space;
    if (at < 0) break;
    lines.push(rest.slice(0, at));
    rest = ' '.repeat(indent) + rest.slice(at + 1);
  }
  return [...lines, rest];
}
