import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSpecFiles, wordLeftOut } from '../../../checker/cli/spec-files.ts';

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

  it('are called *.spec.ts when they are specs; of others, the command names those that are no tests either', () => {
    const folder = folderWith('a.ts', 'silent.test.ts');
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write('lock.spec.ts', `import { spec } from 'fairlead';`);
    write('sync.spec.ts', `import { mutex } from "fairlead/sync";`);
    write('vitest.spec.ts', `import { it } from 'vitest';\nimport { spec } from 'fairlead';`);
    write('matchers.spec.ts', `import { describeSpec } from 'fairlead/vitest';`);
    write('jest.spec.ts', `import { x } from './x';\ndescribe('x', () => {});`);
    write('models.spec.ts', `import { lock } from './lock.spec.ts';\nexport const one = lock.model();`);
    const leftOut: string[] = [];
    const all = findSpecFiles([folder], (paths) => leftOut.push(...paths)).map(({ path }) => relative(folder, path));
    expect(all).toEqual(['a.ts', 'lock.spec.ts', 'sync.spec.ts']);
    expect(leftOut.map((path) => relative(folder, path))).toEqual(['models.spec.ts']);
    expect(wordLeftOut(leftOut)).toMatch(/models\.spec\.ts is left out: .* does not import from "fairlead"/);
    expect(found(folder, 'models.spec.ts')).toEqual(['models.spec.ts']);
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
