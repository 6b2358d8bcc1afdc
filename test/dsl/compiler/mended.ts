/** One text of a spec and what stands there afterwards. */
interface Edit {
  readonly before: string;
  readonly after: string;
}

/** What a help says, and the ways in which it can be done; without `help`: what else a case needs in order to compile. */
export interface Mending {
  readonly help: string | undefined;
  readonly ways: readonly (readonly Edit[])[];
}

/**
 * Reads a table of changes: a line `# case` begins a case, `help: …` a help of it, `besides` what it needs besides,
 * and `or` another way to do the same. Lines after `-` are replaced by those after `+`.
 *
 * @returns the changes by case.
 */
export function readMended(table: string): ReadonlyMap<string, readonly Mending[]> {
  const [, ...parts] = table.split(/^# /m);
  return new Map(
    parts.map((part) => {
      const [name = '', ...mendings] = part.split(/^(?=help: |besides$)/m);
      return [name.trim(), mendings.map(mendingOf)];
    }),
  );
}

function mendingOf(text: string): Mending {
  const [head = '', ...lines] = text.split('\n');
  const ways = lines.join('\n').split(/^or\n/m).map(editsOf);
  return { help: head.startsWith('help: ') ? head.slice('help: '.length) : undefined, ways };
}

function editsOf(text: string): readonly Edit[] {
  return [...text.matchAll(/((?:^-.*\n)+)((?:^\+.*\n)*)/gm)].map(([, before, after]) => ({
    before: marked(before!),
    after: marked(after!),
  }));
}

/** Lines without the sign before them. */
function marked(lines: string): string {
  return lines.replace(/\n$/, '').replace(/^[-+] ?/gm, '');
}

/**
 * A spec with the changes made, one after the other.
 *
 * @param way - which way of each; the first of those that have fewer.
 * @throws Error when a text to replace does not stand there exactly once. A `…` in it is any text.
 */
export function mend(source: string, mendings: readonly Mending[], way: number): string {
  return mendings
    .flatMap(({ ways }) => ways[way] ?? ways[0]!)
    .reduce((text, { before, after }) => {
      const pattern = new RegExp(before.split('…').map(escaped).join('.*'), 'g');
      const found = text.match(pattern)?.length ?? 0;
      if (found !== 1) throw new Error(`\`${before}\` stands ${found} times in:\n${text}`);
      return text.replace(pattern, () => after);
    }, source);
}

/** A text as a regular expression that matches just it. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
