import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Texts that stand for files while a spec is compiled, by absolute path: what an editor has not saved yet, or another
 * version of it. `null` says that there is no such file. Whatever is not mentioned is read from the disk.
 */
export type Overlay = ReadonlyMap<string, string | null>;

/** The files that a compilation sees, by absolute path. Each is looked up when it is asked for: nothing is remembered. */
export interface Files {
  /** @throws Error when there is no such file, or it cannot be read. */
  readonly read: (path: string) => string;
  readonly isFile: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
  /** The same place without links on the way. */
  readonly realPath: (path: string) => string;
}

/** The disk, with what an overlay says in front of it. */
export function filesUnder(overlay: Overlay = NOTHING): Files {
  // Folders of files that are only in the overlay are there as well.
  const folders = new Set([...overlay].flatMap(([path, text]) => (text === null ? [] : foldersAround(path))));
  return {
    read(path) {
      const text = overlay.get(path);
      if (text === null) throw new Error('there is no such file');
      return text ?? readFileSync(path, 'utf8');
    },
    isFile: (path) => (overlay.has(path) ? overlay.get(path) !== null : isFileOnDisk(path)),
    isFolder: (path) => folders.has(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    realPath: (path) => (overlay.has(path) ? path : realpathSync(path)),
  };
}

/** The text of a file; undefined when there is none to be had. */
export function textOf(files: Files, path: string): string | undefined {
  try {
    return files.read(path);
  } catch {
    return undefined;
  }
}

const NOTHING: Overlay = new Map();

function foldersAround(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAround(folder)];
}

function isFileOnDisk(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // a file stands where a folder would have to be
  }
}
