import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEAF } from '../checker/cli/check-model.ts';
import { MAX_SET_ELEMENTS } from '../checker/plan/shape.ts';
import { MAX_STATES } from '../checker/search/state-set.ts';
import { LONGEST_EVALUATION } from '../dsl/compiler/evaluation.ts';
import { MOST_CONDITIONS, MOST_LEVELS } from '../dsl/compiler/nesting.ts';
import { MOST_CALLS, MOST_PARTS } from '../dsl/compiler/too-large.ts';
import { fairlead, folderWith } from './checker/cli/command.ts';
import { brokenLinksIn } from './support/pages.ts';
import { walkTutorial, withoutTimes } from './support/tutorial.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function pagesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pagesIn(path) : path.endsWith('.md') ? [path] : [];
  });
}

const pages = ['README.md', ...pagesIn('docs'), ...pagesIn('specs')].filter((page) => existsSync(join(root, page)));

/** The contents of a page's fenced blocks of one language. */
function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block!);
}

it('the README shows what its command prints about its spec', async () => {
  const page = read('README.md');
  const [spec, ...otherSpecs] = blocksOf(page, 'ts');
  const [output, ...otherOutputs] = blocksOf(page, 'text');
  expect([otherSpecs, otherOutputs]).toEqual([[], []]);
  const { out, error, code } = await fairlead(['check', 'lease.ts'], { cwd: folderWith({ 'lease.ts': spec! }) });
  expect(error).toBe('');
  expect(withoutTimes(out)).toBe(withoutTimes(output!));
  expect(code).toBe(0);
});

it.each(blocksOf(read('docs/language.md'), 'ts example').map((spec) => [/spec\("([^"]*)"/.exec(spec)![1]!, spec]))(
  'the example "%s" of the language is as it expects to be',
  async (_, spec) => {
    const { out, code } = await fairlead(['check', 'example.ts'], { cwd: folderWith({ 'example.ts': spec }) });
    expect(out).toContain('all as expected');
    expect(code).toBe(0);
  },
);

it('the tutorial shows what its commands print, step by step', async () => {
  const folder = folderWith({ 'package.json': '{}' });
  const outputs = await walkTutorial(read('docs/tutorial.md'), folder, (args) => fairlead(args, { cwd: folder }));
  for (const { printed, shown } of outputs) expect(printed).toBe(shown);
  expect(outputs.length).toBe(8);
});

it('the story of the lease protocol shows what its commands print', { timeout: 300_000 }, async () => {
  let printed: readonly string[] = [];
  let outputs = 0;
  for (const [, language, block] of read('specs/vmm-drv/README.md').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (language === 'sh') {
      const [npx, command, ...args] = block!.trim().split(' ');
      expect([npx, command]).toEqual(['npx', 'fairlead']);
      const { out, code } = await fairlead(args, { cwd: root });
      expect(code).toBe(0);
      printed = withoutTimes(out).split('\n');
    } else {
      // What stands between two lines with an ellipsis is printed so, line by line.
      for (const part of withoutTimes(block!)
        .trimEnd()
        .split(/\n *…\n/)) {
        expect(`\n${printed.join('\n')}\n`).toContain(`\n${part.trimEnd()}\n`);
      }
      outputs += 1;
    }
  }
  expect(outputs).toBe(9);
});

describe('docs/language.md', () => {
  it.each(['dsl/index.ts', 'dsl/sync/index.ts'])('has every word that %s exports', (index) => {
    const words = [...read(index).matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) =>
      names!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
    const page = read('docs/language.md');
    expect(words.length).toBeGreaterThan(15);
    expect(words.filter((word) => !new RegExp(`\`(s\\.|weak\\.)?${word}\\b`).test(page))).toEqual([]);
  });
});

describe('docs/ARCHITECTURE.md', () => {
  it('has every room', () => {
    const rooms = ['dsl', 'checker'].flatMap((half) =>
      readdirSync(join(root, half), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && readdirSync(join(root, half, entry.name)).length > 0)
        .map((entry) => `${half}/${entry.name}`),
    );
    const page = read('docs/ARCHITECTURE.md');
    expect(rooms.filter((room) => !page.includes(`**\`${room}\`**`))).toEqual([]);
  });

  it('names only files that are there', () => {
    const files = [...read('docs/ARCHITECTURE.md').matchAll(/`((?:dsl|checker|test)\/[\w./-]+\.ts)`/g)].map(
      ([, file]) => file!,
    );
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

it('links only to pages that are there', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
      .map((target) => `${relative('.', page)} → ${target}`),
  );
  expect(broken).toEqual([]);
});

it('the pages of specs link only to pages, headings and sources that are there', () => {
  expect(brokenLinksIn(join(root, 'docs/specs'))).toEqual([]);
});

it('the diagrams of specs are small enough for GitHub to draw them', () => {
  const tooLarge = pagesIn('docs/specs').filter((page) =>
    blocksOf(read(page), 'mermaid').some((diagram) => diagram.length > 50_000),
  );
  expect(tooLarge).toEqual([]);
});

describe('pages have the numbers of the code', () => {
  const superscript = (power: number): string =>
    String(power).replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
  const grouped = (number: number): string => number.toLocaleString('en');
  const inWords = (number: number): string => ({ 10: 'ten' })[number] ?? String(number);

  it.each([
    ['docs/limits.md', `or after 2${superscript(Math.log2(MAX_STATES))} states`],
    ['docs/limits.md', `during the first ${DEAF / 1000} s of a search`],
    ['docs/limits.md', `It may take ${inWords(LONGEST_EVALUATION)} seconds; then it is rejected`],
    ['docs/limits.md', `${grouped(MOST_CALLS)} calls in a body`],
    ['docs/limits.md', `${grouped(MOST_PARTS)} parts of a value`],
    ['docs/limits.md', `Up to ${grouped(MOST_CONDITIONS)} conditions may stand within each other`],
    ['docs/limits.md', `Other things may be nested ${grouped(MOST_LEVELS)} deep`],
    ['docs/internals/engine.md', `At most ${grouped(MAX_SET_ELEMENTS)} possible elements`],
  ])('%s: %s', (page, sentence) => {
    expect(read(page)).toContain(sentence);
  });
});
