// Runs as npm's `prepare`: after `npm ci` in a clone, and before packing. Where the development tools are not installed
// (`npm ci --omit=dev`) there is nothing to build with, which is no reason to fail the install.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const rolldown = fileURLToPath(new URL('../node_modules/rolldown/bin/cli.mjs', import.meta.url));
if (existsSync(rolldown)) {
  const { status } = spawnSync(process.execPath, [rolldown, '-c', 'rolldown.config.js', '--silent'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
