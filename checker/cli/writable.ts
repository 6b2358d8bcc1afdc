import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageProblem } from './problem.ts';

/**
 * Refuses a place that cannot be written to, before the work whose result is to stand there is begun. Makes nothing.
 *
 * @throws UsageProblem when the file is a folder, or what is to hold it is none or does not let itself be written to.
 */
export function refuseUnwritable(file: string): void {
  const found = statOf(file);
  if (found?.isDirectory() === true) throw new UsageProblem(`${file} cannot be written: it is a folder`);
  refuseUnwritablePath(file, found === undefined ? dirname(resolve(file)) : file);
}

/** The same for a folder that need not exist yet. */
export function refuseUnwritableFolder(folder: string): void {
  refuseUnwritable(join(folder, 'index.html'));
}

function refuseUnwritablePath(file: string, path: string): void {
  const found = statOf(path);
  if (found === undefined) {
    refuseUnwritablePath(file, dirname(path));
    return;
  }
  if (path !== file && !found.isDirectory()) {
    throw new UsageProblem(`${file} cannot be written: ${path} is no folder`);
  }
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageProblem(`${file} cannot be written: ${(error as Error).message}`);
  }
}

/** What is there; undefined also where a file stands in place of a folder that would hold it. */
function statOf(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
