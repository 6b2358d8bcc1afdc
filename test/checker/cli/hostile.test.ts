import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { clock } from '../../../checker/clock.ts';
import { builtCommand, fairleadProcess, folderWith } from './command.ts';

/*
 * What nobody writes on purpose, but somebody or something will: a command answers to all of it with a code that its help
 * lists, and a first line that says what is wrong, and soon.
 */

interface Hostile {
  readonly files?: Readonly<Record<string, string>>;
  /** With spaces between. */
  readonly command: string;
  readonly code: number;
  /** The first line of standard error, or of standard output where nothing is there. */
  readonly says: string | RegExp;
}

const HEAD = "import { all, always, pick, spec, when, z } from 'fairlead';\n";

/** A spec of one number that goes round, with what is to be looked at in one of its places. */
function specWith(part: { before?: string; state?: string; body?: string; is?: string; after?: string }): string {
  return `${HEAD}${part.before ?? ''}
export const m = spec('odd', { state: () => ({ x: z.int().min(0).max(3), ${part.state ?? ''} }) });
export const go = m.action((s) => { ${part.body ?? 's.x = (s.x + 1) % 4;'} });
export const inv = m.invariant((s) => ${part.is ?? 's.x < 4'});
${part.after ?? ''}`;
}

const within = (before: string, inner: string, after: string, times: number): string =>
  before.repeat(times) + inner + after.repeat(times);

const list = (times: number, at: (index: number) => string): string[] => Array.from({ length: times }, (_, i) => at(i));

const HOLDS = { command: 'check odd.ts --quiet --no-cache', code: 0, says: /^✓ 1 model of 1 spec/ };

/** What stands within itself so often that a parser, or something after it, would run out of its stack. */
const DEEP: Readonly<Record<string, string>> = {
  '3,000 parentheses': specWith({ is: within('(', 's.x < 4', ')', 3000) }),
  '490 conjunctions, one within the other': specWith({ is: within('(s.x >= 0 && ', 's.x < 4', ')', 490) }),
  '300 nested conditionals': specWith({ is: within('(s.x === 0 ? true : ', 's.x < 4', ')', 300) }),
  '4,000 negations': specWith({ is: `${'!'.repeat(4000)}(s.x < 4)` }),
  'a sum of 4,900': specWith({ body: `s.x = (${list(4900, () => '0').join(' + ')} + s.x + 1) % 4;` }),
  'a sum of 2,000': specWith({ is: `${list(2000, () => 's.x').join(' + ')} >= 0` }),
  '2,000 blocks': specWith({ body: within('{ ', 's.x = (s.x + 1) % 4;', ' }', 2000) }),
  '400 ifs': specWith({ body: within('if (s.x < 4) { ', 's.x = (s.x + 1) % 4;', ' }', 400) }),
  '300 objects': specWith({ state: `y: ${within('z.object({ k: ', 'z.boolean()', ' })', 300)}` }),
  '300 arrays': specWith({ state: `y: ${within('z.array(', 'z.boolean()', ').length(1)', 300)}` }),
  '1,000 lists': specWith({ is: within('[', 's.x < 4', '][0]', 1000) }),
  '2,000 times always': specWith({
    after: `export const p = m.property((s) => ${within('always(', 's.x < 4', ')', 2000)});`,
  }),
  '600 functions that call one another': specWith({
    before: list(600, (i) => `const f${i} = (n: number): boolean => ${i === 0 ? 'n < 4' : `f${i - 1}(n)`};\n`).join(''),
    is: 'f599(s.x)',
  }),
};

const TOO_MANY = 'error[FL007]: more than 500 conditions stand within each other here';

const TOO_DEEP = 'error[FL007]: more than 5,000 levels stand within each other here';

/** What is nested too deeply even so, or runs on. */
const REFUSED: Readonly<Record<string, [text: string, says: string | RegExp]>> = {
  '1,000 alternatives': [specWith({ is: list(1000, (i) => `s.x === ${i % 4}`).join(' || ') }), TOO_MANY],
  '600 else-ifs': [specWith({ body: list(600, () => 'if (s.x === 1) { s.x = 2; }').join(' else ') }), TOO_MANY],
  ...Object.fromEntries(
    [6000, 100_000].flatMap((times): [what: string, refused: [text: string, says: string]][] => [
      [`${times} ones`, [specWith({ body: `s.x = ${list(times, () => '1').join(' + ')};` }), TOO_DEEP]],
      [`${times} values`, [specWith({ is: `${list(times, () => 's.x').join(' + ')} >= 0` }), TOO_DEEP]],
      [`${times} parentheses`, [specWith({ is: within('(', 's.x < 4', ')', times) }), TOO_DEEP]],
      [`${times} negations`, [specWith({ is: `${'!'.repeat(times)}(s.x < 4)` }), TOO_DEEP]],
      [`${times} blocks`, [specWith({ body: within('{ ', 's.x = 1;', ' }', times) }), TOO_DEEP]],
      [`${times} members`, [specWith({ before: `const a: any = 0; a${'.b'.repeat(times)};` }), TOO_DEEP]],
      [`${times} types`, [specWith({ before: `type T = ${within('[', '1', ']', times)};` }), TOO_DEEP]],
      [`${times} texts`, [specWith({ before: `const a = ${list(times, () => '"a"').join(' + ')};` }), TOO_DEEP]],
    ]),
  ),
  '300,000 parentheses': [
    specWith({ is: within('(', 's.x < 4', ')', 300_000) }),
    'error[FL007]: what stands here is nested too deeply',
  ],
  'a function that calls itself for ever': [
    specWith({ before: 'const f = (n: number): number => 1 + f(n + 1);\nf(0);' }),
    'error[FL005]: evaluating the spec failed: RangeError: Maximum call stack size exceeded',
  ],
  'a process that is to end': [
    specWith({ before: '(globalThis as any).process.exit(0);' }),
    'error[FL005]: evaluating the spec failed: a spec cannot end the process',
  ],
  'a promise that fails': [
    specWith({ before: "(globalThis as any).Promise.reject(new Error('later'));" }),
    'error: something that the spec has started failed: later',
  ],
  'an odd thing that is thrown': [
    'throw { toString() { throw 1 } }',
    'error[FL005]: evaluating the spec failed: something that cannot be shown was thrown',
  ],
  'a state that throws': [
    specWith({ state: "get y() { throw new Error('got'); return z.boolean(); }" }),
    'error[FL018]: the variables of the spec cannot be evaluated: got',
  ],
};

const CASES: Readonly<Record<string, Hostile>> = {
  ...Object.fromEntries(Object.entries(DEEP).map(([what, text]) => [what, { ...HOLDS, files: { 'odd.ts': text } }])),
  ...Object.fromEntries(
    Object.entries(REFUSED).map(([what, [text, says]]) => [
      what,
      { files: { 'odd.ts': text }, command: 'check odd.ts --no-cache', code: 2, says },
    ]),
  ),
  ...Object.fromEntries(
    ['abc', '-1', '1e99', '0', '1.5'].map((n) => [
      `--max-states ${n}`,
      {
        files: { 'odd.ts': specWith({}) },
        command: `check odd.ts --max-states ${n}`,
        code: 2,
        says: `error: option '--max-states <n>' argument '${n}' is invalid. It has to be a number from 1 up.`,
      },
    ]),
  ),
  'an unknown option': { command: 'check --nope', code: 2, says: "error: unknown option '--nope'" },
  'an unknown command': { command: 'frob', code: 2, says: "error: unknown command 'frob'" },
  'a file that is not there': { command: 'check gone.ts', code: 2, says: 'error: there is no file or folder gone.ts' },
  'a folder with the name of a file': {
    files: { 'odd.ts/README.md': '' },
    command: 'check odd.ts',
    code: 2,
    says: 'error: there is no spec in odd.ts',
  },
  'an empty file': {
    files: { 'odd.ts': '' },
    command: 'check odd.ts',
    code: 2,
    says: 'error: there is no spec in odd.ts',
  },
  'what is no text': {
    files: { 'odd.ts': '\u0000\u0001\ufffd\u0007\u001b[31m' },
    command: 'check odd.ts',
    code: 2,
    says: 'error[FL002]: invalid character',
  },
  'a system that is none': {
    files: { 'odd.json': '[' },
    command: 'check odd.json',
    code: 2,
    says: 'error: odd.json is damaged, or no system that Fairlead wrote',
  },
  'a trace that is none': {
    files: { 'odd.json': '{', 'odd.ts': specWith({}) },
    command: 'replay odd.json odd.ts',
    code: 2,
    says: 'error: odd.json holds no traces',
  },
  'a comment of 20 megabytes': {
    ...HOLDS,
    files: { 'odd.ts': `/* ${'x'.repeat(20_000_000)} */${specWith({})}` },
  },
  'a timer that never ends': {
    ...HOLDS,
    files: { 'odd.ts': specWith({ before: '(globalThis as any).setInterval(() => {}, 1000);' }) },
  },
};

describe('the command answers to', () => {
  it.each(Object.entries(CASES))('%s', async (_, { files = {}, command, code, says }) => {
    const ended = await fairleadProcess(command.split(' '), { cwd: folderWith(files) });
    const [first = ''] = (ended.error === '' ? ended.out : ended.error).split('\n');
    if (typeof says === 'string') expect(first).toBe(says);
    else expect(first).toMatch(says);
    expect(ended.code).toBe(code);
  });
});

describe('a cache', () => {
  it('with anything else in its files is built again', async () => {
    const cwd = folderWith({ 'odd.ts': specWith({}) });
    const cache = join(cwd, 'cache');
    const run = async () => {
      const environment = { FAIRLEAD_CACHE: cache };
      const { code, out, error } = await fairleadProcess(['check', 'odd.ts', '--quiet'], { cwd, environment });
      return { code, error, out: out.replace(/[\d.]+ (ms|s)\)/, '') };
    };
    const first = await run();
    expect(first.code).toBe(0);
    const damages: ((whole: Buffer) => Buffer)[] = [
      (whole) => whole.subarray(0, whole.length >> 1),
      () => Buffer.from('garbage that is longer than a checksum'),
      () => Buffer.alloc(0),
      // Whole by its checksum, and yet nothing that this version has written.
      () => Buffer.concat([Buffer.from('garbage'), Buffer.from(Uint32Array.of(crc32('garbage')).buffer)]),
    ];
    for (const damage of damages) {
      const files = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(files.map(({ name }) => extname(name))).toEqual(expect.arrayContaining(['.spec', '.kernel']));
      for (const { parentPath, name } of files) {
        // V8 itself trusts what it is given of its own code, behind our checksum.
        if (name.endsWith('.code') && damage === damages.at(-1)) continue;
        const path = join(parentPath, name);
        writeFileSync(path, damage(readFileSync(path)));
      }
      expect(await run()).toEqual(first);
    }
  });

  it('is shared by two runs at once', async () => {
    const cwd = folderWith({ 'odd.ts': specWith({}) });
    const environment = { FAIRLEAD_CACHE: join(cwd, 'cache') };
    const runs = [1, 2, 3].map(() => fairleadProcess(['check', 'odd.ts', '--quiet'], { cwd, environment }));
    expect((await Promise.all(runs)).map(({ code, error }) => [code, error])).toEqual(Array(3).fill([0, '']));
  });
});

describe('a pipe that is closed at once', () => {
  it.each(['check', 'simulate', 'compile', 'compile --emit tla', 'graph', 'docs', 'explore'])(
    'ends %s with a code that is no verdict',
    async (command) => {
      const cwd = folderWith({ 'odd.ts': specWith({}) });
      const child = spawn(process.execPath, [builtCommand(), ...command.split(' '), 'odd.ts', '--no-cache'], { cwd });
      child.stdout.destroy();
      let error = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(error).not.toContain('    at ');
      expect([0, 3]).toContain(code);
    },
  );
});

describe('a full disk', () => {
  const cwd = folderWith({ 'odd.ts': specWith({}), 'full/.keep': '' });
  const full = join(cwd, 'full');
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]);
  const reason = mounted.status === 0 ? undefined : 'a disk can only be mounted by root';
  const old = 'what was there before';
  if (reason === undefined) {
    writeFileSync(join(full, 'page.html'), old);
    try {
      writeFileSync(join(full, 'filler'), Buffer.alloc(128 * 1024));
    } catch {
      // Until it was full.
    }
  }
  afterAll(() => {
    if (reason === undefined) spawnSync('umount', [full]);
  });

  it
    .skipIf(reason !== undefined)
    .each([
      'check odd.ts --html full/page.html',
      'explore odd.ts -o full/page.html',
      'compile odd.ts -o full/odd.ir.json',
      'compile odd.ts --emit tla -o full/tla',
      'graph odd.ts -o full/odd.svg',
      'docs odd.ts -o full/docs',
    ])('is told by %s', async (command) => {
    const { code, error } = await fairleadProcess(command.split(' '), { cwd });
    expect(error).toMatch(/^error: full\/.* cannot be written.*ENOSPC/m);
    expect(code).toBe(2);
    expect(readFileSync(join(full, 'page.html'), 'utf8')).toBe(old);
    expect(readdirSync(full).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is no hindrance to a cache', async ({ skip }) => {
    skip(reason !== undefined, reason);
    const environment = { FAIRLEAD_CACHE: join(full, 'cache') };
    const { code, error } = await fairleadProcess(['check', 'odd.ts', '--quiet'], { cwd, environment });
    expect(error).toBe('');
    expect(code).toBe(0);
  });
});

describe('few addresses', () => {
  const status = '/proc/self/status';
  const reason = existsSync(status) ? undefined : 'a system that does not say how many addresses a process has';
  /** Kibibytes that Node.js takes by itself, which depends on its version. */
  const taken = (): number => {
    const read = `console.log(/VmSize:\\s*(\\d+)/.exec(require('fs').readFileSync('${status}', 'utf8'))[1])`;
    return Number(spawnSync(process.execPath, ['-e', read]).stdout.toString());
  };
  const run = async (more: number, spec: string) => {
    const limited = `ulimit -v ${taken() + more * 1024}; exec "$0" "$@"`;
    const args = [process.execPath, builtCommand(), 'check', 'odd.ts', '--no-cache', '--quiet'];
    const child = spawn('sh', ['-c', limited, ...args], { cwd: folderWith({ 'odd.ts': spec }) });
    let error = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
    const code = await new Promise((resolve) => child.on('close', (ended, signal) => resolve(ended ?? signal)));
    return { code, error };
  };
  /** Takes longer than a check may take in the first thread. */
  const long = specWith({
    state: 'y: z.array(z.int().min(0).max(9)).length(5)',
    after: `export const turn = m.action({ i: z.int().min(0).max(4) }, (s, { i }) => { s.y[i] = (s.y[i]! + 1) % 10; });`,
  });
  const deep = specWith({ is: within('(', 's.x < 4', ')', 4900) });

  it.skipIf(reason !== undefined).each([450, 700, 1000, 1500, 3000])(
    'but %i megabytes more than Node.js has are enough for a long check',
    async (more) => {
      expect(await run(more, long)).toEqual({ code: 0, error: '' });
    },
  );

  it.skipIf(reason !== undefined)('for a thread are said to be too few', async () => {
    const { code, error } = await run(600, deep);
    expect(error).toMatch(/^error: there is not enough memory for a thread\n/);
    expect(code).toBe(3);
  });

  it.skipIf(reason !== undefined)('but enough for a thread are enough for what is nested deeply', async () => {
    expect(await run(1800, deep)).toEqual({ code: 0, error: '' });
  });
});

/** Every command that evaluates a spec; `replay` needs a trace beside it. */
const EVALUATE = ['check', 'simulate', 'docs', 'compile', 'explore', 'graph', 'replay trace.itf.json'];

/** A file beside specs that `replay` takes. */
const TRACE = { 'trace.itf.json': '{ "#meta": {}, "vars": ["x"], "states": [{ "x": 0 }] }' };

/** How a command on a spec ends that gets a signal some milliseconds after it was started. */
async function signaled(command: string, spec: string, signal: 'SIGINT' | 'SIGTERM', after: number) {
  const child = spawn(process.execPath, [builtCommand(), ...command.split(' '), 'odd.ts', '--no-cache'], {
    cwd: folderWith({ 'odd.ts': spec, ...TRACE }),
  });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  await new Promise((resolve) => setTimeout(resolve, after));
  const sent = clock();
  child.kill(signal);
  const by = await new Promise((resolve) => child.on('close', (code, name) => resolve(code ?? name)));
  expect(clock() - sent).toBeLessThan(5000);
  return { by, error };
}

const everyWay = EVALUATE.flatMap((command) => (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ command, signal })));

describe('a spec that is compiled for long', () => {
  /** For what is assigned, TypeScript goes through all assignments before it. */
  const types = specWith({
    before: `export const never = (s: { x: number }): void => { ${list(60_000, () => 's.x = 1;').join(' ')} };`,
  });
  /** What is known of a local goes to the next one each time that the body is lowered again. */
  const locals = specWith({
    body: `${list(1500, (i) => `let a${i} = 0;`).join(' ')}
for (const b of [true, false]) { ${list(1499, (i) => `a${i} = a${i + 1};`).join(' ')} a1499 = b ? s.x : 0; }
s.x = a0;`,
  });

  it.each(everyWay)('by $command, while types are checked, ends with $signal', async ({ command, signal }) => {
    expect(await signaled(command, types, signal, 1500)).toEqual({ by: signal, error: '' });
  });

  it.each(everyWay.filter(({ command }) => /^(check|compile)/.test(command)))(
    'by $command, while bodies are lowered, ends with $signal',
    async ({ command, signal }) => {
      expect(await signaled(command, locals, signal, 4000)).toEqual({ by: signal, error: '' });
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('in a thread ends with %s', async (signal) => {
    // What is nested so deeply is read again, from its beginning, with a larger stack.
    const deep = `${types}\nconst deep = ${within('(', '1', ')', 4900)};`;
    const ends: unknown[] = [];
    // Where the processors are busy it takes longer to get there, and until then nobody hears a signal.
    for (const after of [3000, 9000, 27_000]) {
      const end = await signaled('check', deep, signal, after);
      ends.push(end);
      if (end.by !== signal) break;
    }
    expect(ends.at(-1)).toEqual({ by: 3, error: 'error: interrupted\n' });
  });
});

describe('a spec that is never evaluated', () => {
  const spec = 'for (;;) {}\n';

  it.each(everyWay)('by $command ends with $signal', async ({ command, signal }) => {
    // After a second it is evaluated in a thread.
    const error = 'error: interrupted while odd.ts was evaluated\n';
    if (command === 'check') expect(await signaled(command, spec, signal, 3500)).toEqual({ by: 3, error });
    else expect(await signaled(command, spec, signal, 700)).toEqual({ by: signal, error: '' });
  });

  it('ends by itself after some seconds', async () => {
    const { code, error } = await fairleadProcess(['check', 'odd.ts', '--no-cache'], {
      cwd: folderWith({ 'odd.ts': spec }),
    });
    expect(error).toMatch(/^error\[FL005\]: evaluating the spec failed: it was not done after 10 seconds\n/);
    expect(code).toBe(2);
  });
});
