import type { Node } from '../../ir/fold.ts';
import { fold, rewriteExpression } from '../../ir/fold.ts';
import type { Domain, Expression, Statement } from '../../ir/index.ts';

export type Loop = Statement & { readonly kind: 'for' };

/** What variables may hold, and the names of locals: those that are made here are unique within an action, too. */
export class Context {
  readonly #taken: Set<string>;

  constructor(
    readonly domains: ReadonlyMap<string, Domain>,
    taken: Iterable<string>,
  ) {
    this.#taken = new Set(taken);
  }

  /** Another one that reads like `name`. */
  fresh(name: string): string {
    const base = name.replace(/_\d+$/, '');
    let number = 2;
    while (this.#taken.has(`${base}_${number}`)) number += 1;
    this.#taken.add(`${base}_${number}`);
    return `${base}_${number}`;
  }
}

export function namesIn(node: Node): readonly string[] {
  return fold<readonly string[]>(node, (one, parts) => {
    const own: (string | undefined)[] = [];
    if (one.kind === 'local' || one.kind === 'let' || one.kind === 'choose') own.push(one.name);
    if (one.kind === 'for' || one.kind === 'comprehension' || one.kind === 'fold')
      own.push(one.binder, one.indexBinder);
    if (one.kind === 'fold') own.push(one.accumulator);
    if (one.kind === 'forAll' || one.kind === 'exists') own.push(one.binder);
    return [...own.filter((name) => name !== undefined), ...parts.flat()];
  });
}

/** The roots that statements or expressions read. */
export function readsOf(nodes: readonly Node[]): ReadonlySet<string> {
  const read = nodes.flatMap((node) =>
    fold<readonly string[]>(node, (one, parts) =>
      one.kind === 'variable' || one.kind === 'local' ? [`${one.kind} ${one.name}`, ...parts.flat()] : parts.flat(),
    ),
  );
  return new Set(read);
}

export function renaming(from: string, to: string): Change {
  return (one) => (one.kind === 'local' && one.name === from ? { ...one, name: to } : one);
}

export function substitution(name: string, value: Expression): Change {
  return (one) => (one.kind === 'local' && one.name === name ? { ...value, span: one.span } : one);
}

type Change = (part: Expression) => Expression;

/** Whether an expression has names of its own, so that it cannot stand in two places. */
export function hasBinders(expression: Expression): boolean {
  return fold<boolean>(
    expression,
    (one, parts) => ['comprehension', 'fold', 'evaluate'].includes(one.kind) || parts.some(Boolean),
  );
}

export function isWorkedOut(expression: Expression): boolean {
  return fold<boolean>(expression, (one, parts) => one.kind === 'evaluate' || parts.some(Boolean));
}

/** The same with other names for what is bound in it. */
export function copyOf(context: Context, expression: Expression): Expression {
  const names = new Map<string, string>();
  const other = (name: string): string => {
    if (!names.has(name)) names.set(name, context.fresh(name));
    return names.get(name)!;
  };
  fold(expression, (one) => {
    if (one.kind !== 'comprehension' && one.kind !== 'fold') return;
    other(one.binder);
    if (one.indexBinder !== undefined) other(one.indexBinder);
    if (one.kind === 'fold') other(one.accumulator);
  });
  return rewriteExpression(expression, (one) => {
    if (one.kind === 'local') return { ...one, name: names.get(one.name) ?? one.name };
    if (one.kind !== 'comprehension' && one.kind !== 'fold') return one;
    const binders = {
      binder: other(one.binder),
      ...(one.indexBinder === undefined ? {} : { indexBinder: other(one.indexBinder) }),
    };
    return one.kind === 'fold' ? { ...one, ...binders, accumulator: other(one.accumulator) } : { ...one, ...binders };
  });
}
