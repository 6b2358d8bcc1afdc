// Builds dist/, or the folder that is named, without a word when all is well. Also npm's `prepare`, which runs after
// `npm ci` in a clone and before packing: where the development tools are not installed (`npm ci --omit=dev`) there is
// nothing to build with, and that is no reason to fail the install.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (existsSync('node_modules/rolldown') || process.env.npm_lifecycle_event !== 'prepare') {
  const { build } = await import('rolldown');
  const { default: config } = await import('../rolldown.config.js');
  const [dir = config.output.dir] = process.argv.slice(2);
  await build({ ...config, logLevel: 'warn', output: Object.assign({}, config.output, { dir }) });
}
