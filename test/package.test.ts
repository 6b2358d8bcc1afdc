import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What `npm publish` would pack, but for what a build puts into `dist/`. */
function packed(): Set<string> {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return new Set(files.map(({ path }) => path));
}

/** A source file and everything that it imports from files beside it. */
function closureOf(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { fileName } of ts.preProcessFile(readFileSync(join(root, path), 'utf8')).importedFiles) {
    if (fileName.startsWith('.')) closureOf(relative(root, join(root, dirname(path), fileName)), seen);
  }
  return seen;
}

describe('the package', () => {
  const files = packed();

  it('has the sources of fairlead/sync, which the compiler reads, and of all that they import', () => {
    const sources = readdirSync(join(root, 'dsl/sync')).flatMap((file) => [...closureOf(`dsl/sync/${file}`)]);
    expect(sources).toContain('dsl/language/choice.ts');
    expect(sources.filter((source) => !files.has(source))).toEqual([]);
  });

  it('has its license, its pages and no test', () => {
    expect(['LICENSE', 'README.md', 'docs/language.md', 'package.json'].filter((file) => !files.has(file))).toEqual([]);
    expect([...files].filter((file) => /^(test|specs|docs\/specs|\.ci|checker)\//.test(file))).toEqual([]);
  });
});
