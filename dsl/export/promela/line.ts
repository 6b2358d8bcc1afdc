/**
 * Lines of C that are too long, over several: blocks get a line for each statement, and what is still too long is broken
 * at the outermost operators and commas. Only spaces become line breaks, outside of strings; lines of the preprocessor
 * stay as they are.
 */
export function brokenLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length <= WIDTH || /^\s*#/.test(line) ? line : broken(line)))
    .join('\n');
}

const WIDTH = 120;

function broken(line: string): string {
  const indent = /^ */.exec(line)![0].length;
  const comment = /^ *\/\*.*\*\/$/.test(line);
  if (comment) return filled(line.trim(), indent, () => 0);
  return withStatements(line.trim(), indent)
    .flatMap(({ text, depth }) => filled(text, depth, depthOf).split('\n'))
    .join('\n');
}

interface Piece {
  readonly text: string;
  /** Where it starts on its line. */
  readonly depth: number;
}

/** A line for each statement of the outermost blocks, if it does not fit on one; then the same within those. */
function withStatements(text: string, indent: number): readonly Piece[] {
  if (indent + text.length <= WIDTH) return [{ text, depth: indent }];
  const spaces = spacesOf(text);
  const blocks = spaces.filter(({ isBlock }) => isBlock);
  if (blocks.length === 0) return [{ text, depth: indent }];
  const outermost = Math.min(...blocks.map(({ depth }) => depth));
  const pieces: Piece[] = [];
  let start = 0;
  let depth = indent;
  const add = (end: number): void => {
    const piece = text.slice(start, end);
    if (piece !== '') pieces.push(...withStatements(piece, depth));
  };
  for (const space of blocks.filter((one) => one.depth === outermost)) {
    add(space.at);
    start = space.at + 1;
    depth = text[start] === '}' ? indent : indent + 2;
  }
  add(text.length);
  return pieces;
}

interface Space {
  readonly at: number;
  /** How many brackets are open there. */
  readonly depth: number;
  /** Whether it is next to a statement of a block: after `{` or `;`, before `}`. */
  readonly isBlock: boolean;
}

/** The spaces outside of strings. */
function spacesOf(text: string): readonly Space[] {
  const spaces: Space[] = [];
  const open: string[] = [];
  let at = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[\s\S]/g)) {
    if ('({['.includes(token)) open.push(token);
    if (')}]'.includes(token)) open.pop();
    if (token === ' ') {
      const [before, after] = [text[at - 1], text[at + 1]];
      const isEnd = after === '}';
      const inBraces = open.at(-1) === '{';
      const isBlock = inBraces && (before === '{' || before === ';' || (before === '}' && after !== '.') || isEnd);
      spaces.push({ at, depth: open.length, isBlock });
    }
    at += token.length;
  }
  return spaces;
}

function depthOf(text: string, { at, depth }: Space): number {
  const [before, after] = [text[at - 1]!, text.slice(at + 1, at + 3)];
  const isGood = before === ',' || before === ';' || /^(?:&&|\|\||[?:] )/.test(after);
  return depth + (isGood ? 0 : 100);
}

/** Lines that are as full as they can be, each broken where the fewest brackets are open. */
function filled(text: string, indent: number, costOf: (text: string, space: Space) => number): string {
  const lines: string[] = [];
  let rest = text;
  let column = indent;
  while (WIDTH < column + rest.length) {
    const within = spacesOf(rest).filter(({ at }) => column + at <= WIDTH && 20 < at);
    const [first, ...others] = within;
    if (first === undefined) break;
    const best = others.reduce((so, one) => (costOf(rest, one) <= costOf(rest, so) ? one : so), first);
    lines.push(' '.repeat(column) + rest.slice(0, best.at));
    rest = rest.slice(best.at + 1);
    column = indent + 4;
  }
  return [...lines, ' '.repeat(column) + rest].join('\n');
}
