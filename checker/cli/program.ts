import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import type { Host } from './host.ts';
import { codeLoader } from './code-cache.ts';
import type * as Main from './main.ts';

/** The program behind the small files that Node.js loads by itself: it comes with its compiled code. */
interface Program {
  readonly main: typeof Main;
  readonly args: readonly string[];
  /** See {@link Host}. */
  readonly cache: Host['cache'];
  /** Keeps what was compiled in this run. Call it at the end. */
  readonly save: () => void;
}

/**
 * @param entry - the file that loads it, beside which it stands.
 * @param purposeOf - what it is loaded for, as a word: each use compiles other functions.
 * @param args - default: those of the process.
 */
export function loadProgram(
  entry: URL,
  purposeOf: (args: readonly string[]) => string,
  args: readonly string[] = process.argv.slice(2),
): Program {
  const program = join(dirname(fileURLToPath(entry)), 'command') + sep;
  const folder = cacheFolder(args, process.env);
  const build = folder === undefined ? undefined : readFileSync(join(program, 'build-id'), 'utf8');
  const loader = codeLoader(
    folder && join(folder, 'code'),
    `${purposeOf(args)}-${build}-${process.versions.v8}-${process.arch}`,
    (path) => path.startsWith(program),
  );
  return {
    main: loader.load(join(program, 'main.cjs')) as typeof Main,
    args,
    cache: build === undefined ? undefined : { folder: folder!, build },
    save: () => loader.save(),
  };
}
