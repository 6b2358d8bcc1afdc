import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { Warning } from './verdict.ts';

/**
 * Whether the author has said in the source that a warning is meant to be: a comment `fairlead-ignore`, alone or with
 * the kinds of warnings that it is about, at the end of the line where the warning points or in the comment right above
 * it.
 *
 * ```ts
 * // fairlead-ignore actionNeverEnabled: who enters twice waits for itself
 * yield 'again';
 * ```
 */
export function isIgnored({ kind, span }: Pick<Warning, 'kind' | 'span'>, files: readonly SourceFile[]): boolean {
  const text = files[span.file]?.text;
  if (text === undefined) return false;
  return remarksAt(text, span.start).some((line) => {
    const [, kinds = ''] = /fairlead-ignore\b([\w\s,]*)/.exec(line) ?? [];
    if (!line.includes('fairlead-ignore')) return false;
    const named = kinds.split(/[\s,]+/).filter((word) => /^[a-z]+[A-Z]/.test(word));
    return named.length === 0 || named.includes(kind);
  });
}

/** The line of a place, from its comment on, and the comment lines right above it. */
function remarksAt(text: string, offset: number): readonly string[] {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, end < 0 ? undefined : end);
  const above: string[] = [];
  for (const one of text.slice(0, start).split('\n').slice(0, -1).reverse()) {
    if (!/^\s*(\/\/|\/\*|\*)/.test(one)) break;
    above.push(one);
  }
  const comment = line.search(/\/\/|\/\*/);
  return comment < 0 ? above : [line.slice(comment), ...above];
}
