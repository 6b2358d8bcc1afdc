import type { ts as TS } from 'ts-morph';
import { nestedTooDeeply } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../diagnostics/span.ts';
import { ts } from './typescript.ts';

/**
 * So many conditions may stand in one another, as parts of one `||`, or after one another with `else if`. At each of them
 * TypeScript asks what all those before it say of a variable; twice as many take it eight times as long.
 */
const MOST_CONDITIONS = 500;

/** Conditions within conditions that are too many for TypeScript, before it is asked about them. */
export function tooManyConditions(file: number, syntax: TS.SourceFile): readonly Diagnostic[] {
  // Nearly no file has so many of these at all.
  if ((syntax.text.match(/\|\||&&|\?|\bif\b/g)?.length ?? 0) <= MOST_CONDITIONS) return [];
  const waiting: { readonly node: TS.Node; readonly conditions: number }[] = [{ node: syntax, conditions: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node } = next;
    const conditions = next.conditions + (isCondition(node) ? 1 : 0);
    if (MOST_CONDITIONS < conditions) {
      const start = node.getStart(syntax);
      const message = `more than ${MOST_CONDITIONS} conditions stand within each other here`;
      return [nestedTooDeeply({ file, start, end: Math.min(node.end, start + 1) }, message)];
    }
    ts.forEachChild(node, (child) => void waiting.push({ node: child, conditions }));
  }
  return [];
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
