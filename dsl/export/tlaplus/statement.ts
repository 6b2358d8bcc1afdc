import type { Expression, Place, Statement } from '../../ir/index.ts';
import { fold as foldNode, innerLists } from '../../ir/fold.ts';

/** The expressions that a statement works out itself, before any statement in it. */
export function expressionsIn(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
      return [
        ...statement.target.path.flatMap((segment) => (segment.kind === 'index' ? [segment.index] : [])),
        statement.value,
      ];
    case 'let':
      return [statement.value];
    case 'if':
    case 'when':
    case 'verify':
      return [statement.condition];
    case 'for':
      return [statement.over];
    case 'choose':
      return [statement.from];
    default:
      return [];
  }
}

/** The variables and locals that an expression reads. */
export function rootsRead(expression: Expression): readonly string[] {
  const roots = foldNode<readonly string[]>(expression, (node, parts) => {
    if (node.kind === 'variable' || node.kind === 'local') return [`${node.kind} ${node.name}`];
    return parts.flat();
  });
  return [...new Set(roots)];
}

/** The variables and locals that statements assign to, each once, in order of appearance. */
export function rootsOf(statements: readonly Statement[]): readonly string[] {
  const roots: string[] = [];
  const visit = (statement: Statement): void => {
    if (statement.kind === 'assign') roots.push(rootKey(statement.target));
    childrenOf(statement).forEach(visit);
  };
  statements.forEach(visit);
  return [...new Set(roots)];
}

export function childrenOf(statement: Statement): readonly Statement[] {
  return innerLists(statement).flat();
}

/** Whether statements only compute and assign: no guard, no choice. */
export function isPure(statements: readonly Statement[]): boolean {
  return statements.every(
    (statement) => !['when', 'choose', 'either'].includes(statement.kind) && isPure(childrenOf(statement)),
  );
}

/** How often a block of this label is left from within. */
export function exitsOf(statements: readonly Statement[], label: string): number {
  return statements.reduce(
    (sum, statement) =>
      sum + (statement.kind === 'exit' && statement.label === label ? 1 : 0) + exitsOf(childrenOf(statement), label),
    0,
  );
}

/** Labels of blocks around the statements that they leave. */
export function foreignExits(statements: readonly Statement[]): readonly string[] {
  const visit = (statement: Statement, own: readonly string[]): string[] => {
    if (statement.kind === 'exit') return own.includes(statement.label) ? [] : [statement.label];
    const inside = statement.kind === 'block' ? [...own, statement.label] : own;
    return childrenOf(statement).flatMap((child) => visit(child, inside));
  };
  return statements.flatMap((statement) => visit(statement, []));
}

/** Whether the end of statements is never reached: they leave a block around them, or the step is not possible. */
export function neverEnds(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'exit':
      case 'loop':
        return true;
      case 'if':
        return neverEnds(statement.whenTrue) && neverEnds(statement.whenFalse);
      case 'block':
        return neverEnds(statement.body) && exitsOf(statement.body, statement.label) === 0;
      case 'either':
        return statement.branches.every(neverEnds);
      case 'when':
        return statement.condition.kind === 'literal' && statement.condition.value === false;
      default:
        return false;
    }
  });
}

/** How often statements read a local. */
export function usesOf(name: string, statements: readonly Statement[]): number {
  const count = (node: Parameters<typeof foldNode>[0]): number =>
    foldNode<number>(
      node,
      (one, parts) => (one.kind === 'local' && one.name === name ? 1 : 0) + parts.reduce((a, b) => a + b, 0),
    );
  return statements.reduce((sum, statement) => sum + count(statement), 0);
}

export function rootKey(target: Place): string {
  return `${target.root.kind} ${target.root.name}`;
}
