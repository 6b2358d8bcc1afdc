import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fairlead$/, replacement: source('./dsl/index.ts') },
      { find: /^fairlead\/(sync|compiler|ir)$/, replacement: source('./dsl/$1/index.ts') },
      { find: /^fairlead\/checker$/, replacement: source('./checker/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Files share a process for each core: the compiler, which takes a second to load, is loaded once in each.
    isolate: false,
    maxWorkers: '100%',
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
