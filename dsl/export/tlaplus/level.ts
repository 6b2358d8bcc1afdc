import type { Node } from './node.ts';
import { inline, junction, PRECEDENCE, text } from './node.ts';
import type { Module } from './scope.ts';

/**
 * A condition that TLC asks of each state. It takes a definition in which no variable stands for a constant: it refuses
 * the constant FALSE as an invariant, and below a temporal operator it takes a constant for whatever it likes.
 */
export function ofStates({ variables }: Module, node: Node): Node {
  const content = inline(node);
  if (content === 'TRUE') return node;
  if (content === 'FALSE') return text('vars # vars', PRECEDENCE.comparison);
  const spoken = content
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .replaceAll(/\.\w+|\w+(?= \|->)/g, '')
    .split(/\W+/);
  const names = new Set([...variables.values(), 'vars']);
  if (spoken.some((word) => names.has(word))) return node;
  return junction('/\\', [node, text('vars = vars', PRECEDENCE.comparison)]);
}
