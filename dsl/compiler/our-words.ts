import type { ts as TS } from 'ts-morph';
import type { Span } from '../diagnostics/span.ts';
import type { Sources } from './source.ts';
import { ts } from './typescript.ts';

/**
 * The call around a place whose arguments are judged, when the spec has been evaluated, by what was given: `weak(…)`,
 * `strong.any(…)`, `spec.fairness(…)`; the outermost one.
 *
 * @param extent - whether bodies of functions that are given belong to it.
 */
export function callOfOurs(
  { modules }: Sources,
  { file, start }: Span,
  extent: 'arguments' | 'bodies too',
): TS.CallExpression | undefined {
  const module = modules.find((one) => one.file === file && !one.own);
  if (module === undefined) return undefined;
  const visit = (node: TS.Node, outer: TS.CallExpression | undefined): TS.CallExpression | undefined => {
    const call = outer ?? (ts.isCallExpression(node) && isOurWord(node) ? node : undefined);
    let found = call;
    ts.forEachChild(node, (child) => {
      if (start < child.getStart(module.syntax) || child.end <= start) return;
      const isBody = extent === 'arguments' && ts.isFunctionLike(node) && 'body' in node && child === node.body;
      found = visit(child, isBody ? undefined : call);
    });
    return found;
  };
  return visit(module.syntax, undefined);
}

function isOurWord({ expression }: TS.CallExpression): boolean {
  if (ts.isIdentifier(expression)) return isStrength(expression);
  if (!ts.isPropertyAccessExpression(expression)) return false;
  const { name, expression: object } = expression;
  return name.text === 'fairness' || (name.text === 'any' && isStrength(object)) || isStrength(name);
}

function isStrength(node: TS.Node): boolean {
  return ts.isIdentifier(node) && (node.text === 'weak' || node.text === 'strong');
}
