/** A page before it is Markdown or HTML. */
export interface Document {
  readonly title: string;
  /** One sentence about where it comes from, for whoever opens the file in an editor: its first line. */
  readonly origin: string;
  readonly blocks: readonly Block[];
}

export type Block =
  /** `id` names it in links; Markdown derives the same one from the text, so it must be {@link slugOf} of that. */
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly content: Inlines; readonly id: string }
  | { readonly kind: 'paragraph'; readonly content: Inlines }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: readonly (readonly Block[])[];
      /** The number of the first item, when it is not 1. */
      readonly start?: number;
    }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Inlines[])[];
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  /** Two texts line by line, side by side where there is room. */
  | {
      readonly kind: 'difference';
      readonly titles: readonly [string, string];
      readonly lines: readonly DifferenceLine[];
    }
  /** Drawn in both forms: Markdown takes Mermaid, a page the drawing. */
  | { readonly kind: 'drawing'; readonly mermaid: string; readonly svg: string }
  /** Folded away until it is asked for. */
  | { readonly kind: 'details'; readonly summary: Inlines; readonly blocks: readonly Block[] };

/** A line of two texts: in both, or only in the first or the second. */
export interface DifferenceLine {
  readonly side: 'both' | 'first' | 'second';
  readonly text: string;
}

export interface Column {
  readonly head: Inlines;
  readonly align: 'left' | 'right' | 'center';
}

export type Inlines = readonly Inline[];

export type Inline =
  /** A line break in it is one in the source of the page, not in what is seen. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: Inlines }
  /** To another page by the name of its Markdown, `README.md` being the contents: HTML pages are beside them. */
  | { readonly kind: 'link'; readonly href: string; readonly content: Inlines }
  /** A place in a page that links lead to, as they do to headings. */
  | { readonly kind: 'anchor'; readonly id: string }
  | { readonly kind: 'break' };

export function text(content: string): Inline {
  return { kind: 'text', text: content };
}

export function code(content: string): Inline {
  return { kind: 'code', text: content };
}

export function strong(...content: Inline[]): Inline {
  return { kind: 'strong', content };
}

export function emphasis(...content: Inline[]): Inline {
  return { kind: 'emphasis', content };
}

export function link(href: string, ...content: Inline[]): Inline {
  return { kind: 'link', href, content };
}

/**
 * A place that links lead to.
 *
 * @param kind - what is found there, without punctuation: no heading and no anchor of another kind has its name.
 * @param name - tells it from others of the kind.
 */
export function anchor(kind: string, name: string): Inline & { readonly kind: 'anchor' } {
  return { kind: 'anchor', id: `${kind}.${slugOf(name)}` };
}

/** A link, or what would be the link where it leads nowhere. */
export function linkTo(href: string | undefined, content: Inline): Inline {
  return href === undefined ? content : link(href, content);
}

export function paragraph(...content: Inline[]): Block {
  return { kind: 'paragraph', content };
}

export function list(...items: (readonly Block[])[]): Block {
  return { kind: 'list', ordered: false, items };
}

export function table(columns: readonly (string | Column)[], rows: readonly (readonly Inlines[])[]): Block {
  return {
    kind: 'table',
    columns: columns.map((column) =>
      typeof column === 'string' ? { head: [text(column)], align: 'left' as const } : column,
    ),
    rows,
  };
}

/** Pieces with something between each two of them. */
export function joined(pieces: readonly Inlines[], separator: string): Inlines {
  return pieces.flatMap((piece, index) => (index === 0 ? piece : [text(separator), ...piece]));
}

/** What is read of some content. */
export function plainText(content: Inlines): string {
  return content
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
        case 'code':
          return inline.text;
        case 'strong':
        case 'emphasis':
        case 'link':
          return plainText(inline.content);
        case 'break':
          return ' ';
        case 'anchor':
          return '';
      }
    })
    .join('');
}

/** Makes headings whose links are told apart as GitHub tells them: the second of a text gets `-1`. */
export class Headings {
  readonly #used = new Set<string>();

  /** @param title - of the page: its heading is the first to take a name. */
  constructor(title: string) {
    this.#used.add(slugOf(title));
  }

  heading(level: 2 | 3 | 4, ...content: Inline[]): Block & { readonly kind: 'heading' } {
    const slug = slugOf(plainText(content));
    let id = slug;
    for (let number = 1; this.#used.has(id); number += 1) id = `${slug}-${number}`;
    this.#used.add(id);
    return { kind: 'heading', level, content, id };
  }
}

/** The name by which GitHub links to a heading: lower case, without punctuation, spaces as hyphens. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
