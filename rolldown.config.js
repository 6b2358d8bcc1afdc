import { chmodSync, readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const { dependencies } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/**
 * One entry for each path of the `exports` map and one for the command, sharing chunks: a spec that the command
 * evaluates must get the very instance of the language that the compiler reads. Dependencies stay outside for the same
 * reason: the author's `import * as z from 'zod'` and ours are one module.
 */
export default defineConfig({
  input: {
    cli: 'checker/cli/main.ts',
    index: 'dsl/index.ts',
    sync: 'dsl/sync/index.ts',
    compiler: 'dsl/compiler/index.ts',
    ir: 'dsl/ir/index.ts',
    checker: 'checker/index.ts',
  },
  external,
  platform: 'node',
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    sourcemap: true,
    cleanDir: false,
  },
  plugins: [
    {
      name: 'executable',
      writeBundle({ dir }) {
        chmodSync(`${dir}/cli.js`, 0o755);
      },
    },
  ],
});
