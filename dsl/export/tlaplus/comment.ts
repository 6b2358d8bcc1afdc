/** A comment of whole lines; empty for nothing. */
export function comment(doc: string): string {
  if (doc.trim() === '') return '';
  return linesOf(doc)
    .flatMap(wrappedLine)
    .map((line) => `\\* ${line}`.trimEnd() + '\n')
    .join('');
}

/** At least one. TLA+ ends a comment wherever a tool may see the end of a line. */
export function linesOf(doc: string): readonly string[] {
  return doc.trim().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
}

const WIDTH = 110;

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
