import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of Fairlead itself, from where its typings and the sources of `fairlead/sync` are read: the nearest folder
 * above this file whose `package.json` is Fairlead's. The same whether this runs from source or from the bundle.
 *
 * @throws Error when there is none, as when the package has been taken apart.
 */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'fairlead') {
      return folder;
    }
    if (folder === dirname(folder)) throw new Error('the package fairlead is incomplete: its package.json is missing');
  }
}
