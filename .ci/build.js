// Builds dist/, or the folder that is named, without a word when all is well; what was built of the same sources is left
// as it is. Also npm's `prepublish`, which in spite of its name runs where this repository is installed, and `prepack`;
// not `prepare`, which npm would have to be allowed to run where a tarball is installed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [dir = 'dist'] = process.argv.slice(2);
const command = `${dir}/command`;
/** Says what was built of which sources. */
const builtFrom = `.fairlead/built-from/${dir.replaceAll('/', '-')}`;
const sources = digestOf([
  ...['dsl', 'checker', '.ci'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath ?? entry.path, entry.name)] : [],
    ),
  ),
  ...['package.json', 'package-lock.json', 'rolldown.config.js', 'tsconfig.json'],
]);

if (textAt(builtFrom) !== `${sources} ${outputs()}`) {
  const { build } = await import('rolldown');
  const { builds, packages } = await import('../rolldown.config.js');
  for (const config of builds(dir)) await build({ ...config, logLevel: 'warn' });
  writeFileSync(`${dir}/THIRD-PARTY-NOTICES.txt`, packages.notices());
  const { typings } = await import('./typings.js');
  mkdirSync(command, { recursive: true });
  for (const [name, text] of Object.entries(typings())) writeFileSync(`${command}/${name}`, text);
  // What the command keeps between runs is good for these very files only.
  const files = readdirSync(command).filter((name) => /\.(cjs|ts)$/.test(name));
  writeFileSync(`${command}/build-id`, digestOf(files.map((name) => `${command}/${name}`)).slice(0, 16));
  mkdirSync(dirname(builtFrom), { recursive: true });
  writeFileSync(builtFrom, `${sources} ${outputs()}`);
}

/** Of all files that were built, so that what is missing, damaged or left over is built again. */
function outputs() {
  if (!existsSync(command)) return '';
  const names = [dir, `${dir}/chunks`, command]
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : []))
    .filter((path) => /\.(cjs|js|ts|txt)$/.test(path));
  return digestOf(names);
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort((one, other) => (one < other ? -1 : 1)))
    hash.update(path).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

function textAt(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
