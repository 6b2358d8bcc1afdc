import { describe, expect, it } from 'vitest';
import { commentBlocks, commentInlines, firstSentence } from '../../../dsl/docgen/comment.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';

const markdown = (doc: string): string =>
  documentToMarkdown({ title: 'T', origin: 'O', blocks: commentBlocks(doc) })
    .split('\n\n')
    .slice(2)
    .join('\n\n')
    .trimEnd();

describe('a comment', () => {
  it('keeps its paragraphs, lists and code', () => {
    const doc = 'One thing:\n- `a` is\n  long\n- b\n\nThen:\n```c\nint x;\n```\nend';
    expect(markdown(doc)).toBe('One thing:\n\n- `a` is\n  long\n- b\n\nThen:\n\n```c\nint x;\n```\n\nend');
  });

  it('has code, emphasis and links, and else text', () => {
    expect(commentInlines('a `b_c` _d_ **e** {@link f} [g](https://h.i/) https://j.k. l_m_n * o')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b_c' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', content: [{ kind: 'text', text: 'd' }] },
      { kind: 'text', text: ' ' },
      { kind: 'strong', content: [{ kind: 'text', text: 'e' }] },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'f' },
      { kind: 'text', text: ' ' },
      { kind: 'link', href: 'https://h.i/', content: [{ kind: 'text', text: 'g' }] },
      { kind: 'text', text: ' ' },
      { kind: 'link', href: 'https://j.k', content: [{ kind: 'text', text: 'https://j.k' }] },
      { kind: 'text', text: '. l_m_n * o' },
    ]);
  });

  it('drops links that are relative to the source', () => {
    expect(markdown('see [the lock](./lock.ts)')).toBe('see the lock');
  });

  it('says below a word what stands behind a tag of TSDoc', () => {
    const doc = [
      'A lock.',
      '@remarks Fair.',
      '',
      '- b',
      '@param t - the thread\n  that asks',
      '@param {string} u who else',
      '@returns nothing',
      '@deprecated',
      '@example',
      '```ts',
      '@see not here',
      '```',
      '@see {@link other}',
      '@privateRemarks not for pages',
      '@internal',
      '@unknown stays',
      '@constructor stays too',
      'mail@see.com',
    ].join('\n');
    expect(markdown(doc)).toBe(
      [
        'A lock.',
        'Fair.',
        '- b',
        '* `t`: the thread\n  that asks\n* `u`: who else',
        '**Returns:** nothing',
        '**Deprecated.**',
        '**Example:**',
        '```ts\n@see not here\n```',
        '**See also:** `other`',
        '@unknown stays\n@constructor stays too\nmail@see.com',
      ].join('\n\n'),
    );
  });

  it.each([
    ['', ''],
    ['@remarks Only this. And that.', 'Only this.'],
    ['@internal\n@see other', 'other'],
    ['- a list', '- a list'],
    ['Only this.', 'Only this.'],
    ['No stop', 'No stop'],
    ['First one.\nSecond one.', 'First one.'],
    ['Version 1.2 of it, e.g. this one. Next.', 'Version 1.2 of it, e.g. this one.'],
    ['One paragraph\n\nAnother.', 'One paragraph'],
  ])('%j has the first sentence %j', (doc, expected) => {
    expect(firstSentence(doc)).toBe(expected);
  });
});
