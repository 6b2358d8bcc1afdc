import { stripVTControlCharacters } from 'node:util';

/** Items after a label, over as many lines as they need, each under the first. */
export function wrap(start: string, items: readonly string[], separator: string, width: number): string[] {
  const margin = stripVTControlCharacters(start).length;
  const lines: string[] = [];
  let line = '';
  items.forEach((item, index) => {
    const piece = index === items.length - 1 ? item : item + separator;
    if (line !== '' && margin + line.length + piece.length > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  });
  lines.push(line);
  return lines.map((text, index) => (index === 0 ? start : ' '.repeat(margin)) + text);
}
