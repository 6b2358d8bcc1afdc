import type { SourceFile, Span } from '../diagnostics/span.ts';

/** The file of `fairlead/sync` that a place is in, by its name, as in `mutex`; undefined outside of them. */
export function primitiveAt(files: readonly SourceFile[], { file }: Pick<Span, 'file'>): string | undefined {
  return /^fairlead\/sync\/(\w+)\.ts$/.exec(files[file]?.path ?? '')?.[1];
}
