// The licenses of what is bundled: which packages those are is what the bundler says that it took code from, so that the
// list cannot be out of date.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Notes the packages that code of some builds comes from. */
export function bundledPackages() {
  /** Their folders, from the root. */
  const folders = new Map();

  /** Also for what is copied without being a module. @param path - of a file; those of no package are passed over. */
  function add(path) {
    const folder = packageOf(path);
    if (folder === undefined) return;
    folders.set(folder, true);
    // It may itself be bundled.
    for (const source of existsSync(`${path}.map`) ? sourcesOf(`${path}.map`) : []) {
      const inside = packageOf(source);
      if (inside !== undefined) folders.set(inside, true);
    }
  }

  return {
    add,
    /** For each build whose output is shipped. */
    plugin: {
      name: 'bundled packages',
      generateBundle(_, bundle) {
        for (const { modules = {} } of Object.values(bundle)) {
          for (const [id, { renderedLength }] of Object.entries(modules)) if (0 < renderedLength) add(id);
        }
      },
    },
    /**
     * Every package with its version and what its license asks to be shipped with a copy.
     *
     * @throws Error when a package comes without a license.
     */
    notices() {
      const inOrder = Array.from(folders.keys(), String).sort();
      return `${[HEAD, ...inOrder.map(noticeOf)].join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
    },
  };
}

/** The folder that a file is in, from the root; undefined where it belongs to no package. */
function packageOf(path) {
  return /\bnode_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path.replaceAll('\\', '/'))?.[0];
}

function sourcesOf(map) {
  return JSON.parse(readFileSync(map, 'utf8')).sources;
}

const HEAD = 'The files in this folder contain code of these packages, under these licenses.';

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying|thirdpartynotice)/i.test(file));
  if (!files.some((file) => /^(licen[cs]e|copying)/i.test(file))) throw new Error(`${folder} has no license`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}
