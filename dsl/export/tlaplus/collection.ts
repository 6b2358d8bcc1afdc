import type { Domain, Expression } from '../../ir/index.ts';
import { cardinality } from '../../ir/index.ts';
import { membersOf, setPart } from '../../ir/part.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { apply, inline, operand, PRECEDENCE, text } from './node.ts';
import type { Scope } from './scope.ts';
import { withNames } from './scope.ts';
import { sequence } from './value.ts';

/** The elements of a set, a domain or a sequence as a sequence, in the order in which the language goes through them. */
export function orderedElements(scope: Scope, environment: Environment, over: Expression): Node {
  const { values, helpers, refusals } = scope.module;
  if (over.kind !== 'domain' && isSequence(over.type)) return valueOf(scope, environment, over);
  const element = over.kind === 'domain' ? over.domain : (setPart(over.type)?.element ?? { kind: 'never' as const });
  if (MAX_LISTED < cardinality(element)) {
    const message = `the order of its elements can only be given by writing all ${cardinality(element)} possible ones out`;
    refusals.add('going through a set in order', message, over.span);
    return sequence([]);
  }
  if (over.kind === 'domain') return values.ordered(element, scope.names, false);
  helpers.use('Sequences');
  const inner = withNames(scope);
  const binder = inner.names.take('x');
  const set = valueOf(inner, environment, over);
  const all = inline(values.ordered(element, scope.names, true));
  return text(`SelectSeq(${all}, LAMBDA ${binder} : ${binder} \\in ${operand(set, PRECEDENCE.comparison)})`);
}

export function isSequence(type: Domain): boolean {
  return membersOf(type).some(({ kind }) => kind === 'array' || kind === 'tuple');
}

/** More elements than this are not written out one by one. */
export const MAX_LISTED = 256;

export function lengthOf(scope: Scope, node: Node): Node {
  scope.module.helpers.use('Sequences');
  return apply('Len', node);
}
