import type { Domain, Expression } from '../../ir/index.ts';
import { INT_MAX, INT_MIN } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { infix, inline, PRECEDENCE, text } from './node.ts';
import type { Segment } from './place.ts';
import { part, selected } from './place.ts';
import type { Scope } from './scope.ts';
import { integer } from './value.ts';

export function placeValue(scope: Scope, environment: Environment, expression: Expression): Node {
  const path: Segment[] = [];
  let root = expression;
  while (root.kind === 'field' || root.kind === 'index') {
    const isEntry = root.kind === 'field' && membersOf(root.object.type).some(({ kind }) => kind === 'record');
    path.unshift(
      root.kind === 'index'
        ? segmentOf(scope, environment, root.object.type, root.index)
        : isEntry
          ? { kind: 'index', node: scope.module.values.atom(root.name), isConstant: true }
          : { kind: 'field', name: root.name },
    );
    root = root.object;
  }
  if (root.kind === 'variable' && root.next) return selected(text(`${scope.module.variables.get(root.name)!}'`), path);
  if (root.kind === 'variable') {
    const { name } = root;
    return part(environment.variables.get(name)!, path, () => scope.onWhole(`variable ${name}`));
  }
  if (root.kind === 'local') {
    const { name } = root;
    return part(environment.locals.get(name)!, path, () => scope.onWhole(`local ${name}`));
  }
  return selected(valueOf(scope, environment, root), path);
}

/** The path of a read or an assignment, with the indices that TLA+ has for them. */
export function segmentOf(scope: Scope, environment: Environment, object: Domain, index: Expression): Segment {
  const isConstant = index.kind === 'literal';
  const isSequence = membersOf(object).some(({ kind }) => kind === 'array' || kind === 'tuple');
  const node = valueOf(scope, environment, index);
  return { kind: 'index', node: isSequence ? shifted(node, 1) : node, isConstant };
}

/** `node + by`, folded when it can be. */
export function shifted(node: Node, by: 1 | -1): Node {
  const content = inline(node);
  // Past the last integer there is no number to be written: TLC fails at the sum, as the step does.
  if (/^-?\d+$/.test(content) && INT_MIN <= Number(content) + by && Number(content) + by <= INT_MAX)
    return integer(Number(content) + by);
  const undone = new RegExp(`^(.*) ${by === 1 ? '-' : '\\+'} 1$`).exec(content);
  if (undone !== null && /^\w+$/.test(undone[1]!)) return text(undone[1]!);
  return infix(node, by === 1 ? '+' : '-', text('1'), PRECEDENCE.add);
}
