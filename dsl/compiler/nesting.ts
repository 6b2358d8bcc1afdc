import type { ts as TS } from 'ts-morph';
import { nestedTooDeeply } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/span.ts';
import { ts } from './typescript.ts';

/**
 * So many conditions may stand in one another, as parts of one `||`, or after one another with `else if`. At each of them
 * TypeScript asks what all those before it say of a variable; twice as many take it eight times as long.
 */
export const MOST_CONDITIONS = 500;

/**
 * So deeply may anything be nested, each operator of a chain counting for one. What TypeScript and we ask of a node goes
 * through those around it, so that twice the depth takes four times as long.
 */
export const MOST_LEVELS = 5000;

/** What is nested too deeply for TypeScript, before it is asked about it. Takes no more of the stack for that. */
export function nestedTooFar(file: number, syntax: TS.SourceFile): readonly Diagnostic[] {
  // Nearly no file has so many conditions at all, or a statement with room for so many levels.
  const conditions = syntax.text.match(/\|\||&&|\?|\bif\b/g)?.length ?? 0;
  const hasRoom = syntax.statements.some(({ pos, end }) => MOST_LEVELS < end - pos);
  const deep =
    (MOST_CONDITIONS < conditions ? firstWithin(syntax, isCondition, MOST_CONDITIONS) : undefined) ??
    (hasRoom ? firstWithin(syntax, () => true, MOST_LEVELS) : undefined);
  if (deep === undefined) return [];
  const start = deep.node.getStart(syntax);
  const span = { file, start, end: Math.min(deep.node.end, start + 1) };
  const tooMany = (what: string): string =>
    `more than ${deep.most.toLocaleString('en')} ${what} within each other here`;
  return deep.most === MOST_CONDITIONS
    ? [nestedTooDeeply(span, tooMany('conditions stand'))]
    : [nestedTooDeeply(span, tooMany('levels stand'), 'one of them')];
}

/** A node that stands in so many nodes that are counted that, counting itself, there are more than `most`. */
function firstWithin(
  syntax: TS.SourceFile,
  isCounted: (node: TS.Node) => boolean,
  most: number,
): { readonly node: TS.Node; readonly most: number } | undefined {
  const waiting: { readonly node: TS.Node; readonly around: number }[] = [{ node: syntax, around: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node } = next;
    const around = next.around + (isCounted(node) ? 1 : 0);
    if (most < around) return { node, most };
    ts.forEachChild(node, (child) => void waiting.push({ node: child, around }));
  }
  return undefined;
}

function isCondition(node: TS.Node): boolean {
  if (ts.isConditionalExpression(node) || ts.isIfStatement(node)) return true;
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.AmpersandAmpersandToken;
}

/** What is said of files that are nested more deeply than the stack allows, at the bracket that most others are around. */
export function tooDeep(files: readonly SourceFile[]): Diagnostic {
  let deepest = { depth: 0, file: 0, at: 0 };
  for (const [file, { text }] of files.entries()) {
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
      if ('([{'.includes(text[at]!)) depth += 1;
      else if (')]}'.includes(text[at]!)) depth -= 1;
      if (deepest.depth < depth) deepest = { depth, file, at };
    }
  }
  const { file, at } = deepest;
  return nestedTooDeeply({ file, start: at, end: at + 1 }, 'what stands here is nested too deeply');
}
