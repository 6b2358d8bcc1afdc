import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What takes long: tests that start processes, browsers and other checkers, that check all specs, or that need their many
 * random inputs. `npm run test:quick` does without.
 */
const SLOW = [
  'test/{agreement,beyond-one-machine,docs,package,projects,specs}.test.ts',
  'test/checker/{cli,explorer}/**',
  'test/checker/counterexample/{decisions,falsity,quiet,ways-to-hang}.test.ts',
  'test/checker/document/{agreement,variant-differences}.test.ts',
  'test/checker/engine/{agreement,independence}.test.ts',
  'test/checker/engine/wasm/flat-program.test.ts',
  'test/checker/report/itf.test.ts',
  'test/checker/reduction/{automorphisms,ordered-check,stubborn-sets}.test.ts',
  'test/checker/search/{kernel,kernel-agreement,symmetry}.test.ts',
  'test/checker/simulation/simulate.test.ts',
  'test/dsl/compiler/{agreement,gaps,mended,overlay,pages,too-large,typecheck}.test.ts',
  'test/dsl/export/*.test.ts',
  'test/dsl/language/random-specs.test.ts',
  'test/pages/**',
];

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^fairlead$/, replacement: source('./dsl/index.ts') },
      { find: /^fairlead\/(sync|compiler|ir)$/, replacement: source('./dsl/$1/index.ts') },
      { find: /^fairlead\/checker$/, replacement: source('./checker/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: mode === 'quick' ? SLOW : [],
    env: mode === 'quick' ? { FAIRLEAD_TESTS: 'quick' } : {},
    // Files share a process for each core: the compiler, which takes a second to load, is loaded once in each.
    isolate: false,
    maxWorkers: '100%',
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}));
