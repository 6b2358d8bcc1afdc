import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageProblem } from './problem.ts';

const NAMES = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `fairlead.config.${extension}`);

/**
 * The file that says what the options of a project are: of the nearest folder, from one upward, that has a
 * `fairlead.config.*` or a `package.json` with a field `fairlead`. Undefined where none has.
 *
 * @throws UsageProblem where a folder has several.
 */
export function findConfigFile(folder: string): string | undefined {
  const own = NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  const manifest = join(folder, 'package.json');
  const found = mentionsUs(manifest) ? [...own, manifest] : own;
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    throw new UsageProblem(`there are two configurations: ${first} and ${second}`, 'Keep one of them.');
  }
  if (first !== undefined) return first;
  const parent = dirname(folder);
  // Above the repository other projects begin.
  return parent === folder || existsSync(join(folder, '.git')) ? undefined : findConfigFile(parent);
}

/** Whether a manifest has the field; one that cannot be read is the business of npm. */
function mentionsUs(manifest: string): boolean {
  try {
    const text = readFileSync(manifest, 'utf8');
    return text.includes('"fairlead"') && (JSON.parse(text) as { readonly fairlead?: unknown }).fairlead !== undefined;
  } catch {
    return false;
  }
}
