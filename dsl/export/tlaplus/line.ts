/**
 * Text that is too long for a line, over several: broken where it binds least, at its operators and the commas of its
 * brackets, with what belongs together in one column.
 *
 * @param column - where the text starts; the first line is not indented.
 */
export function laidOut(content: string, column: number, width: number): string {
  return new Layout(width).words(wordsOf(content), column);
}

/** How tightly the operators bind that are looked for. */
const PRECEDENCES: ReadonlyMap<string, number> = new Map([
  ['=>', 1],
  ['<=>', 2],
  ['~>', 2],
  ['\\/', 3],
  ['/\\', 3],
  ...['=', '#', '<', '>', '<=', '>=', '\\in', '\\notin', '\\subseteq'].map((one) => [one, 5] as const),
  ['@@', 6],
  [':>', 7],
  ...['\\cup', '\\cap', '\\'].map((one) => [one, 8] as const),
  ...['+', '-', '%', '\\X'].map((one) => [one, 10] as const),
  ...['*', '\\div', '\\o'].map((one) => [one, 13] as const),
]);

const BINDERS: ReadonlySet<string> = new Set(['\\A', '\\E', 'CHOOSE', 'LAMBDA']);
const OPENERS: ReadonlySet<string> = new Set([...BINDERS, 'IF', 'LET']);
const PREFIXES: ReadonlySet<string> = new Set(['SUBSET', 'UNION', 'DOMAIN', 'ENABLED', 'UNCHANGED']);

type Words = readonly string[];

class Layout {
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  /** @param words - separated by the spaces that are in no bracket. */
  words(words: Words, column: number): string {
    const line = words.join(' ');
    if (column + line.length <= this.#width) return line;
    const [first, ...rest] = words;
    if (first === undefined) return '';
    if (first === 'IF') return this.#conditional(words, column);
    if (first === 'LET') return this.#definitions(words, column);
    if (BINDERS.has(first)) return this.#bound(words, column);
    const operators = this.#operatorsIn(words);
    if (operators.length > 0) return this.#operation(words, operators, column);
    if (PREFIXES.has(first)) return `${first} ${this.words(rest, column + first.length + 1)}`;
    return words.length === 1 ? this.#group(first, column) : line;
  }

  #next(column: number): string {
    return `\n${' '.repeat(column)}`;
  }

  #conditional(words: Words, column: number): string {
    const [thenAt, elseAt] = branchesOf(words);
    if (thenAt === undefined || elseAt === undefined) return words.join(' ');
    const condition = this.words(words.slice(1, thenAt), column + 3);
    const yes = this.words(words.slice(thenAt + 1, elseAt), column + 5);
    const no = this.words(words.slice(elseAt + 1), column + 5);
    return `IF ${condition}${this.#next(column)}THEN ${yes}${this.#next(column)}ELSE ${no}`;
  }

  #definitions(words: Words, column: number): string {
    const inAt = matching(words, 'LET', 'IN');
    if (inAt === undefined) return words.join(' ');
    const starts: number[] = [];
    for (let at = 1; at < inAt; at += 1) {
      if (words[at] === 'LET') at += matching(words.slice(at), 'LET', 'IN') ?? 0;
      else if (words[at + 1] === '==') starts.push(at);
    }
    const definitions = starts.map((start, index) => {
      const body = words.slice(start + 2, starts[index + 1] ?? inAt);
      const head = `${words[start]!} ==`;
      const short = `${head} ${body.join(' ')}`;
      if (column + 4 + short.length <= this.#width) return short;
      return `${head}${this.#next(column + 8)}${this.words(body, column + 8)}`;
    });
    const body = this.words(words.slice(inAt + 1), column + 4);
    return `LET ${definitions.join(this.#next(column + 4))}${this.#next(column)}IN  ${body}`;
  }

  #bound(words: Words, column: number): string {
    const at = words.findIndex((word) => word === ':' || word.endsWith(':'));
    if (at < 0 || at + 1 === words.length) return words.join(' ');
    const head = this.words(words.slice(0, at), column).replace(/:?$/, '');
    const colon = words[at] === ':' ? ' :' : ` ${words[at]!}`;
    return `${head}${colon}${this.#next(column + 2)}${this.words(words.slice(at + 1), column + 2)}`;
  }

  /** The places of the operators that bind least; what reaches as far as it can hides what comes after it. */
  #operatorsIn(words: Words): readonly number[] {
    const opens = words.findIndex((word, index) => index > 0 && OPENERS.has(word));
    const visible = opens < 0 ? words : words.slice(0, opens);
    const found = visible.flatMap((word, index) => (index > 0 && PRECEDENCES.has(word) ? [index] : []));
    const least = Math.min(...found.map((at) => PRECEDENCES.get(words[at]!)!));
    return found.filter((at) => PRECEDENCES.get(words[at]!) === least);
  }

  #operation(words: Words, operators: readonly number[], column: number): string {
    const ends = [...operators, words.length];
    const parts = ends.map((end, index) => words.slice(index === 0 ? 0 : operators[index - 1]! + 1, end));
    const operator = words[operators[0]!]!;
    const [left = [], right = []] = parts;
    if (operator === '\\/' || operator === '/\\') {
      return parts
        .map((part) => `${operator} ${this.words(part, column + operator.length + 1)}`)
        .join(this.#next(column));
    }
    const precedence = PRECEDENCES.get(operator)!;
    if (precedence <= 2 || (precedence === 5 && parts.length === 2)) {
      const start = left.join(' ');
      const after = column + start.length + operator.length + 2;
      if (2 < precedence && start.length <= 40) return `${start} ${operator} ${this.words(right, after)}`;
      const before = this.words(left, column + 1);
      // Bullets end at the bracket around them.
      const shown = !before.includes('\n') ? start : precedence <= 2 ? `(${before})` : this.words(left, column);
      return `${shown}${this.#next(column + 2)}${operator} ${this.words(right, column + operator.length + 3)}`;
    }
    return parts
      .map((part, index) => {
        const laid = this.words(part, column);
        return index === parts.length - 1 ? laid : `${laid} ${words[operators[index]!]!}`;
      })
      .join(this.#next(column));
  }

  /** One word: its largest bracket over several lines. */
  #group(word: string, column: number): string {
    const [group] = bracketsIn(word).sort((a, b) => b.end - b.start - (a.end - a.start));
    if (group === undefined) return word;
    const { start, end, size } = group;
    const before = word.slice(0, start + size);
    const inside = this.#inBrackets(wordsOf(word.slice(start + size, end - size)), column + before.length);
    return `${before}${inside}${word.slice(end - size)}`;
  }

  #inBrackets(words: Words, column: number): string {
    const line = words.join(' ');
    if (column + line.length <= this.#width || OPENERS.has(words[0] ?? '')) return this.words(words, column);
    const colon = words.indexOf(':');
    if (colon > 0) {
      // `{x \in S : p}`, `{e : x \in S}`
      const isFilter = words[1] === '\\in';
      const head = this.words(words.slice(0, colon), column);
      return `${head} :${this.#next(column + (isFilter ? 2 : 0))}${this.#items(words.slice(colon + 1), column + (isFilter ? 2 : 0))}`;
    }
    if (words[1] === 'EXCEPT') {
      const head = `${words[0]!} EXCEPT `;
      const beside = column + head.length;
      if (beside < column + 30) return `${head}${this.#items(words.slice(2), beside)}`;
      return `${head.trimEnd()}${this.#next(column + 2)}${this.#items(words.slice(2), column + 2)}`;
    }
    const arrow = words.indexOf('|->');
    if (words[1] === '\\in' && arrow > 0) {
      const head = words.slice(0, arrow + 1).join(' ');
      return `${head}${this.#next(column + 1)}${this.words(words.slice(arrow + 1), column + 1)}`;
    }
    const to = words.indexOf('->');
    if (to > 0) {
      const head = words.slice(0, to + 1).join(' ');
      return `${head} ${this.words(words.slice(to + 1), column + head.length + 1)}`;
    }
    return this.#items(words, column);
  }

  /** What is separated by commas: as much as fits on each line. */
  #items(words: Words, column: number): string {
    const items: string[][] = [[]];
    for (const word of words) {
      items.at(-1)!.push(word);
      if (word.endsWith(',')) items.push([]);
    }
    if (items.length === 1) return this.words(words, column);
    let made = '';
    let at = column;
    for (const item of items) {
      const line = item.join(' ');
      const isFirst = made === '';
      if (!isFirst && at + 1 + line.length <= this.#width) {
        made += ` ${line}`;
        at += 1 + line.length;
        continue;
      }
      const laid = this.#item(item, column);
      made += (isFirst ? '' : this.#next(column)) + laid;
      const last = laid.slice(laid.lastIndexOf('\n') + 1);
      at = laid.includes('\n') ? last.length : column + last.length;
    }
    return made;
  }

  /** `name |-> value`, `name: set`, or a value; a comma may stand after it. */
  #item(words: Words, column: number): string {
    const named = words[1] === '|->' ? 2 : words.length > 1 && words[0]!.endsWith(':') ? 1 : 0;
    const last = words.at(-1)!;
    const comma = last.endsWith(',') ? ',' : '';
    const value = [...words.slice(named, -1), comma === '' ? last : last.slice(0, -1)];
    const head = words.slice(0, named).join(' ');
    const start = head === '' ? '' : `${head} `;
    return `${start}${this.words(value, column + start.length)}${comma}`;
  }
}

/** The places of `THEN` and `ELSE` of the first `IF`. */
function branchesOf(words: Words): readonly [number | undefined, number | undefined] {
  let depth = 0;
  let thenAt: number | undefined;
  for (const [index, word] of words.entries()) {
    if (index === 0) continue;
    if (word === 'IF') depth += 1;
    else if (word === 'THEN' && depth === 0) thenAt ??= index;
    else if (word === 'ELSE') {
      if (depth === 0) return [thenAt, index];
      depth -= 1;
    }
  }
  return [undefined, undefined];
}

/** The place of the word that ends what the first one begins. */
function matching(words: Words, begins: string, ends: string): number | undefined {
  let depth = 0;
  for (const [index, word] of words.entries()) {
    if (word === begins) depth += 1;
    if (word !== ends) continue;
    depth -= 1;
    if (depth === 0) return index;
  }
  return undefined;
}

/** The text between the spaces that are neither in brackets nor in strings. */
function wordsOf(content: string): Words {
  const spaces: number[] = [];
  scan(content, (index, depth) => {
    if (depth === 0 && content[index] === ' ') spaces.push(index);
  });
  const ends = [...spaces, content.length];
  return ends
    .map((end, index) => content.slice(index === 0 ? 0 : ends[index - 1]! + 1, end))
    .filter((one) => one !== '');
}

interface Bracket {
  readonly start: number;
  /** After the closing bracket. */
  readonly end: number;
  /** Of each of the two. */
  readonly size: number;
}

/** The outermost brackets. */
function bracketsIn(content: string): Bracket[] {
  const found: Bracket[] = [];
  let start = 0;
  scan(content, (index, depth, change) => {
    const size = content.startsWith('<<', index) || content.startsWith('>>', index) ? 2 : 1;
    if (change === 1 && depth === 0) start = index;
    if (change === -1 && depth === 1) found.push({ start, end: index + size, size });
  });
  return found;
}

/**
 * Tells of every character outside of strings: how many brackets it is in, and whether it opens (1) or closes (-1) one,
 * itself being outside or inside.
 */
function scan(content: string, onCharacter: (index: number, depth: number, change: -1 | 0 | 1) => void): void {
  let depth = 0;
  for (let index = 0; index < content.length; index += 1) {
    const character = content[index]!;
    if (character === '"') {
      index += 1;
      while (index < content.length && content[index] !== '"') index += content[index] === '\\' ? 2 : 1;
      continue;
    }
    const isDouble = content.startsWith('<<', index) || content.startsWith('>>', index);
    const opens = '([{'.includes(character) || content.startsWith('<<', index);
    const closes = ')]}'.includes(character) || content.startsWith('>>', index);
    onCharacter(index, depth, opens ? 1 : closes ? -1 : 0);
    depth += opens ? 1 : closes ? -1 : 0;
    if (isDouble) index += 1;
  }
}
