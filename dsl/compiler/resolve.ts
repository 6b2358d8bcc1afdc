import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { ts as TS } from 'ts-morph';
import { type Files, textOf } from './files.ts';
import { packageRoot } from './package-root.ts';
import { ts } from './typescript.ts';

/** Where Fairlead's own part is that is written in the language itself. */
export const SYNC = join(packageRoot(), 'dsl', 'sync');

/** What an import may name besides a TypeScript file, and where TypeScript looks first. */
const INSTEAD: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' };

/** Finds the files that imports name, and remembers what the answers depend on. */
export class Resolver {
  /** Where a file was looked for that was not there. */
  readonly absent = new Set<string>();
  /** Files that say where others are: configurations of TypeScript, and those of packages. By absolute path. */
  readonly read = new Map<string, string>();
  readonly #options = new Map<string, TS.CompilerOptions>();
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * The file that an import names; null when it should be a file and is not there; undefined when it is a package whose
   * source is none of the author's. A package of the same workspace is: it is linked, and lies outside of `node_modules`.
   * Inside Fairlead's own `sync` everything but its own files is the language.
   */
  fileOf(from: string, specifier: string): string | null | undefined {
    if (specifier === 'fairlead/sync') {
      const own = join(SYNC, 'index.ts');
      return existsSync(own) ? own : undefined;
    }
    if (!specifier.startsWith('.') && !specifier.startsWith('/')) return this.#linked(from, specifier);
    const target = resolve(dirname(from), specifier);
    const ending = /\.[cm]?js$/.exec(target)?.[0];
    const candidates = [
      ...(ending === undefined ? [] : [target.slice(0, -ending.length) + INSTEAD[ending]!]),
      ...(/\.([cm]?[jt]s|json)$/.test(target) ? [target] : []),
      ...['.ts', '.mts', '.js', '.mjs'].map((suffix) => target + suffix),
      join(target, 'index.ts'),
      join(target, 'index.js'),
    ];
    const found = candidates.find((path) => this.#isThere(path));
    if (isInside(SYNC, from) && found !== undefined && !isInside(SYNC, found)) return undefined;
    return found ?? null;
  }

  #isThere(path: string): boolean {
    if (this.#files.isFile(path)) return true;
    this.absent.add(path);
    return false;
  }

  /** The source of what is not named by a path: by `paths` of a tsconfig, or of a package of the workspace. */
  #linked(from: string, specifier: string): string | undefined {
    if (isOfFairlead(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier))
      return undefined;
    if (isInside(SYNC, from)) return undefined;
    const host: TS.ModuleResolutionHost = {
      fileExists: (path) => this.#isThere(path),
      readFile: (path) => this.#textOf(path),
      directoryExists: this.#files.isFolder,
      realpath: this.#files.realPath,
    };
    const found = ts.resolveModuleName(specifier, from, this.#optionsFor(dirname(from)), host).resolvedModule;
    const path = found?.resolvedFileName;
    if (path === undefined || /\.d\.[cm]?ts$/.test(path) || path.split(sep).includes('node_modules')) return undefined;
    return path;
  }

  #textOf(path: string): string | undefined {
    const text = textOf(this.#files, path);
    if (text === undefined) this.absent.add(path);
    else this.read.set(path, text);
    return text;
  }

  /** `paths` and `baseUrl` of the nearest tsconfig, for files in a folder. */
  #optionsFor(folder: string): TS.CompilerOptions {
    const known = this.#options.get(folder);
    if (known !== undefined) return known;
    const path = join(folder, 'tsconfig.json');
    const parent = dirname(folder);
    const options = this.#isThere(path)
      ? { ...RESOLUTION, ...this.#pathsOf(path, new Set()) }
      : parent === folder
        ? RESOLUTION
        : this.#optionsFor(parent);
    this.#options.set(folder, options);
    return options;
  }

  #pathsOf(path: string, above: ReadonlySet<string>): TS.CompilerOptions {
    const text = above.has(path) ? undefined : this.#textOf(path);
    if (text === undefined) return {};
    const { config } = ts.parseConfigFileTextToJson(path, text) as { config?: Configuration };
    const { paths, baseUrl } = config?.compilerOptions ?? {};
    const folder = dirname(path);
    const inherited = [config?.extends ?? []]
      .flat()
      .map((name) => this.#pathsOf(this.#configurationOf(name, folder), new Set([...above, path])));
    return {
      ...Object.assign({}, ...inherited),
      ...(baseUrl !== undefined && { baseUrl: resolve(folder, baseUrl) }),
      ...(paths !== undefined && { paths, pathsBasePath: folder }),
    };
  }

  /** The file that `extends` names: a path, or something of a package. */
  #configurationOf(name: string, folder: string): string {
    const withEnding = name.endsWith('.json') ? name : `${name}.json`;
    if (name.startsWith('.') || name.startsWith('/')) return resolve(folder, withEnding);
    for (let at = folder; ; at = dirname(at)) {
      const base = join(at, 'node_modules', name);
      const found = [base, `${base}.json`, join(base, 'tsconfig.json')].find((path) => this.#isThere(path));
      if (found !== undefined || at === dirname(at)) return found ?? resolve(folder, withEnding);
    }
  }
}

/** What is looked at of a tsconfig. */
interface Configuration {
  readonly extends?: string | readonly string[];
  readonly compilerOptions?: Pick<TS.CompilerOptions, 'paths' | 'baseUrl'>;
}

const RESOLUTION: TS.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowJs: true,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

function isOfFairlead(specifier: string): boolean {
  return /^(fairlead|zod)(\/|$)/.test(specifier);
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder + sep);
}
