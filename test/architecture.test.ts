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
    'dsl/ir',
    'checker/check.ts',
    'checker/simulate.ts',
    'checker/options.ts',
    'checker/search',
    'checker/simulation',
    'checker/plan',
    'checker/verdict',
    'checker/report',
  ],
  'checker/clock.ts': [],
  'checker/options.ts': ['checker/search'],
  'checker/check.ts': ['IR', 'checker/clock.ts', 'checker/options.ts', 'checker/verdict', 'checker/serials'],
  'checker/simulate.ts': [
    'IR',
    'checker/clock.ts',
    'checker/options.ts',
    'checker/simulation',
    'checker/verdict',
    'checker/serials',
  ],
  'checker/simulation': ['IR', 'checker/counterexample'],
  'checker/plan': ['IR'],
  'checker/engine': ['IR', 'checker/plan'],
  'checker/reduction': ['IR', 'checker/plan', 'checker/engine'],
  'checker/search': ['checker/clock.ts', 'checker/engine', 'checker/reduction'],
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
  'checker/waits': ['IR', 'checker/counterexample'],
  'checker/verdict': ['IR', 'checker/options.ts', 'checker/counterexample', 'checker/waits'],
  'checker/serials': ['IR', 'checker/options.ts', 'checker/verdict', 'checker/counterexample'],
  'checker/report': ['IR', 'dsl/diagram', 'checker/verdict', 'checker/counterexample'],
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
  'checker/vitest': ['IR', 'dsl/compiler', 'dsl/language', 'checker/verdict', 'checker/cli'],
};

/** Rooms that stand for several: everything of the judge may see the IR and the diagnostics below it. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { IR: ['dsl/ir', 'dsl/diagnostics'] };

/** In checker/, whoever may see a room may see those before it in the pipeline. */
const PIPELINE = [
  'plan',
  'engine',
  'reduction',
  'search',
  'liveness',
  'locks',
  'counterexample',
  'waits',
  'verdict',
  'serials',
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
  vitest: ['checker/vitest'],
  uplot: ['checker/explorer'],
  zod: ['dsl/index.ts', 'dsl/language', 'dsl/sync', 'dsl/compiler', 'dsl/ir', 'checker/report', 'checker/cli'],
};

/** Node's own modules, by who may use them: the rest computes values from values. */
const NODE: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['checker/cli'],
  'node:http': ['checker/cli'],
  'node:fs': ['dsl/compiler', 'checker/search', 'checker/cli', 'checker/vitest'],
  'node:path': ['dsl/compiler', 'checker/cli', 'checker/vitest'],
  'node:url': ['dsl/compiler', 'checker/cli', 'checker/vitest'],
  'node:module': ['dsl/compiler', 'checker/cli'],
  'node:util': ['checker/report'],
  'node:v8': ['checker/search', 'checker/cli'],
  'node:vm': ['dsl/compiler', 'checker/search', 'checker/cli'],
  'node:os': ['dsl/compiler', 'checker/search', 'checker/cli'],
  'node:process': ['checker/cli'],
  'node:timers/promises': ['checker/cli'],
  'node:tty': ['checker/cli'],
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

/** Files that import each other are the recursion of a tree: what is made of expressions makes expressions. */
const RECURSIONS: readonly (readonly string[])[] = [
  ['dsl/ir/expression.ts', 'dsl/ir/effect.ts'],
  ['dsl/ir/part.ts', 'dsl/ir/interval.ts', 'dsl/ir/join.ts'],
  ['dsl/ir/validate/'],
  ['dsl/compiler/'],
  ['dsl/export/promela/'],
  ['dsl/export/specialize/statement.ts', 'dsl/export/specialize/expression.ts'],
  ['dsl/export/tlaplus/'],
  ['checker/engine/interpreter/'],
  ['checker/engine/lower/'],
  ['checker/engine/term/'],
  ['checker/engine/javascript/value.ts', 'checker/engine/javascript/condition.ts'],
  ['checker/engine/wasm/value.ts', 'checker/engine/wasm/parallel.ts', 'checker/engine/wasm/condition.ts'],
  ['checker/counterexample/finish.ts', 'checker/counterexample/explanation.ts'],
  ['checker/locks/standstill.ts', 'checker/locks/gathering.ts'],
  // A command may begin again in a thread.
  ['checker/cli/main-thread.ts', 'checker/cli/command-thread.ts'],
];

/** Groups of files each of which is reached from each other by imports (Tarjan 1972). */
function circles(): string[][] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports.filter(isFile)]));
  const indices = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    indices.set(path, indices.size);
    lowest.set(path, indices.get(path)!);
    stack.push(path);
    for (const next of importsOf.get(path) ?? []) {
      if (!indices.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== indices.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (1 < circle.length) found.push(circle);
  };
  for (const { path } of modules) if (!indices.has(path)) visit(path);
  return found;
}

describe('files', () => {
  it('import each other in circles only where trees are gone through', () => {
    const isNamed = (circle: string[]): boolean =>
      RECURSIONS.some((places) => circle.every((path) => places.some((place) => path.startsWith(place))));
    const found = circles();
    expect(found.filter((circle) => !isNamed(circle))).toEqual([]);
    const unused = RECURSIONS.filter(
      (places) => !found.some((circle) => circle.every((path) => places.some((place) => path.startsWith(place)))),
    );
    expect(unused).toEqual([]);
  });

  it('are where the map says', () => {
    const listed = Object.keys(ROOMS).filter((room) => !modules.some((module) => module.room === room));
    expect(listed).toEqual([]);
  });

  it('export nothing that nobody uses', () => {
    const users = ['dsl', 'checker', 'test', '.ci', 'specs'].flatMap((folder) => sourcesIn(join(root, folder)));
    const used = new Map<string, Set<string>>();
    for (const { path, text } of users) {
      for (const [names, from] of importsIn(text)) {
        const target = relative(root, join(root, dirname(path), from));
        for (const name of names) used.set(target, (used.get(target) ?? new Set()).add(name));
      }
    }
    const unused = modules
      .filter(({ path }) => !/index\.ts$|\.d\.ts$/.test(path) && !path.startsWith('dsl/language/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(EXPORTED)]
          .map(([, name]) => name!)
          .filter((name) => used.get(path)?.has(name) !== true && used.get(path)?.has('*') !== true)
          .map((name) => `${path}: ${name}`),
      );
    expect(unused).toEqual([]);
    expect(used.size).toBeGreaterThan(400);
  });

  it('are there when pages and comments name them', () => {
    const pages = [
      'docs/ARCHITECTURE.md',
      ...readdirSync(join(root, 'docs/internals')).map((name) => `docs/internals/${name}`),
    ];
    const texts = [
      ...pages.map((path) => readFileSync(join(root, path), 'utf8')),
      ...modules.map(({ text }) => commentsIn(text)),
    ];
    const all = sourcesIn(root).map(({ path }) => path);
    const missing = texts
      .flatMap((text) => [...text.matchAll(/`([\w/.-]+\.tsx?)`/g)].map(([, path]) => path!))
      .filter((path) => !NAMES_OF_OTHERS.has(path) && !all.some((one) => one === path || one.endsWith(`/${path}`)));
    expect([...new Set(missing)]).toEqual([]);
  });
});

/** What comments say by way of example. */
const NAMES_OF_OTHERS = new Set(['lib.es2023.d.ts']);

const EXPORTED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|const|let|class|interface|type|enum)\s+(\w+)/gm;

function sourcesIn(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.git'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.(tsx?|js|mjs|cjs)$/.test(entry.name)
      ? [{ path: relative(root, path), text: readFileSync(path, 'utf8') }]
      : [];
  });
}

/** Which names a file takes from which others; `*`: all of them. */
function importsIn(text: string): (readonly [names: readonly string[], from: string])[] {
  const named = (list: string): string[] =>
    list
      .split(',')
      .map((one) =>
        one
          .trim()
          .replace(/^type /, '')
          .split(/ as |:/)[0]!
          .trim(),
      )
      .filter((one) => one !== '');
  const declared = [
    ...text.matchAll(/(?:import|export)\s+(?:type\s+)?(?:\{([^}]*)\}|\*(?:\s+as\s+\w+)?)\s+from\s+'(\.[^']*)'/g),
  ];
  const taken = [...text.matchAll(/const\s+\{([^}]*)\}\s*=\s*await\s+import\(\s*'(\.[^']*)'/g)];
  const called = [...text.matchAll(/import\(\s*'(\.[^']*)'\s*\)\)\.(\w+)/g)];
  return [
    ...[...declared, ...taken].map(([, list, from]) => [list === undefined ? ['*'] : named(list), from!] as const),
    ...called.map(([, from, name]) => [[name!], from!] as const),
  ];
}

function commentsIn(text: string): string {
  return [...text.matchAll(/\/\*\*?[\s\S]*?\*\/|\/\/.*/g)].map(([comment]) => comment).join('\n');
}

/** More parameters than this are one object. */
const MOST_PARAMETERS = 5;

/**
 * How many functions of a file still take more. A number here may only get smaller. Those of the checker are called for
 * every state or successor with offsets into arrays: an object for each call would cost time and memory.
 */
const WITH_MORE: Readonly<Record<string, number>> = {
  'checker/engine/generated.ts': 1,
  'checker/engine/next-state.ts': 2,
  'checker/search/findings.ts': 1,
  'checker/search/kernel/kernel-engine.ts': 1,
};

function countWithMore({ path, text }: Module): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && MOST_PARAMETERS < node.parameters.length) count += 1;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return count;
}

it(`functions take at most ${MOST_PARAMETERS} parameters, but for those that always took more`, () => {
  const found = modules.map((module) => [module.path, countWithMore(module)] as const).filter(([, count]) => 0 < count);
  expect(Object.fromEntries(found)).toEqual(WITH_MORE);
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
