import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds that building them takes at most. */
const LONGEST = 180_000;
const LOCK = join(root, '.fairlead/types-at-work');

/**
 * The typings as they are shipped, built from the sources under test, once for all files of tests.
 *
 * @returns their folder.
 * @throws Error with what the compiler says.
 */
export async function typesUnderTest(): Promise<string> {
  const folder = '.fairlead/types-under-test';
  while (!locked()) await setTimeout(100);
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['.ci/types.js', folder], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stdout + stderr);
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
  return join(root, folder);
}

function locked(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    // Of a run that was killed it is still there.
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (LONGEST < Date.now() - since) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}
