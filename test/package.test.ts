import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { builtCommand } from './checker/cli/command.ts';
import { packedSources } from './support/tarball.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A source file and everything that it imports from files beside it. */
function closureOf(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { fileName } of ts.preProcessFile(read(path)).importedFiles) {
    if (fileName.startsWith('.')) closureOf(relative(root, join(root, dirname(path), fileName)), seen);
  }
  return seen;
}

/** Links of a page of Markdown, outside of code. */
function linksIn(page: string): readonly string[] {
  const text = page.replaceAll(/^( *)(```+)[^]*?^\1\2$/gm, '').replaceAll(/(`+)[^`].*?\1/g, '');
  return Array.from(text.matchAll(/\]\(([^()\s]+)\)/g), ([, target]) => target!);
}

describe('the package', () => {
  const files = new Set(packedSources());

  it('has the sources of fairlead/sync, which the compiler reads, and of all that they import', () => {
    const sources = readdirSync(join(root, 'dsl/sync')).flatMap((file) => [...closureOf(`dsl/sync/${file}`)]);
    expect(sources).toContain('dsl/language/choice.ts');
    expect(sources.filter((source) => !files.has(source))).toEqual([]);
  });

  it('has its license, its pages, its specs and nothing else', () => {
    const needed = ['LICENSE', 'README.md', 'docs/language.md', 'package.json', 'specs/classic/peterson.ts'];
    expect(needed.filter((file) => !files.has(file))).toEqual([]);
    const used =
      /^(LICENSE|README\.md|package\.json|dsl\/(language|sync|compiler\/typings)\/.*\.ts|docs\/(?!specs\/).*\.(md|png)|specs\/.*\.(ts|md))$/;
    expect([...files].filter((file) => !used.test(file))).toEqual([]);
  });

  it('has pages that link only to what is packed, or to the web', () => {
    const folders = new Set([...files].flatMap((file) => [dirname(file)]));
    const pages = [...files].filter((file) => file.endsWith('.md'));
    const broken = pages.flatMap((page) =>
      linksIn(read(page))
        .filter((link) => !/^(https?:|#)/.test(link))
        .map((link) => normalize(join(dirname(page), link.split('#')[0]!)).replace(/\/$/, ''))
        .filter((target) => !files.has(target) && !folders.has(target))
        .map((target) => `${page} → ${target}`),
    );
    expect(broken).toEqual([]);
    expect(pages.length).toBeGreaterThan(80);
  });

  it('runs nothing in a project that installs it', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^postpack|^dependencies$/.test(name))).toEqual(
      [],
    );
  });
});

describe('what is bundled', () => {
  const built = dirname(builtCommand());
  const parts = readFileSync(join(built, 'THIRD-PARTY-NOTICES.txt'), 'utf8').split(`\n${'='.repeat(80)}\n`);

  /** Packages that comments of the bundler name, in files that are not minified. */
  function packagesNamed(): readonly string[] {
    const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) => /\.c?js$/.test(name));
    const names = files.flatMap((name) => [
      ...readFileSync(join(built, name), 'utf8').matchAll(/^\/\/ (?:\S*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm),
    ]);
    return [...new Set(names.map(([, name]) => name!))];
  }
  /** What is in the files that are. */
  const MINIFIED = ['typescript', '@ts-morph/common', 'preact', 'uplot', '@dagrejs/dagre', '@dagrejs/graphlib'];

  it('has the license of every package', () => {
    const names = packagesNamed();
    expect(names).toEqual(expect.arrayContaining(['zod', 'commander', 'marked', 'ansis']));
    for (const name of [...names, ...MINIFIED]) {
      const text = parts.find((part) => part.trim().startsWith(`${name} `)) ?? '';
      expect([name, text.length]).toEqual([name, expect.toSatisfy((length: number) => 700 < length)]);
      expect(text).toMatch(/copyright|Apache License/i);
    }
  });

  it('has the notices that TypeScript asks to be shipped with it', () => {
    expect(parts.find((part) => part.trim().startsWith('typescript '))).toContain('TypeScript ThirdPartyNotices');
  });

  it('has no source maps: names of functions are kept, so that they would add nothing but their size', () => {
    const names = readdirSync(built, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.map'))).toEqual([]);
    expect(existsSync(join(built, 'checker.js'))).toBe(true);
  });
});
