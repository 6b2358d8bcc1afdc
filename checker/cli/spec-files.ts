import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
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
const NEVER_A_SPEC = /\.(d|test)\.m?ts$/;
/** What test runners call their tests, and others may call what they specify. */
const SPEC_OR_TEST = /\.spec\.m?ts$/;
const IR_FILE = /\.json$/;
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist']);

/**
 * The files that the given paths stand for, each once: files as they are, folders searched to the bottom in the order
 * of their names, without `node_modules`, `dist`, dot folders, declaration files and tests. No path: `specs/`. What is
 * called `*.spec.ts` is a spec when it imports from `fairlead`, and nothing that runs tests.
 *
 * @param onLeftOut - told of the files called `*.spec.ts` that are neither.
 * @throws UsageProblem when a path is missing, is a file that can be no spec, or nothing is found at all.
 */
export function findSpecFiles(
  paths: readonly string[],
  onLeftOut: (paths: readonly string[]) => void = () => {},
): readonly SpecFile[] {
  const found = new Map<string, SpecFile>(); // by real path
  const leftOut: string[] = [];
  for (const path of paths.length === 0 ? [DEFAULT_FOLDER] : paths) {
    for (const file of filesAt(path, paths.length === 0)) {
      const kind = file.explicit ? 'spec' : kindOf(file.path);
      if (kind === 'unknown') leftOut.push(file.path);
      if (kind !== 'spec') continue;
      const real = realpathSync(file.path);
      if (!found.has(real) || file.explicit) found.set(real, file);
    }
  }
  if (leftOut.length > 0) onLeftOut(leftOut);
  if (found.size === 0)
    throw new UsageProblem(`there is no spec in ${(paths.length === 0 ? [DEFAULT_FOLDER] : paths).join(', ')}`);
  return [...found.values()];
}

/** One line about what was left out. */
export function wordLeftOut(paths: readonly string[]): string {
  const [listed, more] = [paths.slice(0, 3).join(', '), paths.length > 3 ? `, and ${paths.length - 3} more` : ''];
  const why =
    paths.length === 1
      ? 'is left out: it is called as tests are, and does not import'
      : 'are left out: they are called as tests are, and do not import';
  return `note: ${listed}${more} ${why} from "fairlead"; name a file to have it checked`;
}

/** What a file is that was found in a folder. */
function kindOf(path: string): 'spec' | 'test' | 'unknown' {
  if (!SPEC_OR_TEST.test(path)) return 'spec';
  const text = readText(path);
  if (IMPORTS_RUNNER.test(text)) return 'test';
  if (IMPORTS_US.test(text)) return 'spec';
  return CALLS_RUNNER.test(text) ? 'test' : 'unknown';
}

const IMPORTS_US = /\bfrom\s*['"]fairlead(\/sync)?['"]/;
const IMPORTS_RUNNER =
  /(\bfrom|\bimport|\brequire\()\s*['"](fairlead\/vitest|vitest|@jest\/globals|node:test|bun:test|mocha|@playwright\/test|ava|tap|uvu)['"]/;
/** Runners whose words are there without an import. */
const CALLS_RUNNER = /^\s*(describe|it|test|suite)(\.\w+)*\(/m;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // whoever reads it next says why it cannot be read
  }
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
      'Name the files or folders to check: fairlead check path/to/spec.ts\nOr begin with a first spec: fairlead init',
    );
  }
  const folder = dirname(path);
  const neighbors = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  const nearest = suggest(basename(path), neighbors);
  return new UsageProblem(`there is no file or folder ${path}${didYouMean(nearest && join(folder, nearest))}`);
}
