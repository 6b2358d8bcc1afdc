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

/** A comment for C and Promela; empty for an empty text. */
export function comment(text: string): string {
  const lines = text.replaceAll('*/', '* /').replace(/\\+$/gm, '').split('\n');
  if (text.trim() === '') return '';
  return lines.length === 1
    ? `/* ${lines[0]} */\n`
    : `/*\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}
