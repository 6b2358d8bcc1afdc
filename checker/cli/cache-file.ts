import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolder } from './write-file.ts';

/** What was cached at a path; undefined when there is nothing, or not all that was written. */
export function readCached(path: string): Buffer | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return undefined;
  }
  const end = content.length - SEAL;
  if (end < 0) return undefined;
  const cached = content.subarray(0, end);
  // V8 looks at no more than the head of what it is given, and a flipped bit behind it ends the process.
  return crc32(cached) === content.readUInt32LE(end) ? cached : undefined;
}

/**
 * Caches contents for later runs, so that whoever reads or writes the same path meanwhile sees all of it or nothing. In a
 * folder that comes to hold too much, what was written longest ago is removed. Whether it could be done is not reported:
 * with a read-only home or a full disk there is nothing to read next time.
 */
export function writeCached(files: readonly { readonly path: string; readonly content: Uint8Array }[]): void {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  try {
    for (const folder of folders) makeFolder(folder);
    for (const { path, content } of files) {
      const seal = Buffer.alloc(SEAL);
      seal.writeUInt32LE(crc32(content));
      const draft = `${path}.${process.pid}.tmp`;
      writeFileSync(draft, Buffer.concat([content, seal]));
      renameSync(draft, path);
    }
    for (const folder of folders) prune(folder);
  } catch {
    // As if there were no cache.
  }
}

const SEAL = 4;
const MOST = { files: 1000, bytes: 200 * 2 ** 20 };

function prune(folder: string): void {
  const entries = readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ path, size: stat.size, time: stat.mtimeMs }] : [];
    })
    .sort((left, right) => right.time - left.time);
  let bytes = 0;
  for (const [index, { path, size }] of entries.entries()) {
    bytes += size;
    if (MOST.files <= index || MOST.bytes < bytes) rmSync(path, { force: true });
  }
}
