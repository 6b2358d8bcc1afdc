// Builds dist/, or the folder that is named, without a word when all is well. Also npm's `prepare`, which runs after
// `npm ci` in a clone and before packing: where the development tools are not installed (`npm ci --omit=dev`) there is
// nothing to build with, and that is no reason to fail the install.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (existsSync('node_modules/rolldown') || process.env.npm_lifecycle_event !== 'prepare') {
  const { build } = await import('rolldown');
  const { builds } = await import('../rolldown.config.js');
  const [dir = 'dist'] = process.argv.slice(2);
  for (const config of builds(dir)) await build({ ...config, logLevel: 'warn' });
  const { typings } = await import('./typings.js');
  mkdirSync(`${dir}/command`, { recursive: true });
  for (const [name, text] of Object.entries(typings())) writeFileSync(`${dir}/command/${name}`, text);
  // What the command keeps between runs is good for these very files only.
  const hash = createHash('sha256');
  for (const name of readdirSync(`${dir}/command`).sort()) {
    if (/\.(cjs|ts)$/.test(name)) hash.update(name).update(readFileSync(`${dir}/command/${name}`));
  }
  writeFileSync(`${dir}/command/build-id`, hash.digest('hex').slice(0, 16));
}
