import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from '../checker/cli/command.ts';
import { npm, packedTarball } from '../support/tarball.ts';
import { typesUnderTest } from '../support/types.ts';
import { walkTutorial } from '../support/tutorial.ts';

/*
 * What a user meets: the package is packed, installed by npm into empty projects, and each of its surfaces is tried from
 * there, by the programs that a user would run. Packages come from npm's own cache wherever they are in it.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = realpathSync(mkdtempSync(join(tmpdir(), 'fairlead-install-')));
const ALONE = join(home, 'alone');
const WORKSPACE = join(home, 'workspace');
const CACHE = join(home, 'cache');
const VERSIONS = ['typescript-5-4', 'typescript', 'typescript-7'] as const;

function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs a program of `node_modules/.bin` in a folder. */
function run(folder: string, program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(join(folder, 'node_modules/.bin', program), args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: home, FAIRLEAD_CACHE: CACHE, CI: 'true', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
  });
}

const fairlead = (folder: string, ...args: readonly string[]): Promise<Ended> => run(folder, 'fairlead', args);

/** What `tsc` of a version says about a project. */
function tsc(version: string, project: string): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', version, 'bin/tsc'), '-p', project],
    {
      encoding: 'utf8',
    },
  );
  return stdout + stderr;
}

/** Right, and small. */
const LOCK = `import { count, ids, spec, when, z } from 'fairlead';

const Thread = ids('Thread', (p) => p.threads);

export const lock = spec('lock', {
  params: { threads: z.int().min(1).max(4).default(2) },
  state: () => ({ taken: z.boolean() }),
});

export const thread = lock.process({ t: Thread }, function* (s) {
  while (true) {
    yield 'take';
    when(!s.taken);
    s.taken = true;
    yield 'inside';
    s.taken = false;
  }
});

export const exclusion = lock.invariant(() => count(Thread, (t) => thread.at({ t }, 'inside')) <= 1);
`;

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
let tarball = '';
let installed: ReturnType<typeof npm>;

beforeAll(async () => {
  tarball = packedTarball(dirname(builtCommand()), await typesUnderTest());
  mkdirSync(ALONE);
  npm(ALONE, 'init', '-y');
  installed = npm(ALONE, ...INSTALL, '--save-dev', tarball);
  // From here, because it is large, and the same.
  symlinkSync(join(root, 'node_modules/vitest'), join(ALONE, 'node_modules/vitest'));
  symlinkSync('../vitest/vitest.mjs', join(ALONE, 'node_modules/.bin/vitest'));
}, 300_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('an empty project', () => {
  it('is installed into without a word about scripts', () => {
    expect([installed.status, installed.stderr]).toEqual([0, '']);
    expect(existsSync(join(ALONE, 'node_modules/fairlead/dist/THIRD-PARTY-NOTICES.txt'))).toBe(true);
  });

  it('of CommonJS begins with a spec that is wrong, in whatever version of TypeScript', async () => {
    const { out } = await fairlead(ALONE, 'init');
    expect(out).toContain('written     specs/lock.ts');
    const { code, out: report } = await fairlead(ALONE, 'check');
    expect(report).toContain('exclusion is violated: 6 steps');
    expect(code).toBe(1);
    for (const version of VERSIONS) expect(tsc(version, join(ALONE, 'specs'))).toBe('');
  });

  it('of ECMAScript modules is led through the tutorial', { timeout: 120_000 }, async () => {
    npm(ALONE, 'pkg', 'set', 'type=module');
    npm(ALONE, 'pkg', 'delete', 'scripts');
    rmSync(join(ALONE, 'specs'), { recursive: true });
    const page = readFileSync(join(ALONE, 'node_modules/fairlead/docs/tutorial.md'), 'utf8');
    const outputs = await walkTutorial(page, ALONE, (args) => fairlead(ALONE, ...args));
    for (const { printed, shown } of outputs) expect(printed).toBe(shown);
    expect(outputs.length).toBe(8);
    for (const version of VERSIONS) expect(tsc(version, join(ALONE, 'specs'))).toBe('');
    const { status, stdout } = npm(ALONE, 'run', 'check:specs');
    expect(stdout).toContain('✓ 2 models of 1 spec, all as expected');
    expect(status).toBe(0);
  });

  it('has the specs of the package to try', async () => {
    const { code, out } = await fairlead(ALONE, 'check', 'node_modules/fairlead/specs/classic/peterson.ts');
    expect(out).toContain('all as expected');
    expect(code).toBe(0);
  });
});

it('the page about the library shows what its examples print', async () => {
  rmSync(join(ALONE, 'specs'), { recursive: true, force: true });
  await fairlead(ALONE, 'init');
  const page = readFileSync(join(ALONE, 'node_modules/fairlead/docs/api.md'), 'utf8');
  const parts = [...page.matchAll(/^```(ts example|text)\n([\s\S]*?)^```$/gm)];
  const imports = parts.flatMap(([, kind, block]) => (kind === 'text' ? [] : (block!.match(/^import .*$/gm) ?? [])));
  const code = parts.flatMap(([, kind, block]) => (kind === 'text' ? [] : [block!.replaceAll(/^import .*$/gm, '')]));
  write(ALONE, { 'api.mjs': [...imports, ...code].join('\n') });
  const { stdout, stderr } = spawnSync(process.execPath, ['api.mjs'], { cwd: ALONE, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe(parts.flatMap(([, kind, block]) => (kind === 'text' ? [block!] : [])).join(''));
  expect(code.length).toBe(6);
});

describe('the command', () => {
  it('explains, goes by what the project says, and makes a shell complete', async () => {
    const explained = await fairlead(ALONE, 'explain', 'FL021');
    expect(explained.out).toMatch(/^FL021: a schema that describes no finite domain/);
    const path = 'node_modules/fairlead/specs/classic/peterson.ts';
    write(ALONE, { 'fairlead.config.ts': `export default { paths: ['${path}'], maxStates: 2 as number };` });
    const checked = await fairlead(ALONE, 'check');
    rmSync(join(ALONE, 'fairlead.config.ts'));
    expect([checked.code, checked.error]).toEqual([3, '']);
    const script = `PATH="$PWD/node_modules/.bin:$PATH"; source <(fairlead completion bash)
      COMP_WORDS=(fairlead check ${path} --prop m) COMP_CWORD=3; _fairlead fairlead; echo "\${COMPREPLY[0]}"`;
    const { stdout } = spawnSync('bash', ['-c', script], { cwd: ALONE, encoding: 'utf8' });
    expect(stdout).toBe('--property\n');
  });
});

describe('fairlead/vitest', () => {
  const TESTS = `import { expect, it } from 'vitest';
import { describeSpec } from 'fairlead/vitest';
import * as lock from './lock.ts';
import { broken, exclusion, fixed, full, lock as spec, service, stuck } from './lock.ts';

describeSpec(lock);

it('holds', async () => {
  await expect(fixed).toHold();
  await expect(fixed).toHold(exclusion);
  await expect(fixed).toReach(full);
  await expect(fixed).not.toDeadlock();
  await expect(broken).toViolate(exclusion);
  await expect(broken).not.toHold();
  await expect(stuck).toDeadlock();
});
it('fails: not held', async () => expect(broken).toHold());
it('fails: not violated', async () => expect(fixed).toViolate(exclusion));
it('fails: held after all', async () => expect(fixed).not.toHold(exclusion));
it('fails: no model', async () => expect(exclusion).toHold());
it('fails: several models', async () => expect(spec).toHold());
it('fails: no property of it', async () => expect(fixed).toViolate(full as never));
`;
  /** Three models: one that is right, one that is not and says so, one that deadlocks and does not say so. */
  const SPEC = LOCK.replace(
    'default(2) },',
    'default(2), careful: z.boolean().default(true), stops: z.boolean().default(false) },',
  )
    .replace('function* (s)', 'function* (s, _, p)')
    .replace('when(!s.taken);', 'if (p.careful) when(!s.taken);')
    .replace('s.taken = false;', 's.taken = p.stops;').concat(`
export const full = lock.sometimes((s) => s.taken);
export const fixed = lock.model({ threads: 3 }, { distinct: 4 });
export const broken = lock.model({ careful: false }, { violates: [exclusion] });
export const stuck = lock.model({ stops: true });
export { exclusion as service };
`);

  interface Report {
    readonly testResults: readonly {
      readonly assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[];
    }[];
  }

  async function tested(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
    write(join(ALONE, 'tested'), files);
    const ended = await run(ALONE, 'vitest', [
      'run',
      '--dir',
      'tested',
      '--reporter=json',
      '--reporter=default',
      '--outputFile.json=report.json',
      ...args,
    ]);
    const report = JSON.parse(readFileSync(join(ALONE, 'report.json'), 'utf8')) as Report;
    rmSync(join(ALONE, 'tested'), { recursive: true });
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      ...ended,
      results: results.map(({ fullName, status, failureMessages }) => ({
        name: fullName,
        status,
        message: failureMessages.join('\n'),
      })),
    };
  }

  it('has types for what it adds to vitest', { timeout: 120_000 }, () => {
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      types: [],
      skipLibCheck: true,
      noEmit: true,
      allowImportingTsExtensions: true,
    };
    const mistakes = TESTS.replace(/^it\('fails[^]*/m, '').concat(`
it('is typed', async () => {
  // @ts-expect-error a model is no property
  await expect(fixed).toViolate(broken);
  // @ts-expect-error a property is no \`sometimes\`
  await expect(fixed).toReach(exclusion);
  // @ts-expect-error there has to be one
  await expect(fixed).toViolate();
});
`);
    write(join(ALONE, 'typed'), { 'tsconfig.json': { compilerOptions }, 'lock.ts': SPEC, 'lock.test.ts': mistakes });
    expect(tsc('typescript', join(ALONE, 'typed'))).toBe('');
    expect(tsc('typescript-7', join(ALONE, 'typed'))).toBe('');
  });

  it(
    'makes a test of each property of each model, and has matchers that tell how a model goes wrong',
    { timeout: 120_000 },
    async () => {
      const { results, out } = await tested({ 'lock.ts': SPEC, 'lock.test.ts': TESTS });
      const namesOf = (status: string) => results.filter((one) => one.status === status).map(({ name }) => name);
      expect(namesOf('passed')).toEqual([
        'lock fixed does not deadlock',
        'lock fixed no step fails',
        'lock fixed exclusion holds',
        'lock fixed full is reached',
        'lock fixed has 4 states',
        'lock broken does not deadlock',
        'lock broken no step fails',
        'lock broken exclusion is violated',
        'lock broken full is reached',
        'lock stuck no step fails',
        'lock stuck exclusion holds',
        'lock stuck full is reached',
        'holds',
      ]);
      const messages = Object.fromEntries(
        results.filter(({ status }) => status === 'failed').map(({ name, message }) => [name, message]),
      );
      expect(Object.keys(messages)).toEqual([
        'lock stuck does not deadlock',
        'fails: not held',
        'fails: not violated',
        'fails: held after all',
        'fails: no model',
        'fails: several models',
        'fails: no property of it',
      ]);
      expect(messages['lock stuck does not deadlock']).toContain('stuck deadlocks');
      expect(messages['lock stuck does not deadlock']).toContain('thread(t1)  waits until taken is false');
      expect(messages['fails: not held']).toContain('exclusion is violated in broken, but is expected to hold');
      expect(messages['fails: not held']).toMatch(/--> tested\/lock\.ts:\d+:\d+/);
      expect(messages['fails: not held']).toContain('npx fairlead check tested/lock.ts --model broken --html');
      expect(messages['fails: not violated']).toContain('exclusion holds in fixed, but is expected to be violated');
      expect(messages['fails: held after all']).toContain('exclusion holds in fixed, but is expected to be violated');
      expect(messages['fails: no model']).toContain('toHold() takes a model of a spec');
      expect(messages['fails: several models']).toContain('lock has the models fixed, broken, stuck');
      expect(messages['fails: no property of it']).toContain('takes an invariant, a step or a property');
      // The lines of the spec, not those of ours.
      expect(out).not.toContain('node_modules/fairlead/dist');
    },
  );

  it('ends with the time of a test, and keeps the event loop for less than that', { timeout: 120_000 }, async () => {
    const spec = `import { all, anyOf, spec, when, z } from 'fairlead';
const Place = z.enum(['a', 'b', 'c', 'd', 'e', 'f']);
export const large = spec('large', { state: () => ({ at: z.record(Place, z.int().min(0).max(99)) }) });
export const step = large.action({ place: Place }, (s, { place }) => {
  when(s.at[place] < 99);
  s.at[place] += 1;
});
export const low = large.invariant((s) => s.at.a < 100);
`;
    const tests = `import { expect, it } from 'vitest';
import { describeSpec } from 'fairlead/vitest';
import * as large from './large.ts';
let ticks = 0;
setInterval(() => (ticks += 1), 100);
it('fails: too large', { timeout: 2000 }, async () => expect(large.large).toHold(large.low));
it('has ticked', () => expect(ticks).toBeGreaterThan(3));
describeSpec(large, { timeout: 2000 });
`;
    const started = Date.now();
    const { results, out, error } = await tested({ 'large.ts': spec, 'large.test.ts': tests });
    expect(Date.now() - started).toBeLessThan(60_000);
    const outcomes = results.map(({ name, status }) => [name, status].join(': ')).sort();
    expect(outcomes).toEqual([
      'fails: too large: failed',
      'has ticked: passed',
      'large defaults does not deadlock: failed',
      'large defaults low holds: failed',
      'large defaults no step fails: failed',
    ]);
    const messages = Object.fromEntries(results.map(({ name, message }) => [name, message]));
    expect((out + error).match(/timed out in 2000ms/g)).toHaveLength(2);
    expect(messages['large defaults low holds']).toMatch(
      /nothing was found about low in [\d,]+ states of defaults before the time of the test ran out/,
    );
  });
});

describe('an npm workspace', () => {
  beforeAll(() => {
    write(WORKSPACE, {
      'package.json': { name: 'all', private: true, workspaces: ['packages/*'] },
      'packages/specs/package.json': {
        name: '@acme/specs',
        version: '1.0.0',
        type: 'module',
        exports: { './*': './src/*.ts' },
        devDependencies: { fairlead: `file:${tarball}` },
      },
      'packages/specs/src/lock.ts': LOCK,
      'packages/app/package.json': {
        name: '@acme/app',
        version: '1.0.0',
        type: 'module',
        devDependencies: { '@acme/specs': '1.0.0', fairlead: `file:${tarball}` },
      },
      // What one package declares, another one has models of.
      'packages/app/specs/models.ts': `
import { lock } from '@acme/specs/lock';

export const three = lock.model({ threads: 3 });
`,
    });
    const { status, stderr } = npm(WORKSPACE, ...INSTALL);
    expect([status, stderr]).toEqual([0, '']);
  }, 300_000);

  it('checks specs of a package, from it and from the root', async () => {
    const own = await fairlead(WORKSPACE, 'check', 'packages/specs/src');
    expect(own.out).toContain('✓ 1 model of 1 spec, all as expected');
    const other = await fairlead(WORKSPACE, 'check', 'packages/app/specs');
    expect(other.out + other.error).toContain('✓ three');
    expect([own.code, other.code]).toEqual([0, 0]);
  });
});
