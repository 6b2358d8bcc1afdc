import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { readCached, writeCached } from './cache-file.ts';

/**
 * Loads CommonJS modules with the machine code's raw material from an earlier run, so that starting costs no parsing.
 *
 * V8 can write down what it compiled of a script, lazily compiled functions included; reading that back is several times
 * faster than compiling the script again. Node.js does this by itself only for its own modules (in version 20).
 * Everything is best effort: without a folder, or when something there is missing, damaged or of another V8, the module
 * is compiled as usual.
 */
interface CodeLoader {
  /** The exports of a file of ours: a CommonJS module, but as the function that Node.js would make of it. */
  readonly load: (path: string) => unknown;
  /** Writes down what was compiled in this run and is not there yet. Call it at the end, when all is compiled. */
  readonly save: () => void;
}

interface LoadedModule {
  exports: unknown;
}

/**
 * @param folder - where code is kept; undefined: nowhere.
 * @param purpose - part of the names there. It must tell apart versions of the program and of V8, and it should tell
 * apart uses of the program, since each compiles other functions.
 * @param isOurs - whether a file is one of those that the build writes for this; all others are left to Node.js.
 */
export function codeLoader(folder: string | undefined, purpose: string, isOurs: (path: string) => boolean): CodeLoader {
  const modules = new Map<string, LoadedModule>();
  const fresh: { readonly script: Script; readonly path: string }[] = [];

  function load(path: string): unknown {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module: LoadedModule = { exports: {} };
    modules.set(path, module);
    const source = readFileSync(path, 'latin1'); // The build writes plain ASCII.
    const target = folder === undefined ? undefined : join(folder, `${basename(path)}-${purpose}.code`);
    const cachedData = target === undefined ? undefined : readCached(target);
    const script = new Script(source, {
      filename: path,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (target !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) {
      fresh.push({ script, path: target });
    }
    const run = script.runInThisContext() as (...parts: readonly unknown[]) => void;
    run(module.exports, requireFrom(path), module, path, dirname(path));
    return module.exports;
  }

  /** `require` as a module at `from` sees it. */
  function requireFrom(from: string): NodeJS.Require {
    const node = nodeModule.createRequire(from);
    const requireHere = (specifier: string): unknown => {
      if (specifier === 'node:module') return Object.create(nodeModule, { createRequire: { value: requireFromAny } });
      if (nodeModule.isBuiltin(specifier)) return node(specifier);
      const path = specifier.startsWith('.') ? resolve(dirname(from), specifier) : node.resolve(specifier);
      return isOurs(path) ? load(path) : node(specifier);
    };
    return Object.assign(requireHere, node);
  }
  const requireFromAny = (from: string | URL): NodeJS.Require =>
    requireFrom(typeof from === 'string' && !from.startsWith('file:') ? from : fileURLToPath(from));

  function save(): void {
    if (fresh.length > 0) writeCached(fresh.map(({ script, path }) => ({ path, content: script.createCachedData() })));
  }

  return { load, save };
}
