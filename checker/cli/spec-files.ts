import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { suggest } from '../../dsl/diagnostics/suggest.ts';
import { didYouMean, UsageProblem } from './problem.ts';

/** A file that may hold a spec. */
export interface SpecFile {
  /** As the user would write it. */
  readonly path: string;
  /** Named on the command line, rather than found in a folder. */
  readonly explicit: boolean;
}

export const DEFAULT_FOLDER = 'specs';

const SPEC_FILE = /\.m?ts$/;
const NEVER_A_SPEC = /\.(d|test|spec)\.m?ts$/;
const IR_FILE = /\.json$/;
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist']);

/**
 * The files that the given paths stand for, each once: files as they are, folders searched to the bottom in the order
 * of their names, without `node_modules`, `dist`, dot folders, declaration files and tests. No path: `specs/`.
 *
 * @throws UsageProblem when a path is missing, is a file that can be no spec, or nothing is found at all.
 */
export function findSpecFiles(paths: readonly string[]): readonly SpecFile[] {
  const found = new Map<string, SpecFile>(); // by real path
  for (const path of paths.length === 0 ? [DEFAULT_FOLDER] : paths) {
    for (const file of filesAt(path, paths.length === 0)) {
      const real = realpathSync(file.path);
      if (!found.has(real) || file.explicit) found.set(real, file);
    }
  }
  if (found.size === 0)
    throw new UsageProblem(`there is no spec in ${(paths.length === 0 ? [DEFAULT_FOLDER] : paths).join(', ')}`);
  return [...found.values()];
}

function filesAt(path: string, isDefault: boolean): SpecFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw missing(path, isDefault);
  if (stat.isDirectory()) return filesIn(path.replace(/(?<=.)\/+$/, ''));
  if (SPEC_FILE.test(path) || IR_FILE.test(path)) return [{ path, explicit: true }];
  throw new UsageProblem(`${path} is no spec`, 'A spec is a TypeScript file (.ts), or a system compiled to .ir.json.');
}

function filesIn(folder: string): SpecFile[] {
  const entries = readFolder(folder).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry): SpecFile[] => {
    const path = folder === '.' ? entry.name : join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name) ? [] : filesIn(path);
    }
    const isSpec = SPEC_FILE.test(entry.name) && !NEVER_A_SPEC.test(entry.name) && !entry.name.startsWith('.');
    return isSpec ? [{ path, explicit: false }] : [];
  });
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageProblem(`the folder ${folder} cannot be read: ${(error as Error).message}`);
  }
}

function missing(path: string, isDefault: boolean): UsageProblem {
  if (isDefault) {
    return new UsageProblem(
      `there is no folder ${DEFAULT_FOLDER}/ here`,
      'Name the files or folders to check: fairlead check path/to/spec.ts',
    );
  }
  const folder = dirname(path);
  const neighbors = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  const nearest = suggest(basename(path), neighbors);
  return new UsageProblem(`there is no file or folder ${path}${didYouMean(nearest && join(folder, nearest))}`);
}
