import type { ChildProcess } from 'node:child_process';
import type { Host } from './host.ts';

/** What opens a file or an address with the program that the user has chosen for it, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
  darwin: ['open'],
  // `start` is a word of the shell, and takes what stands first in quotes for a title.
  win32: ['cmd', '/c', 'start', ''],
};

/** On all other systems. */
const FREEDESKTOP = ['xdg-open'] as const;

/** Milliseconds in which an opener that finds no browser says so; one that finds some may stay as long as that does. */
const PATIENCE = 1000;

/** Opens a file or an address in a browser; where that is not possible, says what to open instead. Never fails. */
export async function openInBrowser(target: string, { error }: Pick<Host, 'error'>): Promise<void> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const [command, ...args] = OPENERS[process.platform] ?? FREEDESKTOP;
  const opener = spawn(command, [...args, target], { detached: true, stdio: 'ignore' });
  const failure = await failureOf(opener);
  opener.unref();
  if (failure !== undefined) {
    error(`no browser could be opened (${command} ${failure}); open it yourself: ${target}\n`);
  }
}

function failureOf(opener: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE);
    const end = (failure: string | undefined): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    opener.on('error', ({ code }: NodeJS.ErrnoException) =>
      end(code === 'ENOENT' ? 'is not installed' : `failed: ${code}`),
    );
    opener.on('exit', (code) => end(code === 0 ? undefined : `ended with ${code}`));
  });
}
