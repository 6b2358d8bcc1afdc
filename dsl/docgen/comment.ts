import type { Block, Inline, Inlines } from './document.ts';
import { code, emphasis, link, list, paragraph, strong, text } from './document.ts';

/** A TSDoc comment as blocks: paragraphs, lists and code, with the little Markdown that comments have. */
export function commentBlocks(doc: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.some((line) => line.trim() !== '')) blocks.push(textBlock(lines));
    lines = [];
  };
  const all = doc.split('\n');
  for (let index = 0; index < all.length; index += 1) {
    const line = all[index]!;
    const fence = /^(```+)\s*(\w*)\s*$/.exec(line);
    if (fence !== null) {
      flush();
      const end = all.findIndex((other, at) => at > index && other.startsWith(fence[1]!));
      const last = end < 0 ? all.length : end;
      blocks.push({ kind: 'code', language: fence[2]!, text: all.slice(index + 1, last).join('\n') });
      index = last;
    } else if (line.trim() === '') flush();
    else {
      if (ITEM.test(line) && lines.length > 0 && !ITEM.test(lines[0]!)) flush();
      lines.push(line);
    }
  }
  flush();
  return blocks;
}

/** The first sentence of a comment, on one line; empty for an empty comment. */
export function firstSentence(doc: string): string {
  const [first = ''] = doc.split(/\n\s*\n/);
  const flat = first.replaceAll(/\s+/g, ' ').trim();
  return /^.*?[.!?](?=\s+[\p{Lu}`]|$)/u.exec(flat)?.[0] ?? flat;
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;

function textBlock(lines: readonly string[]): Block {
  if (!ITEM.test(lines[0]!)) return paragraph(...commentInlines(lines.join('\n')));
  const items: string[] = [];
  for (const line of lines) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else items.push(`${items.pop()!}\n${line.trim()}`);
  }
  const made = list(...items.map((item) => [paragraph(...commentInlines(item))]));
  return made.kind === 'list' ? { ...made, ordered: /^\s*\d/.test(lines[0]!) } : made;
}

/** `code`, **strong**, _emphasis_, [a link](there), {@link name} and bare addresses; all else is text. */
const MARKS =
  /(?<ticks>`+)(?<code>.+?)\k<ticks>(?!`)|\*\*(?<strong>[^\s*](?:[^*]*[^\s*])?)\*\*|(?<![\p{L}\p{N}_*])(?<mark>[*_])(?<emphasis>[^\s*_](?:[^*_]*[^\s*_])?)\k<mark>(?![\p{L}\p{N}_*])|\[(?<label>[^\]]+)\]\((?<href>[^)\s]+)\)|\{@link(?:code|plain)?\s+(?<target>[^}|\s]+)(?:\s*\|?\s*(?<name>[^}]*))?\}|(?<address>https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/gsu;

/** One paragraph of a comment. */
export function commentInlines(doc: string): Inlines {
  const found: Inline[] = [];
  let after = 0;
  for (const match of doc.matchAll(MARKS)) {
    if (after < match.index) found.push(text(doc.slice(after, match.index)));
    found.push(inlineOf(match.groups as Groups));
    after = match.index + match[0].length;
  }
  if (after < doc.length) found.push(text(doc.slice(after)));
  return found;
}

type Groups = Readonly<Record<string, string | undefined>>;

function inlineOf(groups: Groups): Inline {
  const { code: inCode, strong: inStrong, emphasis: inEmphasis, label, href, target, name, address } = groups;
  if (inCode !== undefined) return code(inCode.replaceAll(/\s+/g, ' ').trim());
  if (inStrong !== undefined) return strong(...commentInlines(inStrong));
  if (inEmphasis !== undefined) return emphasis(...commentInlines(inEmphasis));
  // What is written relative to the source leads nowhere from the page.
  if (label !== undefined) return /^https?:/.test(href!) ? link(href!, ...commentInlines(label)) : text(label);
  if (target !== undefined) return code(name === undefined || name === '' ? target : name);
  return link(address!, text(address!));
}
