/**
 * Markdown as it stands in comments, as blocks and inlines. It is read by a Markdown parser, which is told to leave alone
 * what comments about code are full of and Markdown would take for its own: `a*b*c`, `__func__`, `[rx0]: first`, `<T>`.
 */
import { Lexer, Marked, Tokenizer } from 'marked';
import type { MarkedToken, Token, Tokens } from 'marked';
import { code, emphasis, link, paragraph, strong, text } from './document.ts';
import type { Block, Inline, Inlines } from './document.ts';

/** The blocks of some Markdown. */
export function markdownBlocks(markdown: string): readonly Block[] {
  return blocksOf(new Lexer(OPTIONS).lex(markdown));
}

/** Markdown in which nothing stands for a block. */
export function markdownInlines(markdown: string): Inlines {
  return inlinesOf(new Lexer(OPTIONS).inlineTokens(markdown));
}

const WORD = /[\p{L}\p{N}_*]/u;

class CommentTokenizer extends Tokenizer {
  /** Tags are text: what is between them is Markdown. */
  override html(): undefined {
    return undefined;
  }

  override tag(source: string): Tokens.Tag | undefined {
    const { inLink, inRawBlock } = this.lexer.state;
    const token = super.tag(source);
    Object.assign(this.lexer.state, { inLink, inRawBlock });
    return token;
  }

  /** A link is defined by an address; `[rx0]: first` says something else. */
  override def(source: string): Tokens.Def | undefined {
    const token = super.def(source);
    return token !== undefined && isAddress(token.href) ? token : undefined;
  }

  /** The parser takes the backslashes from a label before it reads it, and would find a link or a picture in there. */
  override link(source: string): Tokens.Link | Tokens.Image | undefined {
    const label = this.rules.inline.link.exec(source)?.[1] ?? '';
    if (source.startsWith('!') || !/\\[[\]]/.test(label)) return super.link(source);
    const token = super.link(`[x${source.slice(1 + label.length)}`);
    if (token === undefined) return undefined;
    const { inLink } = this.lexer.state;
    this.lexer.state.inLink = true;
    const tokens = this.lexer.inlineTokens(label);
    this.lexer.state.inLink = inLink;
    return { ...token, raw: source.slice(0, token.raw.length - 1 + label.length), text: label, tokens };
  }

  /** Stars within words multiply or point, and two underscores begin a name of C. */
  override emStrong(source: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    const token = super.emStrong(source, masked, before);
    if (token === undefined || source.startsWith('__')) return undefined;
    const isWithin = WORD.test(before ?? '') || WORD.test(source.charAt(token.raw.length));
    return isWithin ? undefined : token;
  }

  /** What {@link emStrong} has refused it is not to be asked about again, from its middle on. */
  override inlineText(source: string): Tokens.Text | undefined {
    const [run] = /^(?:_{2,}[\p{L}\p{N}_]*|\*{2,})/u.exec(source) ?? [];
    return run === undefined ? super.inlineText(source) : { type: 'text', raw: run, text: run, escaped: false };
  }

  /** `~` is a complement. */
  override del(): undefined {
    return undefined;
  }
}

/** `{@link name}`, `{@link name | words}`, `{@code words}`: the tags of TSDoc that stand within text. */
const INLINE_TAG = /^\{@(?<tag>link|linkcode|linkplain|code)\s+(?<target>[^}|\s]+)\s*(?:\|\s*)?(?<words>[^}]*)\}/;

const parser = new Marked({
  gfm: true,
  extensions: [
    {
      name: 'inlineTag',
      level: 'inline',
      start: (source) => source.indexOf('{@'),
      tokenizer(source) {
        const match = INLINE_TAG.exec(source);
        return match === null ? undefined : { type: 'inlineTag', raw: match[0], ...match.groups };
      },
    },
  ],
});
parser.setOptions({ tokenizer: new CommentTokenizer() });
const OPTIONS = parser.defaults;

type InlineTag = { readonly type: 'inlineTag'; readonly tag: string; readonly target: string; readonly words: string };

function blocksOf(tokens: readonly Token[]): readonly Block[] {
  return joinWrapped(tokens as readonly MarkedToken[]).flatMap((token): readonly Block[] => {
    switch (token.type) {
      case 'paragraph':
      case 'text':
        return paragraphOf(inlinesOf(token.tokens ?? [token]));
      // Headings are the page's, and lead to its sections.
      case 'heading': {
        const content = inlinesOf(token.tokens);
        return content.length === 0 ? [] : [paragraph(strong(...content))];
      }
      case 'code':
        return [{ kind: 'code', language: /^\w*/.exec(token.lang ?? '')![0], text: token.text }];
      case 'blockquote':
        return [{ kind: 'quote', blocks: blocksOf(token.tokens) }];
      case 'list': {
        const items = token.items.map(itemOf);
        const isNumbered = token.ordered && token.start !== '' && token.start !== 1;
        return [{ kind: 'list', ordered: token.ordered, items, ...(isNumbered && { start: Number(token.start) }) }];
      }
      case 'table':
        return [
          {
            kind: 'table',
            columns: token.header.map(({ tokens: head, align }) => ({ head: inlinesOf(head), align: align ?? 'left' })),
            rows: token.rows.map((row) => row.map((cell) => inlinesOf(cell.tokens))),
          },
        ];
      default:
        return [];
    }
  });
}

/** An item; a box to be ticked is a word like others. */
function itemOf({ tokens }: Tokens.ListItem): readonly Block[] {
  const [box, ...rest] = tokens as readonly MarkedToken[];
  if (box?.type !== 'checkbox') return blocksOf(tokens);
  const [first, ...others] = blocksOf(rest);
  if (first?.kind !== 'paragraph') return [paragraph(text(box.raw.trim())), ...blocksOf(rest)];
  return [paragraph(...merged([text(box.raw), ...first.content])), ...others];
}

function paragraphOf(content: Inlines): readonly Block[] {
  return content.some((inline) => inline.kind !== 'text' || inline.text.trim() !== '') ? [paragraph(...content)] : [];
}

/**
 * Undoes what line breaks in the middle of a sentence have made: a comparison, a sum or a number that happens to come
 * first on its line is no quotation, list or heading.
 */
function joinWrapped(tokens: readonly MarkedToken[]): readonly MarkedToken[] {
  const joined: MarkedToken[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last?.type === 'paragraph' && isWrapped(token, last.raw)) {
      const raw = `${last.raw.trimEnd()}\n${token.raw}`;
      const content = raw.trim();
      joined[joined.length - 1] = {
        type: 'paragraph',
        raw,
        text: content,
        tokens: new Lexer(OPTIONS).inlineTokens(content),
      };
    } else joined.push(token);
  }
  return joined;
}

/** Whether a block that follows a paragraph without an empty line goes on with its sentence. */
function isWrapped(token: MarkedToken, before: string): boolean {
  switch (token.type) {
    case 'blockquote':
    case 'heading':
    case 'paragraph':
      return true;
    case 'list':
      return token.items.length === 1 && !/[.:;!?]\s*$/.test(before);
    default:
      return false;
  }
}

function inlinesOf(tokens: readonly Token[]): Inlines {
  return merged(
    (tokens as readonly (MarkedToken | InlineTag)[]).flatMap((token, index) =>
      inlineOf(token, (tokens[index - 1] as MarkedToken | undefined)?.raw ?? ''),
    ),
  );
}

/** @param before - what stands before it, as it was written. */
function inlineOf(token: MarkedToken | InlineTag, before: string): Inlines {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? [text(unescaped(token.text))] : inlinesOf(token.tokens);
    case 'escape':
      return [text(token.text)];
    case 'codespan':
      return [code(token.text.replaceAll(/\s+/g, ' ').trim())];
    case 'strong':
      return [strong(...inlinesOf(token.tokens))];
    case 'em':
      return [emphasis(...inlinesOf(token.tokens))];
    case 'link':
      return linkOf(token, before);
    case 'inlineTag':
      return tagOf(token);
    case 'br':
      return [{ kind: 'break' }];
    // Pictures stand beside the source, not beside the page.
    case 'image':
      return [];
    default:
      return [text(token.raw)];
  }
}

/** What is written relative to the source leads nowhere from the page. */
function linkOf({ href, raw, tokens }: Tokens.Link, before: string): Inlines {
  if (isAddress(href) && !href.startsWith('mailto:')) return [link(unescaped(href), ...inlinesOf(tokens))];
  const isCode = !raw.startsWith('[') || WORD.test(before.slice(-1));
  return isCode ? [text(raw)] : inlinesOf(tokens);
}

function tagOf({ tag, target, words }: InlineTag): Inlines {
  if (tag === 'code') return [code(`${target} ${words}`.trim())];
  if (isAddress(target)) return [link(target, text(words === '' ? target : words.trim()))];
  return [code(words === '' ? target : words.trim())];
}

function isAddress(href: string): boolean {
  return /^(https?|mailto):/.test(href);
}

/** Neighbors that are text as one. */
function merged(inlines: Inlines): Inlines {
  const found: Inline[] = [];
  for (const inline of inlines) {
    const last = found.at(-1);
    if (inline.kind === 'text' && last?.kind === 'text') found[found.length - 1] = text(last.text + inline.text);
    else if (inline.kind !== 'text' || inline.text !== '') found.push(inline);
  }
  return found;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/** References to characters as these; of names only those that everybody knows, since `&` takes an address in C. */
function unescaped(words: string): string {
  return words.replaceAll(/&(?:#(?<decimal>\d{1,6})|#x(?<hex>[\da-f]{1,6})|(?<name>\w+));/gi, (whole, ...rest) => {
    const { decimal, hex, name } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const point = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
    return 0 < point && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
