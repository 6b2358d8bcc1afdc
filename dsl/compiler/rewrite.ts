import type { Expression, Statement } from '../ir/index.ts';

/**
 * An expression, or statements, with other expressions in the place of some of its parts, wholes before their parts. Goes by the shape of
 * the nodes, statements of an `evaluate` included.
 *
 * @param change - what stands for a part; undefined: the part itself, with its own parts changed.
 */
export function rewrite<T extends Expression | readonly Statement[]>(
  whole: T,
  change: (part: Expression) => Expression | undefined,
): T {
  const go = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(go);
    if (typeof node !== 'object' || node === null) return node;
    const instead = isExpression(node) ? change(node) : undefined;
    if (instead !== undefined) return instead;
    const { kind } = node as { kind?: unknown };
    const isConstant = kind === 'literal' || kind === 'parameter';
    return Object.fromEntries(
      Object.entries(node).map(([key, part]) => [
        key,
        OPAQUE.has(key) || (key === 'value' && isConstant) ? part : go(part),
      ]),
    );
  };
  return go(whole) as T;
}

/** There are no expressions in domains and spans. */
const OPAQUE = new Set(['type', 'domain', 'span']);

/** Every expression has a type, and nothing else has. */
function isExpression(node: object): node is Expression {
  return 'type' in node && 'kind' in node && 'span' in node;
}
