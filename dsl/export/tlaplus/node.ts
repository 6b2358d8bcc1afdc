import { laidOut } from './line.ts';

/**
 * TLA+ text with just enough structure to be laid out: what binds more weakly than an operator is put in parentheses
 * where it is used, and what is too long for a line is broken at its junctions, quantifiers, conditionals and LETs.
 */
export type Node =
  /**
   * On one line; `precedence` as in {@link PRECEDENCE}. `items`, `fields`: of a sequence or record that is written out;
   * `every`: what a function has for each of its keys; `only`: the one element of a set; `update`: the only one of an
   * EXCEPT.
   */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly precedence: number;
      readonly items?: readonly Node[];
      readonly fields?: readonly Field[];
      readonly every?: Node;
      readonly only?: Node;
      readonly update?: Update;
    }
  /** `x' = value`, and `UNCHANGED` for the variables that a step leaves alone: how a way through a step ends. */
  | { readonly kind: 'ending'; readonly changes: readonly Change[]; readonly unchanged: readonly string[] }
  | { readonly kind: 'junction'; readonly operator: '/\\' | '\\/'; readonly items: readonly Node[] }
  | { readonly kind: 'implies'; readonly left: Node; readonly right: Node }
  | {
      readonly kind: 'quantifier';
      readonly symbol: '\\A' | '\\E';
      readonly binder: string;
      readonly set: Node;
      readonly body: Node;
    }
  | { readonly kind: 'if'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'let'; readonly definitions: readonly Definition[]; readonly body: Node };

export type Field = readonly [name: string, value: Node];

/** `[base EXCEPT !path = value]`. */
interface Update {
  readonly base: Node;
  readonly path: string;
  readonly value: Node;
}

/** What a step makes of a variable. */
export interface Change {
  readonly variable: string;
  readonly value: Node;
}

interface Definition {
  /** `lease1`, `After(x, y)`, `loop[i \in 0..3]`. */
  readonly head: string;
  readonly body: Node;
}

/** How tightly operators bind; operands that bind as tightly are put in parentheses too, for not all associate. */
export const PRECEDENCE = {
  open: 0, // quantifiers, IF, LET: they reach as far as they can
  implies: 1,
  equivalence: 2,
  junction: 3,
  not: 4,
  comparison: 5,
  set: 8,
  range: 9,
  add: 10,
  multiply: 13,
  atom: 20,
} as const;

export function text(content: string, precedence: number = PRECEDENCE.atom): Node {
  return { kind: 'text', text: content, precedence };
}

/** `left operator right`. */
export function infix(left: Node, operator: string, right: Node, precedence: number): Node {
  return text(`${operand(left, precedence)} ${operator} ${operand(right, precedence)}`, precedence);
}

/** `{node}`. */
export function singleton(node: Node): Node {
  return { kind: 'text', text: `{${inline(node)}}`, precedence: PRECEDENCE.atom, only: node };
}

/** `[base EXCEPT !path = value, …]`. */
export function except(base: Node, parts: readonly Omit<Update, 'base'>[]): Node {
  const shown = parts.map(({ path, value }) => `!${path} = ${inline(value)}`);
  const content = `[${operand(base, PRECEDENCE.open)} EXCEPT ${shown.join(', ')}]`;
  const [only, ...others] = parts;
  const update = only === undefined || 0 < others.length ? {} : { update: { base, ...only } };
  return { kind: 'text', text: content, precedence: PRECEDENCE.atom, ...update };
}

export function apply(operator: string, ...given: readonly Node[]): Node {
  return text(given.length === 0 ? operator : `${operator}(${given.map(inline).join(', ')})`);
}

/** A conjunction or disjunction; nested ones of the same kind are flattened. */
export function junction(operator: '/\\' | '\\/', items: readonly Node[]): Node {
  const flat = items.flatMap((item) => (item.kind === 'junction' && item.operator === operator ? item.items : [item]));
  return flat.length === 1 ? flat[0]! : { kind: 'junction', operator, items: flat };
}

/** `IF condition THEN yes ELSE no`; what is the same either way needs no condition, and what is a truth is a junction. */
export function conditional(condition: Node, yes: Node, no: Node): Node {
  const [whenTrue, whenFalse] = [inline(yes), inline(no)];
  if (whenTrue === whenFalse) return yes;
  if (whenTrue === 'TRUE') return whenFalse === 'FALSE' ? condition : junction('\\/', [condition, no]);
  if (whenFalse === 'FALSE') return junction('/\\', [condition, yes]);
  return { kind: 'if', condition, yes, no };
}

/** `conditional` of values; two updates of one place are one update. */
export function chosenValue(condition: Node, yes: Node, no: Node): Node {
  const [left, right] = [updateOf(yes), updateOf(no)];
  const isSamePlace =
    left !== undefined && right !== undefined && left.path === right.path && inline(left.base) === inline(right.base);
  if (!isSamePlace) return conditional(condition, yes, no);
  return except(left.base, [{ path: left.path, value: chosenValue(condition, left.value, right.value) }]);
}

function updateOf(node: Node): Update | undefined {
  return node.kind === 'text' ? node.update : undefined;
}

export function not(node: Node): Node {
  return text(`~${operand(node, PRECEDENCE.multiply)}`, PRECEDENCE.not);
}

function precedenceOf(node: Node): number {
  switch (node.kind) {
    case 'text':
      return node.precedence;
    case 'ending':
      return PRECEDENCE.junction;
    case 'junction':
      return PRECEDENCE.junction;
    case 'implies':
      return PRECEDENCE.implies;
    default:
      return PRECEDENCE.open;
  }
}

/** The conjuncts of an ending. */
function conjunctionOf({ changes, unchanged }: Node & { readonly kind: 'ending' }): Node {
  const assignments = changes.map(({ variable, value }) =>
    infix(text(`${variable}'`), '=', value, PRECEDENCE.comparison),
  );
  return junction('/\\', [...assignments, ...unchangedNodes(unchanged)]);
}

/** `UNCHANGED x` or `UNCHANGED <<x, y>>`; nothing for no variables. */
function unchangedNodes(names: readonly string[]): Node[] {
  if (names.length === 0) return [];
  return [text(`UNCHANGED ${names.length === 1 ? names[0]! : `<<${names.join(', ')}>>`}`, PRECEDENCE.not)];
}

/** On one line, in parentheses unless it binds more tightly than `precedence`. */
export function operand(node: Node, precedence: number): string {
  return precedence < precedenceOf(node) ? inline(node) : `(${inline(node)})`;
}

/** On one line. */
export function inline(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'ending':
      return inline(conjunctionOf(node));
    case 'junction':
      return node.items.map((item) => operand(item, PRECEDENCE.junction)).join(` ${node.operator} `);
    case 'implies':
      // Not everybody knows which of `=>` and `/\` binds more tightly.
      return `${operand(node.left, PRECEDENCE.junction)} => ${operand(node.right, PRECEDENCE.junction)}`;
    case 'quantifier':
      return `${node.symbol} ${node.binder} \\in ${operand(node.set, PRECEDENCE.comparison)} : ${inline(node.body)}`;
    case 'if':
      return `IF ${inline(node.condition)} THEN ${node.yes.kind === 'if' ? `(${inline(node.yes)})` : inline(node.yes)} ELSE ${inline(node.no)}`;
    case 'let':
      return inlineLet(flattened(node));
  }
}

type Let = Node & { readonly kind: 'let' };

/** Definitions within definitions are one list of them. */
function flattened(node: Let): Let {
  if (node.body.kind !== 'let') return node;
  const inner = flattened(node.body);
  return { ...node, definitions: [...node.definitions, ...inner.definitions], body: inner.body };
}

function inlineLet({ definitions, body }: Let): string {
  return `LET ${definitions.map((one) => `${one.head} == ${inline(one.body)}`).join(' ')} IN ${inline(body)}`;
}

const WIDTH = 110;

/**
 * Over as many lines as needed; the first is not indented, the others start at `column` or further right, which is what
 * TLA+ asks of what stands under a bullet.
 */
export function layout(node: Node, column: number, bullets = false): string {
  if (node.kind === 'ending') return endingLayout(node, column);
  const line = inline(node);
  const isBulleted = bullets && node.kind === 'junction';
  if (!isBulleted && !wantsLines(node) && column + line.length <= WIDTH) return line;
  const next = (offset: number): string => `\n${' '.repeat(column + offset)}`;
  switch (node.kind) {
    case 'text':
      return laidOut(line, column, WIDTH);
    case 'junction':
      return node.items
        .map((item) =>
          // The conjuncts of an ending stand among those before it.
          item.kind === 'ending' && node.operator === '/\\' && !isSingle(item)
            ? layout(item, column)
            : `${node.operator} ${bulletItem(item, column + 3)}`,
        )
        .join(next(0));
    case 'implies': {
      return `${operandLayout(node.left, column)}${next(2)}=> ${operandLayout(node.right, column + 5)}`;
    }
    case 'quantifier': {
      const { set } = node;
      const start = `${node.symbol} ${node.binder} \\in `;
      const only = set.kind === 'text' && WIDTH < column + start.length + set.text.length ? set.only : undefined;
      const from =
        only === undefined ? operand(set, PRECEDENCE.comparison) : `{${layout(only, column + start.length + 1)}}`;
      const head = `${start}${from} :`;
      return `${head}${next(2)}${layout(node.body, column + 2, bullets)}`;
    }
    case 'if':
      return (
        `IF ${layout(node.condition, column + 3)}${next(0)}THEN ${layout(node.yes, column + 5, bullets)}` +
        `${next(0)}ELSE ${layout(node.no, column + 5, bullets)}`
      );
    case 'let': {
      const whole = flattened(node);
      const definitions = whole.definitions.map(({ head, body }) => {
        const short = `${head} == ${inline(body)}`;
        if (!wantsLines(body) && column + 4 + short.length <= WIDTH) return short;
        return `${head} ==${next(8)}${layout(body, column + 8, true)}`;
      });
      return `LET ${definitions.join(next(4))}${next(0)}IN  ${layout(whole.body, column + 4, bullets)}`;
    }
  }
}

function isSingle({ changes, unchanged }: Node & { readonly kind: 'ending' }): boolean {
  return changes.length + Math.min(1, unchanged.length) === 1;
}

/** One conjunct a line; a value that is a choice or has definitions keeps its own lines. */
function endingLayout(node: Node & { readonly kind: 'ending' }, column: number): string {
  const isAlone = isSingle(node);
  const indent = column + (isAlone ? 0 : 3);
  const lines = node.changes.map(({ variable, value }) => {
    const isOpen = value.kind === 'if' || value.kind === 'let';
    return isOpen
      ? `${variable}' = ${layout(value, indent + variable.length + 4)}`
      : laidOut(inline(infix(text(`${variable}'`), '=', value, PRECEDENCE.comparison)), indent, WIDTH);
  });
  const all = [...lines, ...unchangedNodes(node.unchanged).map(inline)];
  return isAlone ? all.join('') : all.map((line) => `/\\ ${line}`).join(`\n${' '.repeat(column)}`);
}

/** Whether a node has steps in it, which are read line by line. */
function wantsLines(node: Node): boolean {
  switch (node.kind) {
    case 'text':
      return node.text.startsWith('UNCHANGED ');
    case 'ending':
      return true;
    case 'junction':
      return node.items.some(wantsLines);
    case 'implies':
      return false;
    case 'quantifier':
      return wantsLines(node.body);
    case 'if':
      return wantsLines(node.yes) || wantsLines(node.no);
    case 'let':
      return wantsLines(node.body);
  }
}

function bulletItem(item: Node, column: number): string {
  const line = inline(item);
  if (item.kind === 'junction' && !wantsLines(item) && column + line.length + 2 <= WIDTH) return `(${line})`;
  return layout(item, column, true);
}

/** A side of `=>`: on several lines it is put in parentheses, so that its last bullet ends there. */
function operandLayout(node: Node, column: number): string {
  const line = operand(node, PRECEDENCE.junction);
  if (column + line.length <= WIDTH) return line;
  return `(${layout(node, column + 1)})`;
}

/** Lines that are still too long, broken after commas and continued under the bracket that is open there. */
export function wrapped(content: string): string {
  return content
    .split('\n')
    .map((line) => wrappedLine(line))
    .join('\n');
}

/** @param around - the column under which the line goes on where no bracket is open, if it is itself such a rest. */
function wrappedLine(line: string, around?: number): string {
  if (line.length <= WIDTH + 10 || /^\s*\\\*/.test(line)) return line;
  const start = /^\s*(?:(?:\/\\|\\\/|IF|THEN|ELSE|LET|IN) +)*/.exec(line)![0].length;
  const fallback = around ?? start + 2;
  const open: number[] = [];
  let inString = false;
  let best: { readonly at: number; readonly indent: number; readonly worth: number } | undefined;
  for (let index = 0; index < Math.min(line.length, WIDTH + 10); index += 1) {
    const character = line[index]!;
    if (character === '"' && line[index - 1] !== '\\') inString = !inString;
    if (inString) continue;
    if ('([{'.includes(character)) open.push(index + 1);
    else if (character === '<' && line[index + 1] === '<') open.push(index + 2);
    else if (')]}'.includes(character) || (character === '>' && line[index - 1] === '>')) open.pop();
    if (character !== ' ' || index <= start) continue;
    const [before, after] = [line.slice(start, index), line.slice(index + 1)];
    // Not so far to the right that what comes next does not fit there.
    const next = /^(?:"(?:[^"\\]|\\.)*"|\S{1,30})\S*/.exec(after)?.[0].length ?? 0;
    const bracket = open.at(-1) ?? fallback;
    const indent = WIDTH + 10 < bracket + next || 80 < bracket ? fallback : bracket;
    const isComma = before.endsWith(',');
    if (!isComma && !BREAKS_AFTER.test(before) && !BREAKS_BEFORE.test(after)) continue;
    if (index < indent + 4) continue;
    // The less is open there the better; of two such places, the later one.
    const worth = (isComma ? 8 : 0) - 10 * Math.max(0, open.length - 1);
    if (best === undefined || best.worth <= worth || index - best.at > 60) best = { at: index, indent, worth };
  }
  if (best === undefined) return line;
  return `${line.slice(0, best.at)}\n${wrappedLine(' '.repeat(best.indent) + line.slice(best.at + 1), best.indent)}`;
}

/** Not before a junction: at the start of a line it would be a bullet. */
const BREAKS_AFTER = / (?:\/\\|\\\/|=>|<=>|~>|:|\|->|==|=|#|\\in|\\cup|\\cap|@@|\+)$/;

const BREAKS_BEFORE = /^(?:THEN|ELSE|IN|EXCEPT) /;
