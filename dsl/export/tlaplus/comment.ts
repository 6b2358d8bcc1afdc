/** A comment of whole lines; empty for nothing. */
export function comment(doc: string): string {
  if (doc.trim() === '') return '';
  return linesOf(doc)
    .map((line) => `\\* ${line}`.trimEnd() + '\n')
    .join('');
}

/** At least one. TLA+ ends a comment wherever a tool may see the end of a line. */
export function linesOf(doc: string): readonly string[] {
  return doc.trim().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
}
