import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ts as TypeScript } from 'ts-morph';

/**
 * The TypeScript compiler that ts-morph carries.
 *
 * Loaded with `require`: importing it as an ECMAScript module runs an export lexer over nine megabytes, which costs more
 * than everything else the compiler does to a small spec. And loaded without the rest of ts-morph, which would cost
 * another tenth of a second and is not used. The command has a smaller copy of it beside its own code.
 */
const requireHere = createRequire(import.meta.url);
const copy = join(dirname(fileURLToPath(import.meta.url)), 'typescript.cjs');
export const ts = (existsSync(copy) ? requireHere(copy) : wholeTypeScript()) as typeof TypeScript;

/** The part of ts-morph that the compiler and its library are in. */
function common(): string {
  return createRequire(requireHere.resolve('ts-morph')).resolve('@ts-morph/common');
}

/** TypeScript with all that ts-morph's copy has, its emitter too; nodes of one copy are not for the other. */
export function wholeTypeScript(): typeof TypeScript {
  return requireHere(join(dirname(common()), 'typescript.js')) as typeof TypeScript;
}

/** TypeScript's own library files, by name (`lib.es2023.d.ts`); ts-morph carries them as text. */
export function libraryFiles(): ReadonlyMap<string, string> {
  if (library === undefined) {
    const { getLibFiles } = requireHere(common()) as {
      getLibFiles(this: void): readonly { readonly fileName: string; readonly text: string }[];
    };
    library = new Map(getLibFiles().map((file) => [file.fileName, file.text]));
  }
  return library;
}

let library: ReadonlyMap<string, string> | undefined;
