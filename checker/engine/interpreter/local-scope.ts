import type { Expression } from '../../../dsl/ir/index.ts';

type Field = Extract<Expression, { kind: 'field' }>;

/**
 * What is wrong when a predicate asks for a local of a thread that stands outside of the local's scope; undefined for
 * every other read of a field. Such a question is a field of an object that is there only at some labels, all of it
 * written at the one place of the question: an object literal of the author's has a place of its own.
 */
export function outOfScope({ object, name, span }: Field): string | undefined {
  if (object.kind !== 'conditional' || object.whenTrue.kind !== 'object') return undefined;
  const inner = object.whenTrue.span;
  if (inner.file !== span.file || inner.start !== span.start || inner.end !== span.end) return undefined;
  const label = labelIn(object.condition) ?? '';
  return `\`${name}\` is out of scope where the thread stands: say where it is meant, as in \`implies(worker.at({ … }, "${label}"), …)\``;
}

function labelIn(condition: Expression): string | undefined {
  if (condition.kind === 'or') return labelIn(condition.left);
  if (condition.kind !== 'operation') return undefined;
  const [, place] = condition.operands;
  return place?.kind === 'literal' && typeof place.value === 'string' ? place.value : undefined;
}
