import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Which rooms a room may import from, beside itself. A room is a folder; files directly in `dsl/` and `checker/` are
 * rooms of their own.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'dsl/index.ts': ['dsl/language'],
  'dsl/language': [],
  'dsl/sync': ['dsl/language'],
  'dsl/diagnostics': [],
  'dsl/ir': ['dsl/diagnostics'],
  'dsl/compiler': ['dsl/index.ts', 'dsl/language', 'dsl/sync', 'dsl/diagnostics', 'dsl/ir'],
  'dsl/diagram': ['dsl/diagnostics'],
  'dsl/export': ['dsl/diagnostics', 'dsl/ir', 'dsl/diagram'],
  'dsl/docgen': ['dsl/diagnostics', 'dsl/ir', 'dsl/diagram'],
  'checker/index.ts': [
    'checker/check.ts',
    'checker/simulate.ts',
    'checker/options.ts',
    'checker/search',
    'checker/simulation',
    'checker/verdict',
  ],
  'checker/clock.ts': [],
  'checker/options.ts': ['checker/search'],
  'checker/check.ts': ['IR', 'checker/clock.ts', 'checker/options.ts', 'checker/verdict'],
  'checker/simulate.ts': ['IR', 'checker/clock.ts', 'checker/options.ts', 'checker/simulation', 'checker/verdict'],
  'checker/simulation': ['IR', 'checker/counterexample'],
  'checker/plan': ['IR'],
  'checker/engine': ['IR', 'checker/plan'],
  'checker/search': ['checker/clock.ts', 'checker/engine'],
  'checker/liveness': ['IR', 'checker/plan', 'checker/engine', 'checker/search'],
  'checker/locks': ['IR', 'checker/plan', 'checker/engine', 'checker/search'],
  'checker/counterexample': [
    'IR',
    'checker/plan',
    'checker/engine',
    'checker/search',
    'checker/liveness',
    'checker/locks',
  ],
  'checker/verdict': ['IR', 'checker/options.ts', 'checker/counterexample'],
  'checker/report': ['IR', 'checker/verdict', 'checker/counterexample'],
  'checker/explorer': ['IR', 'dsl/diagram', 'checker/verdict', 'checker/counterexample', 'checker/report'],
  'checker/document': ['IR', 'dsl/diagram', 'dsl/docgen', 'dsl/export', 'checker/report'],
  'checker/cli': [
    'IR',
    'dsl/compiler',
    'dsl/diagram',
    'dsl/export',
    'dsl/docgen',
    'checker/check.ts',
    'checker/clock.ts',
    'checker/options.ts',
    'checker/simulate.ts',
    'checker/simulation',
    'checker/explorer',
    'checker/document',
  ],
};

/** Rooms that stand for several: everything of the judge may see the IR and the diagnostics below it. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { IR: ['dsl/ir', 'dsl/diagnostics'] };

/** In checker/, whoever may see a room may see those before it in the pipeline. */
const PIPELINE = [
  'plan',
  'engine',
  'search',
  'liveness',
  'locks',
  'counterexample',
  'verdict',
  'report',
  'explorer',
].map((room) => `checker/${room}`);

/** Packages that only one room may import; what is not listed nobody may. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'ts-morph': ['dsl/compiler'],
  commander: ['checker/cli'],
  '@dagrejs/dagre': ['dsl/diagram', 'checker/explorer'],
  ansis: ['dsl/diagnostics', 'checker/report', 'checker/cli'],
  'fast-string-width': ['dsl/diagnostics', 'checker/report'],
  marked: ['dsl/docgen'],
  preact: ['checker/explorer'],
  uplot: ['checker/explorer'],
  zod: ['dsl/index.ts', 'dsl/language', 'dsl/sync', 'dsl/compiler', 'dsl/ir', 'checker/report'],
};

/** Node's own modules, by who may use them: the rest computes values from values. */
const NODE: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['checker/cli'],
  'node:crypto': ['checker/cli'],
  'node:http': ['checker/cli'],
  'node:fs': ['dsl/compiler', 'checker/search', 'checker/cli'],
  'node:path': ['dsl/compiler', 'checker/cli'],
  'node:url': ['dsl/compiler', 'checker/cli'],
  'node:module': ['dsl/compiler', 'checker/cli'],
  'node:util': ['checker/report'],
  'node:v8': ['checker/search', 'checker/cli'],
  'node:vm': ['dsl/compiler', 'checker/search', 'checker/cli'],
  'node:os': ['dsl/compiler', 'checker/search', 'checker/cli'],
  'node:process': ['checker/cli'],
  'node:timers/promises': ['checker/cli'],
  'node:zlib': ['checker/cli'],
  'node:worker_threads': ['checker/search', 'checker/cli'],
};

interface Module {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  /** Paths from the root for files, names for packages. */
  readonly imports: readonly string[];
}

const modules = ['dsl', 'checker'].flatMap((folder) => modulesIn(join(root, folder)));

function modulesIn(folder: string): Module[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return modulesIn(path);
    if (!/\.tsx?$/.test(entry.name)) return [];
    const text = readFileSync(path, 'utf8');
    const { importedFiles } = ts.preProcessFile(text, true, true);
    const imports = importedFiles.map(({ fileName }) =>
      fileName.startsWith('.') ? relative(root, join(dirname(path), fileName)) : fileName,
    );
    return [{ path: relative(root, path), room: roomOf(relative(root, path)), text, imports }];
  });
}

function roomOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function mayImport(room: string): Set<string> {
  const allowed = new Set([room]);
  for (const name of ROOMS[room] ?? []) {
    for (const one of GROUPS[name] ?? [name]) allowed.add(one);
    const stage = PIPELINE.indexOf(name);
    for (const earlier of PIPELINE.slice(0, Math.max(stage, 0))) allowed.add(earlier);
    if (name === 'checker/check.ts') for (const stageRoom of PIPELINE) allowed.add(stageRoom);
  }
  return allowed;
}

/** `file → import` for each import that breaks a rule. */
function arrowsAgainst(rule: (module: Module, imported: string) => boolean): string[] {
  return modules.flatMap((module) =>
    module.imports.filter((imported) => rule(module, imported)).map((imported) => `${module.path} → ${imported}`),
  );
}

const isFile = (imported: string): boolean => /^(dsl|checker)\//.test(imported);

describe('imports', () => {
  it('are seen at all', () => {
    expect(modules.length).toBeGreaterThan(40);
    expect(modules.find(({ path }) => path === 'dsl/ir/json.ts')?.imports).toContain('dsl/ir/validate.ts');
    expect(modules.find(({ path }) => path === 'checker/cli/load.ts')?.imports).toContain('dsl/compiler/compile.ts');
  });

  it('come from rooms that are on the map', () => {
    expect(modules.filter(({ room }) => !(room in ROOMS)).map(({ path }) => path)).toEqual([]);
  });

  it('go in one direction between rooms', () => {
    expect(arrowsAgainst(({ room }, imported) => isFile(imported) && !mayImport(room).has(roomOf(imported)))).toEqual(
      [],
    );
  });

  it('never leave the source tree but for the manifest', () => {
    const outside = arrowsAgainst((_, imported) => /\.(tsx?|js|json)$/.test(imported) && !isFile(imported));
    expect(outside.filter((arrow) => !arrow.endsWith(' → package.json'))).toEqual([]);
  });

  it('take each package in only where it belongs', () => {
    expect(
      arrowsAgainst(({ room }, imported) => {
        if (isFile(imported) || imported === 'package.json') return false;
        const name = imported.startsWith('node:')
          ? imported
          : imported
              .split('/')
              .slice(0, imported.startsWith('@') ? 2 : 1)
              .join('/');
        return !(PACKAGES[name] ?? NODE[name] ?? []).includes(room);
      }),
    ).toEqual([]);
  });
});

describe('only checker/cli', () => {
  it.each([
    ['prints', /\bconsole\.|\bprocess\.(stdout|stderr)\b/],
    ['reads arguments and the environment', /\bprocess\.(argv|env)\b/],
    ['exits', /\bprocess\.(exit|exitCode|abort|kill)\b/],
  ])('%s', (_, pattern) => {
    const found = modules.filter(({ text }) => pattern.test(withoutComments(text))).map(({ room }) => room);
    expect(new Set(found)).toEqual(new Set(['checker/cli']));
  });
});

it('no clock and no chance decide anything: the one tells how long it took, the other is seeded', () => {
  const found = modules.filter(({ text }) =>
    /\bMath\.random\(|\bDate\.now\(|\bnew Date\(|\brandomUUID\(/.test(withoutComments(text)),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
