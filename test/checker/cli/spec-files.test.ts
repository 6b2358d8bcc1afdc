import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSpecFiles } from '../../../checker/cli/spec-files.ts';

/** A new folder with these empty files. */
function folderWith(...paths: string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fairlead files ')));
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  return folder;
}

function found(folder: string, ...paths: string[]): string[] {
  return findSpecFiles(paths.map((path) => join(folder, path))).map(({ path }) => relative(folder, path));
}

describe('the files of a folder', () => {
  it('are all TypeScript files below it, in the order of their names', () => {
    const folder = folderWith('b.ts', 'a.ts', 'c/d.ts', 'c/a.mts', 'README.md', 'x.js');
    expect(found(folder, '.')).toEqual(['a.ts', 'b.ts', 'c/a.mts', 'c/d.ts']);
  });

  it('are no tests, declarations, or what lies in node_modules, dist and dot folders', () => {
    const folder = folderWith(
      'a.ts',
      'a.test.ts',
      'a.spec.ts',
      'a.d.ts',
      'node_modules/x/i.ts',
      'dist/i.ts',
      '.cache/i.ts',
      '.a.ts',
    );
    expect(found(folder, '.')).toEqual(['a.ts']);
  });

  it('count once, however often they are named', () => {
    const folder = folderWith('a.ts', 'b/c.ts');
    symlinkSync(join(folder, 'a.ts'), join(folder, 'b', 'link.ts'));
    expect(found(folder, '.', 'a.ts', 'b')).toEqual(['a.ts', 'b/c.ts']);
    expect(findSpecFiles([folder, join(folder, 'a.ts')])[0]?.explicit).toBe(true);
  });
});

describe('a path is refused', () => {
  it('when it is not there, with the nearest that is', () => {
    const folder = folderWith('lease.ts');
    expect(() => found(folder, 'leese.ts')).toThrow(
      `there is no file or folder ${join(folder, 'leese.ts')} (did you mean ${join(folder, 'lease.ts')}?)`,
    );
    expect(() => found(folder, 'no/where.ts')).toThrow(/^there is no file or folder .*where\.ts$/);
  });

  it('when it is no TypeScript', () => {
    expect(() => found(folderWith('lease.md'), 'lease.md')).toThrow('lease.md is no spec');
  });
});
