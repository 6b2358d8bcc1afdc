import { chmodSync, readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { bundledPackages } from './.ci/notices.js';
import { typescriptModule, typescriptSource } from './.ci/typescript.js';

const { dependencies, peerDependencies } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const external = Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(/|$)`));

/** What the builds took code from. */
export const packages = bundledPackages();

/**
 * What other programs import: one entry for each path of the `exports` map, sharing chunks, so that a program that uses
 * several of them gets one instance of the language. Dependencies stay outside.
 */
const library = (dir) => ({
  input: {
    index: 'dsl/index.ts',
    sync: 'dsl/sync/index.ts',
    compiler: 'dsl/compiler/index.ts',
    ir: 'dsl/ir/index.ts',
    checker: 'checker/index.ts',
    vitest: 'checker/vitest/index.ts',
  },
  external,
  platform: 'node',
  output: {
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    cleanDir: false,
  },
});

/**
 * The command: a small file for the process and one for its threads, which load the rest. That is CommonJS because only
 * that can be loaded together with the code that V8 made of it before (checker/cli/code-cache.ts). It has its
 * dependencies inside, but for TypeScript; a spec that it evaluates gets the language and zod from in there.
 */
const command = (dir) => [
  ...Object.entries({ cli: 'checker/cli/launch.ts', thread: 'checker/cli/thread.ts' }).map(([name, input]) => ({
    input: { [name]: input },
    platform: 'node',
    output: {
      dir,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      cleanDir: false,
    },
    plugins: [
      {
        name: 'executable',
        writeBundle() {
          chmodSync(`${dir}/${name}.cjs`, 0o755);
        },
      },
    ],
  })),
  {
    input: { main: 'checker/cli/main.ts' },
    external: [/^ts-morph$/],
    platform: 'node',
    output: {
      dir: `${dir}/command`,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      // What loads TypeScript is not called like TypeScript itself, which stands beside it.
      chunkFileNames: ({ name }) => (name === 'typescript' ? 'typescript-copy.cjs' : '[name].cjs'),
      cleanDir: false,
    },
    plugins: [
      asFunctions,
      // For commands that are programs of their own, which commander would start, and Fairlead has none of.
      without('node:child_process'),
    ],
  },
];

/** A module that is there but cannot be used, because loading it would take long and nobody here uses it. */
function without(name) {
  return {
    name: `without ${name}`,
    resolveId: (specifier) => (specifier === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? 'module.exports = {};' : null),
  };
}

/**
 * Files as checker/cli/code-cache.ts loads them: each the function that Node.js would make of a module, so that no text
 * is copied, and in plain ASCII, which V8 reads twice as fast as anything else and keeps in half the memory.
 */
const asFunctions = {
  name: 'as functions',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      chunk.code = chunk.code.replace(
        /[^\0-\x7f]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      chunk.code = `(function (exports, require, module, __filename, __dirname) {${chunk.code}\n})`;
    }
  },
};

/** The part of the TypeScript compiler that the command uses: see .ci/typescript.js. */
const typescript = (dir) => ({
  input: { typescript: TYPESCRIPT },
  platform: 'node',
  output: { dir: `${dir}/command`, format: 'cjs', entryFileNames: '[name].cjs', minify: true, cleanDir: false },
  plugins: [
    {
      name: 'typescript',
      resolveId: (specifier) => (specifier === TYPESCRIPT ? TYPESCRIPT : null),
      load(id) {
        if (id !== TYPESCRIPT) return null;
        for (const path of [typescriptSource(), 'node_modules/typescript/lib/typescript.js']) packages.add(path);
        return typescriptModule();
      },
    },
    asFunctions,
  ],
});

const TYPESCRIPT = '\0typescript';

/**
 * The script of the pages, with the interpreter and the libraries that only pages need, and their style. The command
 * puts both into every page: no page loads anything.
 */
const page = (dir) => ({
  input: { script: 'checker/explorer/view/main.tsx' },
  platform: 'browser',
  output: {
    dir: `${dir}/page`,
    format: 'iife',
    entryFileNames: '[name].js',
    minify: true,
    cleanDir: false,
    banner: `/*!\n${['preact', '@dagrejs/dagre', 'uplot'].map(noticeOf).join('\n\n')}\n*/`,
  },
  plugins: [
    {
      name: 'style',
      generateBundle() {
        const source = ['node_modules/uplot/dist/uPlot.min.css', ...STYLES]
          .map((path) => readFileSync(path, 'utf8'))
          .join('\n');
        this.emitFile({ type: 'asset', fileName: 'style.css', source });
      },
    },
  ],
});

/** The search field of the pages of `fairlead docs`, which the command writes beside them. */
const search = (dir) => ({
  input: { search: 'dsl/docgen/view/search.ts' },
  platform: 'browser',
  output: { dir: `${dir}/page`, format: 'iife', entryFileNames: '[name].js', minify: true, cleanDir: false },
});

/** The last one changes what the others say, where there is little room. */
const STYLES = ['base', 'tables', 'player', 'state', 'drawing', 'narrow'].map(
  (name) => `checker/explorer/view/style/${name}.css`,
);

/** What its license asks whoever ships a copy of a package to say. */
function noticeOf(name) {
  return `${name}\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}`;
}

export const builds = (dir) =>
  [library(dir), ...command(dir), typescript(dir), page(dir), search(dir)].map((build) => ({
    ...build,
    plugins: [...(build.plugins ?? []), packages.plugin],
    // How long a plugin takes is not worth a word.
    checks: { bundlerTimings: false },
  }));

export default defineConfig(builds('dist'));
