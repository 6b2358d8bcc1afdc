import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm publish` would pack of the sources, by its path in the package; without what a build puts into `dist/`. */
export function packedSources(): readonly string[] {
  const { stdout } = npm(root, 'pack', '--dry-run', '--json', '--ignore-scripts');
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
}

/**
 * Packs the package as `npm publish` would, with a build that is given in place of `dist/`, which may be in use.
 *
 * @param build - the folder of the build; `types`, that of the typings.
 * @returns the tarball.
 */
export function packedTarball(build: string, types: string): string {
  const staged = realpathSync(mkdtempSync(join(tmpdir(), 'fairlead-packed-')));
  for (const path of packedSources()) {
    mkdirSync(dirname(join(staged, path)), { recursive: true });
    cpSync(join(root, path), join(staged, path));
  }
  cpSync(build, join(staged, 'dist'), { recursive: true });
  cpSync(types, join(staged, 'dist/types'), { recursive: true });
  const { stderr } = npm(staged, 'pack', '--ignore-scripts', '--silent');
  const tarball = readdirSync(staged).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`nothing was packed: ${stderr}`);
  return join(staged, tarball);
}

/** Runs npm in a folder. */
export function npm(folder: string, ...args: readonly string[]) {
  return spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
}
