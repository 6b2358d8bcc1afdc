import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageProblem } from './problem.ts';

/**
 * Writes a whole file: beside its place first, which then gets its name, so that a full disk or a killed process leaves
 * what was there before as it was. What is no regular file, such as `/dev/stdout`, is written to as it is.
 *
 * @throws Error of the file system; nothing is left behind then.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) return writeFileSync(path, content);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content, found === undefined ? {} : { mode: found.mode });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Writes a file that somebody asked for, as {@link writeWhole} does, and makes the folders that it stands in.
 *
 * @throws UsageProblem when it cannot be written.
 */
export function writeAsked(path: string, content: string): void {
  try {
    makeFolder(dirname(path));
    writeWhole(path, content);
  } catch (error) {
    throw new UsageProblem(`${path} cannot be written: ${(error as Error).message}`);
  }
}

/** Makes a folder and those above it, one at a time: Node.js goes on for ever where one cannot be made, as in `/proc`. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // another run may have made it meanwhile
  }
}
