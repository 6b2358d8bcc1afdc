import { slotsOf } from '../../ir/slots.ts';

/** C with one statement a line, indented by its braces; string literals may hold anything. */
export function indented(text: string, start = 0): string {
  let depth = start;
  const lines: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    const code = line.replace(/"(?:\\.|[^"\\])*"/g, '""');
    const closing = /^[})]+/.exec(code)?.[0].replace(/\)/g, '').length ?? 0;
    const isLabel = /^\w+: ;/.test(code);
    lines.push('  '.repeat(Math.max(0, depth - closing - (isLabel ? 1 : 0))) + line);
    depth += count(code, '{') - count(code, '}');
  }
  return lines.join('\n');
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** A comment for C and Promela, without its slots, which are for pages; empty for an empty text. */
export function comment(doc: string): string {
  const { text } = slotsOf(doc);
  const lines = text.replaceAll('*/', '* /').replace(/\\+$/gm, '').split('\n').flatMap(wrappedText);
  if (text === '') return '';
  return lines.length === 1
    ? `/* ${lines[0]} */\n`
    : `/*\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** A line of text over as many as it needs; those after the first are indented as it is. */
function wrappedText(line: string): readonly string[] {
  if (line.length <= LONGEST) return [line];
  const indent = /^\s*(?:- )?/.exec(line)![0].replace('-', ' ');
  const space = line.lastIndexOf(' ', LONGEST);
  if (space <= indent.length) return [line];
  return [line.slice(0, space), ...wrappedText(indent + line.slice(space + 1))];
}

/** With what is around a comment, less than 120. */
const LONGEST = 110;
