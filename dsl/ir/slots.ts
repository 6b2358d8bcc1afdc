/**
 * What an author fills in for the pages of a spec: block tags in comments, as TSDoc has them.
 *
 * A tag begins a line, and what follows it, up to the next tag, is its text: `@variants variant`, or Markdown on lines
 * of its own. What stands before the first tag is the comment itself.
 */
interface Slots {
  /** The comment without its slots. */
  readonly text: string;
  /** The texts of each slot, in their order; empty texts too. */
  readonly of: (name: SlotName) => readonly string[];
}

/** The slots that pages know. Other tags are left in the text. */
const SLOTS = {
  /** Of a spec: the parameter that tells its variants apart. */
  variants: 'the parameter that tells the variants of the protocol apart',
  /** Of a spec: parameters that leave parts of the protocol out; their first values leave out nothing. */
  mutations: 'the parameters whose values other than the first leave out a part of the protocol',
  /** Of a spec: what of the real thing is not in it, in Markdown. */
  notModeled: 'what of the real thing is not modeled',
  /** Of a spec: what short names in comments mean; a list, `- W2: blocks leases`. */
  glossary: 'what short names in comments mean',
  /** Of anything: the function or file of the code that it stands for. */
  source: 'the function of the code that it stands for',
} as const;

type SlotName = keyof typeof SLOTS;

/** Slots whose text is what follows the tag on its line; that of others goes on to the next tag. */
const ON_ONE_LINE: ReadonlySet<string> = new Set<SlotName>(['variants', 'mutations', 'source']);

/** Takes a comment apart. Cost: linear. */
export function slotsOf(doc: string): Slots {
  const found: { readonly name: string; readonly lines: string[] }[] = [];
  const text: string[] = [];
  let current = text;
  for (const { line, isCode } of linesOf(doc)) {
    const { before = '', name = '', rest = '' } = (isCode ? undefined : TAG.exec(line)?.groups) ?? {};
    if (!Object.hasOwn(SLOTS, name)) {
      if (name !== '') current = text; // a tag of somebody else's ends a slot
      current.push(line);
      continue;
    }
    if (before.trim() !== '') current.push(before.trimEnd());
    const lines = [rest];
    found.push({ name, lines });
    if (!ON_ONE_LINE.has(name)) current = lines;
  }
  return {
    text: text.join('\n').trim(),
    of: (wanted) => found.filter(({ name }) => name === wanted).map(({ lines }) => lines.join('\n').trim()),
  };
}

/** The lines of a comment; tags in code, between fences, are no tags. */
export function linesOf(doc: string): readonly { readonly line: string; readonly isCode: boolean }[] {
  let fence = '';
  return doc.split('\n').map((line) => {
    const [, mark = ''] = /^\s*(```+|~~~+)/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    return { line, isCode: fence !== '' };
  });
}

/** A tag at the beginning of a line; `@source` also at its end, since comments beside a label have one line. */
const TAG = /^(?<before>\s*|.*?\s(?=@source\s))@(?<name>[a-zA-Z]+)(?:\s+(?<rest>.*))?$/;

/** The names in slots that list some: `@mutations mutation, order`. */
export function listedIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(',').map((name) => name.trim())).filter((name) => name !== '');
}

/** What short names mean, as a glossary slot says: `- W2: blocks leases`, each in a line or more. */
export function glossaryOf(slots: Slots): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const part of slots
    .of('glossary')
    .join('\n')
    .split(/^\s*[-*]\s+/m)) {
    const [, term, meaning] = /^`?([^:`]+?)`?\s*:\s*(.*)$/s.exec(part.trim()) ?? [];
    if (term !== undefined && meaning !== undefined) entries.set(term.trim(), meaning.replaceAll(/\s+/g, ' ').trim());
  }
  return entries;
}
