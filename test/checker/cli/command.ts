import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { interruptOn } from '../../../checker/cli/interrupt.ts';
import { runCommand } from '../../../checker/cli/main-thread.ts';

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Instead of the built one. */
  readonly command?: string;
}

/**
 * Runs the command from source in this process, in a folder: what it would print, and its exit code. Costs a tenth of a
 * new process, which has to load TypeScript first. `watch` sees it all as it comes.
 */
export async function fairlead(
  args: readonly string[],
  { cwd = '.', watch = () => {} }: Pick<RunOptions, 'cwd'> & { readonly watch?: (text: string) => void } = {},
): Promise<Ended> {
  const home = process.cwd();
  let out = '';
  let error = '';
  process.chdir(cwd);
  try {
    const code = await runCommand(args, {
      entry: pathToFileURL(builtCommand()),
      terminal: { color: { out: false, error: false }, width: 100, live: false, links: false },
      interrupt: interruptOn(new SharedArrayBuffer(4)),
      evaluation: { patience: 1 },
      progress: watch,
      out: (text) => {
        out += text;
        watch(text);
      },
      error: (text) => {
        error += text;
        watch(text);
      },
    });
    return { code, out, error };
  } finally {
    process.chdir(home);
  }
}

/** Runs the built command in a process of its own. Not colored, and no terminal. */
export function fairleadProcess(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [options.command ?? builtCommand(), ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], FAIRLEAD_CACHE: CACHE, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
  });
}

/** Not the one of whoever runs the tests. */
const CACHE = join(tmpdir(), 'fairlead-test-cache');

/** @throws Error when the command could not be built. */
export function builtCommand(): string {
  const built = inject('builtCommand');
  if ('failure' in built) throw new Error(`the command could not be built:\n${built.failure}`);
  return built.path;
}

/** A new folder with these files; its path has a space. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fairlead test ')));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A lock that two threads take in turns or never: small, with a property that holds, one that does not, and a witness. */
export const LOCK = `import { all, count, ids, leadsTo, spec, weak, when, z } from 'fairlead';

const Thread = ids('Thread', (p) => p.threads);

/** A lock. */
export const lock = spec('lock', {
  params: { threads: z.int().min(1).max(3).default(2) },
  state: () => ({ owner: z.nullable(Thread), waiting: z.set(Thread) }),
});

export const ask = lock.action({ t: Thread }, (s, { t }) => {
  when(s.owner !== t && !s.waiting.has(t));
  s.waiting.add(t);
});

export const take = lock.action({ t: Thread }, (s, { t }) => {
  when(s.owner === null && s.waiting.has(t));
  s.waiting.delete(t);
  s.owner = t;
});

export const release = lock.action((s) => {
  when(s.owner !== null);
  s.owner = null;
});

/** Who waits does not own. */
export const apart = lock.invariant((s) => all(Thread, (t) => !(s.owner === t && s.waiting.has(t))));

export const crowded = lock.sometimes((s, p) => s.waiting.size === p.threads);

/** Whoever asks gets it. */
export const served = lock.property((s) => all(Thread, (t) => leadsTo(s.waiting.has(t), s.owner === t)));

export const scheduler = lock.fairness(weak(take, release));

export const alone = lock.model({ threads: 1 });
export const two = lock.model({}, { violates: [served] });
`;
