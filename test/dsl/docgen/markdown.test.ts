import fc from 'fast-check';
import * as prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import { code, emphasis, link, list, paragraph, strong, table, text } from '../../../dsl/docgen/document.ts';
import type { Block } from '../../../dsl/docgen/document.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';
import { PIECES } from './markdown-pieces.ts';

const write = (...blocks: Block[]): string => documentToMarkdown({ title: 'T', origin: 'O', blocks });

/** What a block is written as, below the first line and the title. */
const written = (block: Block): string => write(block).split('\n\n').slice(2).join('\n\n').trimEnd();

it('two texts are written as a patch of one to the other', () => {
  const lines = [
    { side: 'both', text: 'a' },
    { side: 'first', text: '  b' },
    { side: 'second', text: '```' },
  ] as const;
  expect(written({ kind: 'difference', titles: ['left', 'right'], lines })).toBe('````diff\n  a\n-   b\n+ ```\n````');
});

interface Parsed {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Parsed[];
}

/** What a Markdown parser makes of some text, without the title. */
async function parse(markdown: string): Promise<readonly Parsed[]> {
  const debug = (prettier as unknown as { __debug: { parse(text: string, options: object): Promise<{ ast: Parsed }> } })
    .__debug;
  const { ast } = await debug.parse(markdown, { parser: 'markdown' });
  return ast.children!.filter(({ type }) => type !== 'html').slice(1);
}

/** What is read of it, as text. */
function read({ type, value = '', children = [] }: Parsed): string {
  if (type === 'break') return '\n';
  return type === 'html' ? '' : value + children.map(read).join('');
}

const flat = (words: string): string => words.replaceAll(/\s+/g, ' ').trim();

/** Text full of what Markdown reads as more than text. */
const awkward = fc
  .array(fc.constantFrom(...PIECES, '\n'), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((words) => words.trim() !== '');

describe('text in Markdown', () => {
  it('is read as it was meant, whatever characters it has', async () => {
    await fc.assert(
      fc.asyncProperty(awkward, async (words) => {
        const blocks = await parse(write(paragraph(text(words))));
        expect(blocks.map(({ type }) => type)).toEqual(['paragraph']);
        expect(flat(read(blocks[0]!))).toBe(flat(words));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is read as it was meant in a cell, beside code', async () => {
    await fc.assert(
      fc.asyncProperty(awkward, awkward, async (words, inCode) => {
        const rows = [[[text(words)], [code(inCode), text(' and '), strong(text('more'))]]];
        const [parsed] = await parse(write(table(['a', 'b'], rows)));
        expect(parsed!.type).toBe('table');
        const cells = parsed!.children![1]!.children!;
        expect(cells.map((cell) => flat(read(cell)))).toEqual([flat(words), flat(`${inCode} and more`)]);
        if (!inCode.includes('\\|') && inCode.trim() !== '') expect(cells[1]!.children![0]!.type).toBe('inlineCode');
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('leaves names alone', () => {
    expect(written(paragraph(text('vmm_lease_lock and a.b(c) - d, 3 > 2')))).toBe(
      'vmm_lease_lock and a.b(c) - d, 3 \\> 2',
    );
  });
});

describe('blocks in Markdown', () => {
  it.each<[string, Block, string]>([
    [
      'a list item with a code block',
      list([paragraph(text('see')), { kind: 'code', language: 'ts', text: 'f();\n\ng();' }]),
      '- see\n\n  ```ts\n  f();\n\n  g();\n  ```',
    ],
    ['a tight list', list([paragraph(text('a'))], [paragraph(text('b'))]), '- a\n- b'],
    ['a fence longer than what is inside', { kind: 'code', language: '', text: 'a\n```\nb' }, '````\na\n```\nb\n````'],
    [
      'a line break in a cell',
      table(['a'], [[[text('x'), { kind: 'break' }, code('a|b')]]]),
      '| a |\n| --- |\n| x<br>`a\\|b` |',
    ],
    ['a link with a space', paragraph(link('a b (c).md', emphasis(text('there')))), '[_there_](a%20b%20%28c%29.md)'],
    [
      'details',
      { kind: 'details', summary: [text('a < '), code('b')], blocks: [paragraph(text('c'))] },
      '<details>\n<summary>a &lt; <code>b</code></summary>\n\nc\n\n</details>',
    ],
  ])('write %s', (_, block, expected) => {
    expect(written(block)).toBe(expected);
  });

  it('follow a first line that says where the page is from', () => {
    expect(write()).toBe('<!-- O -->\n\n# T\n');
  });
});
