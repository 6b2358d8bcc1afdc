import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type TypeScript from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../dsl/compiler/compile.ts';
import { typesUnderTest } from './support/types.ts';

/*
 * Projects of those who use the package: what is packed of its typings is put where npm would put it, and asked about with
 * the versions of TypeScript that are supported, from the first to the last.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const VERSIONS = ['typescript-5-4', 'typescript', 'typescript-7'] as const;
const home = realpathSync(mkdtempSync(join(tmpdir(), 'fairlead-projects-')));

beforeAll(async () => {
  const installed = join(home, 'node_modules/fairlead');
  cpSync(await typesUnderTest(), join(installed, 'dist/types'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  const { dependencies } = packageOf(root);
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name));
  }
}, 300_000);

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

function packageOf(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
}

function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, folder, path)), { recursive: true });
    writeFileSync(join(home, folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** What `tsc` of a version says about a folder. */
function tsc(version: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', version, 'bin/tsc'), ...args], {
    cwd: home,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** Everything strict that there is. `dom` is for zod, whose typings know of `URL`. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: [],
};

/** A spec that exports one of everything. */
const PROTOCOL = `
import { all, always, count, enabled, eventually, ids, leadsTo, pick, record, spec, strong, taken, weak, when, z } from 'fairlead';
import { condvar, enter, exit, mutex, wait } from 'fairlead/sync';

export const Thread = ids('Thread', (p) => p.threads);
export const Client = ids('Client', 2);

export const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('ask'), from: Client, thread: Thread.optional() }),
]);

export const lock = spec('lock', {
  params: {
    /** How many threads. */
    threads: z.int().min(1).max(4).default(2),
    mode: z.enum(['fair', 'unfair']).default('fair'),
  },
  state: (p) => ({
    /** Whether somebody is inside. */
    taken: z.boolean(),
    owner: Thread.nullable(),
    n: z.int().min(0).max(p.threads),
    held: z.record(Thread, z.enum(['no', 'yes'])),
    queue: z.array(Client).max(2),
    mutex: mutex(Thread),
    cv: condvar(Thread),
    message: Message,
  }),
  init: (s, p) => {
    s.n = p.threads > 1 ? 1 : 0;
  },
});

export const take = lock.action({ t: Thread, c: Client }, (s, { t, c }, p) => {
  when(!s.taken && s.owner !== t && s.held[t] === 'no' && p.mode === 'fair');
  s.held[t] = 'yes';
  s.owner = t;
  s.queue = [c];
  s.message = { kind: 'ask', from: c };
});
export const give = lock.action((s) => {
  when(s.owner !== null);
  s.held = record(Thread, () => 'no' as const);
  s.owner = null;
});
export const some = lock.action((p) => ({ n: z.int().min(0).max(p.threads) }), (s, { n }) => {
  s.n = n;
});
export const worker = lock.process({ t: Thread }, function* (s, { t }) {
  let seen = 0;
  yield 'enter';
  enter(s.mutex, t);
  seen = s.n;
  yield* wait(s.cv, s.mutex, t);
  s = yield 'leave';
  if (seen > 0) exit(s.mutex, t);
}, { locals: { seen: z.int().min(0).max(4) } });
export const ticker = lock.process(function* (s) {
  yield 'tick';
  s.taken = false;
});

export const alone = lock.invariant((s, p) => count(Thread, (t) => s.owner === t) <= p.threads);
export const crowded = lock.sometimes((s) => s.queue.length > 0);
export const grows = lock.step((s, next) => next.n >= s.n || worker.next.at({ t: pick(Thread) }, 'leave'));
export const served = lock.property((s) => all(Thread, (t) => leadsTo(enabled(take, { t }), always(eventually(s.owner === t)))));
export const took = lock.property(() => eventually(taken(give)));
export const local = lock.invariant(() => all(Thread, (t) => worker.local({ t }, 'seen') <= 4));
export const scheduler = lock.fairness(weak(worker, ticker), strong(take, { per: ['t'], when: (s, { t }, p) => s.owner !== t && p.threads > 1 }));
export const one = weak.any(take, give);
export const end = lock.terminal((s) => s.owner === null);
export const short = lock.within((s) => s.queue.length < 2);
export const shipped = lock.model({ threads: 1 }, { violates: [served], unreachable: [crowded], distinct: 3 });

export const plain = spec('plain', { state: () => ({ on: z.boolean() }) });
export const flip = plain.action((s) => {
  s.on = !s.on;
});
export const helpers = { take, worker, lock, schemas: { Message, lock: mutex(Client) } };
export function stepOf<const Name extends string>(name: Name) {
  return spec(name, { params: { size: z.int().min(1).max(2).default(1) }, state: () => ({ on: z.boolean() }) });
}
export const made = stepOf('made');
`;

/** What TypeScript has to refuse: each line below a comment that says so. */
const MISTAKES = `
import { enabled, local, when, type Id } from 'fairlead';
import { enter } from 'fairlead/sync';
import { lock, take, Thread, worker } from './protocol.js';

export const wrong = lock.action({ t: Thread }, (s, { t }, p) => {
  // @ts-expect-error a text is no id
  s.owner = 't0';
  // @ts-expect-error
  s.owner = 'a Thread';
  // @ts-expect-error
  when(s.owner === 't0');
  // @ts-expect-error
  when('Thread' !== t);
  // @ts-expect-error
  s.held['t0'] = 'yes';
  // @ts-expect-error
  s.queue.push('c0');
  // @ts-expect-error
  when(s.cv.sleepers.has('t0'));
  // @ts-expect-error
  when(enabled(take, { t: 't0' }));
  // @ts-expect-error
  const mine: Id<'Thread'> = 't0';
  // @ts-expect-error
  enter(s.mutex, 't0');
  // @ts-expect-error
  local(Thread, 't0');
  // @ts-expect-error no such parameter
  when(p.thraeds > 1);
  // @ts-expect-error no such variable
  when(s.tekan);
  when(t === mine);
});
// @ts-expect-error no such parameter
export const two = lock.model({ thraeds: 2 });
// @ts-expect-error no such label
export const at = lock.invariant(() => worker.at({ t: [...Thread][0]! }, 'nowhere'));
`;

/** Another project, which knows the first one by its declarations only. */
const USER = `
import { all, type StateOf } from 'fairlead';
import { alone, lock, Thread, worker } from '../specs/protocol.js';

export type State = StateOf<typeof lock>;
export const free = (s: State) => s.owner === null && all(Thread, (t) => s.held[t] === 'no');
export const more = lock.invariant((s) => free(s) || all(Thread, (t) => worker.at({ t }, 'done')));
export const model = lock.model({ threads: 2 }, { violates: [alone, more] });
`;

const KINDS = [
  { name: 'node16', type: 'module', module: 'node16', moduleResolution: 'node16' },
  { name: 'nodenext', type: 'module', module: 'nodenext', moduleResolution: 'nodenext' },
  { name: 'bundler', type: 'module', module: 'esnext', moduleResolution: 'bundler' },
  { name: 'node16 of CommonJS', type: 'commonjs', module: 'node16', moduleResolution: 'node16' },
  { name: 'nodenext of CommonJS', type: 'commonjs', module: 'nodenext', moduleResolution: 'nodenext' },
  { name: 'bundler of CommonJS', type: 'commonjs', module: 'esnext', moduleResolution: 'bundler' },
] as const;

describe.each(VERSIONS)('with %s', (version) => {
  it(
    'projects with composite and references compile, strictly, with every way to find modules',
    { timeout: 600_000 },
    () => {
      // In Go all are fast; of the others each is asked about three that differ in everything.
      const kinds = KINDS.filter(
        ({ type }, at) => version === 'typescript-7' || (type === 'module') === (at % 2 === 0) || at === 1,
      );
      expect(kinds.length).toBeGreaterThan(2);
      for (const { name, type, module, moduleResolution } of kinds) {
        const folder = join(version, name);
        const compilerOptions = {
          ...STRICT,
          module,
          moduleResolution,
          composite: true,
          verbatimModuleSyntax: type === 'module',
        };
        write(folder, {
          'package.json': { type },
          'specs/tsconfig.json': { compilerOptions },
          'specs/protocol.ts': PROTOCOL,
          'specs/mistakes.ts': MISTAKES,
          'user/tsconfig.json': { compilerOptions, references: [{ path: '../specs' }] },
          'user/user.ts': USER,
        });
      }
      write(version, {
        'tsconfig.json': { files: [], references: kinds.map(({ name }) => ({ path: join(name, 'user') })) },
      });
      expect(tsc(version, '-b', version)).toBe('');
      const declared = readFileSync(join(home, version, 'node16/specs/protocol.d.ts'), 'utf8');
      expect(declared).toContain('owner: import("fairlead").Id<"Thread"> | null');
      expect(declared).not.toMatch(/dist\/types|: any\b/);
    },
  );
});

describe('every entry of the package', () => {
  const ENTRIES = ['fairlead', 'fairlead/sync', 'fairlead/compiler', 'fairlead/ir', 'fairlead/checker'];
  /** Its typings are about those of vitest, which are not checked here: see test/install. */
  const OF_VITEST = 'fairlead/vitest';

  it('is one that is tested, and has typings for import and for require', () => {
    const { exports } = packageOf(root);
    const entries = [...ENTRIES, OF_VITEST];
    expect(Object.keys(exports)).toEqual([...entries.map((entry) => entry.replace('fairlead', '.')), './package.json']);
    for (const entry of entries) {
      for (const condition of ['import', 'require']) {
        const { types } = (exports[entry.replace('fairlead', '.')] as Record<string, { types: string }>)[condition]!;
        expect(readFileSync(join(home, 'node_modules/fairlead', types), 'utf8')).toContain('export');
      }
    }
  });

  it.each(VERSIONS)('has typings without a mistake for %s', { timeout: 600_000 }, (version) => {
    const text = ENTRIES.map((entry, at) => `export * as e${at} from '${entry}';`).join('\n');
    const compilerOptions = { ...STRICT, module: 'nodenext', moduleResolution: 'nodenext', noEmit: true };
    for (const type of ['module', 'commonjs']) {
      write(join(version, type), { 'package.json': { type }, 'tsconfig.json': { compilerOptions }, 'all.ts': text });
    }
    expect(tsc(version, '-p', join(version, 'module'))).toBe('');
    expect(tsc(version, '-p', join(version, 'commonjs'))).toBe('');
  });
});

it('specs that export nothing compile with isolatedDeclarations', () => {
  const compilerOptions = {
    ...STRICT,
    noUnusedLocals: false,
    module: 'nodenext',
    isolatedDeclarations: true,
    declaration: true,
  };
  write('isolated', {
    'package.json': { type: 'module' },
    'tsconfig.json': { compilerOptions },
    'protocol.ts': PROTOCOL.replaceAll(/^export (?=const|function)/gm, ''),
  });
  expect(tsc('typescript-7', '-p', 'isolated')).toBe('');
});

describe.each(['typescript-5-4', 'typescript'])('an editor with %s', (version) => {
  const place = join(home, 'editor', 'protocol.ts');
  const text = PROTOCOL.replace('s.owner = t;', 's.owner = t; s.');
  let service: TypeScript.LanguageService;

  beforeAll(() => {
    const ts = createRequire(join(root, 'package.json'))(version) as typeof TypeScript;
    write('editor', { 'package.json': { type: 'module' }, 'protocol.ts': text });
    service = ts.createLanguageService({
      fileExists: (path) => ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
      getDirectories: (path) => ts.sys.getDirectories(path),
      getScriptFileNames: () => [place],
      getScriptVersion: () => '1',
      getScriptSnapshot: (path) => {
        const content = ts.sys.readFile(path);
        return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
      },
      getCompilationSettings: () => ({
        strict: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        lib: ['lib.es2023.d.ts'],
        types: [],
      }),
      getCurrentDirectory: () => home,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    });
  });

  const STATE = `{
    taken: boolean;
    owner: Id<"Thread"> | null;
    n: number;
    held: Record<Id<"Thread">, "no" | "yes">;
    queue: Id<"Client">[];
    mutex: {
        owner: Id<"Thread"> | null;
    };
    cv: {
        sleepers: Set<Id<"Thread">>;
    };
    message: {
        kind: "none";
    } | {
        kind: "ask";
        from: Id<"Client">;
        thread?: Id<"Thread"> | undefined;
    };
}`;
  const PARAMETERS = `{
    readonly threads: number;
    readonly mode: "fair" | "unfair";
}`;

  /** Versions show the members of a union in orders of their own. */
  const inOrder = (type: string) => type.split(/[\s|]+/).sort();

  /** What is shown of the word in brackets: its type, and what its comment says. */
  function hover(around: string): { readonly type: string; readonly doc: string } {
    const [before = '', , after = ''] = around.split(/[[\]]/);
    const word = around.slice(before.length + 1, around.length - after.length - 1);
    const at = text.indexOf(before + word + after);
    expect(at).toBeGreaterThan(0);
    const info = service.getQuickInfoAtPosition(place, at + before.length);
    const join = (parts: readonly { readonly text: string }[] = []) => parts.map((part) => part.text).join('');
    return { type: join(info?.displayParts).replace(/^\(\w+\) \w+\??: /, ''), doc: join(info?.documentation) };
  }

  it.each([
    ['an action', 'lock.action({ t: Thread, c: Client }, ([s], { t, c }, p)'],
    ['an action without arguments', 'give = lock.action(([s])'],
    ['a process', 'worker = lock.process({ t: Thread }, function* ([s], { t })'],
    ['a process without arguments', 'ticker = lock.process(function* ([s])'],
    ['an invariant', 'alone = lock.invariant(([s], p)'],
    ['a step property', 'grows = lock.step(([s], next)'],
    ['a step property, after the step', 'grows = lock.step((s, [next])'],
    ['a property', 'served = lock.property(([s])'],
    ['the initial state', 'init: ([s], p)'],
    ['fairness', 'when: ([s], { t }, p)'],
    ['a terminal', 'end = lock.terminal(([s])'],
  ])('shows the type of the state in %s', (_, around) => {
    const { type } = hover(around);
    if (version === 'typescript') {
      expect(inOrder(type)).toEqual(inOrder(STATE));
      return;
    }
    // 5.4 shows what is too long for its taste as `...`: all that it does show is of the state, and the names are there.
    const shown = inOrder(type).filter((word) => word !== '...;');
    expect(shown.filter((word) => !inOrder(STATE).includes(word))).toEqual([]);
    for (const name of ['taken', 'owner', 'n', 'held', 'queue', 'mutex', 'cv', 'message']) {
      expect(shown).toContain(`${name}:`);
    }
  });

  it('shows the parameters, the arguments, and the comments of what is declared', () => {
    expect(hover('(s, { t, c }, [p])').type).toBe(PARAMETERS);
    expect(hover('(s, { [t], c }, p)').type).toBe('Id<"Thread">');
    expect(hover('when(!s.[taken]')).toEqual({
      type: 'boolean',
      doc: 'Whether somebody is inside.',
    });
    expect(hover('<= p.[threads])')).toEqual({
      type: 'number',
      doc: 'How many threads.',
    });
  });

  it('offers the variables with their comments', () => {
    const at = text.indexOf('s.owner = t; s.') + 's.owner = t; s.'.length;
    const names = service.getCompletionsAtPosition(place, at, {})!.entries.map(({ name }) => name);
    expect(names.sort()).toEqual(['cv', 'held', 'message', 'mutex', 'n', 'owner', 'queue', 'taken']);
    const details = service.getCompletionEntryDetails(place, at, 'taken', undefined, undefined, undefined, undefined)!;
    expect(details.documentation?.map((part) => part.text).join('')).toBe('Whether somebody is inside.');
  });
});

describe('docs/typescript.md', () => {
  const page = readFileSync(join(root, 'docs/typescript.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(\w+)( mistake)?\n([\s\S]*?)^```$/gm)].map(([, language, mistake, block]) => ({
    language,
    isMistake: mistake !== undefined,
    block: block!,
  }));
  const [spec] = blocks.filter(({ language, isMistake }) => language === 'ts' && !isMistake).map(({ block }) => block);
  const [project, specs] = blocks.filter(({ language }) => language === 'json').map(({ block }) => block);

  it.each(VERSIONS)('has a tsconfig for %s, also with a project for the specs', { timeout: 600_000 }, (version) => {
    const folder = join('page', version);
    const references = JSON.stringify({ files: [], references: [{ path: 'specs' }] });
    write(folder, {
      'package.json': { type: 'module' },
      'tsconfig.json': project!,
      'specs/tsconfig.json': specs!,
      'specs/lock.ts': spec!,
      'all/tsconfig.json': references.replace('specs', '../specs'),
    });
    expect(tsc(version, '-p', folder)).toBe('');
    expect(tsc(version, '-b', join(folder, 'all'))).toBe('');
    expect(readFileSync(join(home, folder, 'build/specs/lock.d.ts'), 'utf8')).toContain('waiting: Set<');
  });

  it('shows what is said about each mistake', () => {
    const mistakes = blocks.flatMap(({ isMistake, block }, at) =>
      isMistake ? [{ line: block.trim(), said: blocks[at + 1]!.block.trim() }] : [],
    );
    expect(mistakes.length).toBeGreaterThan(3);
    for (const { line, said } of mistakes) {
      write('page', { 'mistake.ts': spec!.replace('s.owner = t;', line) });
      const { diagnostics } = compile(join(home, 'page/mistake.ts'));
      expect(diagnostics.map(({ message }) => message)).toEqual([said]);
    }
  });
});
