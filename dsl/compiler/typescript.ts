import { createRequire } from 'node:module';
import type { ts as TypeScript } from 'ts-morph';

/**
 * The TypeScript compiler that ts-morph carries.
 *
 * Loaded with `require`: importing it as an ECMAScript module runs an export lexer over nine megabytes, which costs more
 * than everything else the compiler does to a small spec.
 */
const requireHere = createRequire(import.meta.url);
export const ts = (requireHere('ts-morph') as { ts: typeof TypeScript }).ts;

/** TypeScript's own library files, by name (`lib.es2023.d.ts`); ts-morph carries them as text. */
export function libraryFiles(): ReadonlyMap<string, string> {
  if (library === undefined) {
    const requireFromTsMorph = createRequire(requireHere.resolve('ts-morph'));
    const common = requireFromTsMorph('@ts-morph/common') as {
      getLibFiles(): readonly { readonly fileName: string; readonly text: string }[];
    };
    library = new Map(common.getLibFiles().map((file) => [file.fileName, file.text]));
  }
  return library;
}

let library: ReadonlyMap<string, string> | undefined;
