import type { Domain, Expression, Statement } from '../../ir/index.ts';
import { BOOLEAN } from '../../ir/part.ts';
import { negated } from '../negation.ts';
import { childrenOf, exitsOf, neverEnds } from '../tlaplus/statement.ts';

/**
 * A block's statements without the block: what comes after a way that leaves it goes into the other way, so that all of
 * them end where the block does. Early `return`s, `break`s and `continue`s become conditions.
 *
 * @returns undefined where something would have to be said twice, or where a loop is left.
 */
export function withoutBlock(body: readonly Statement[], label: string): readonly Statement[] | undefined {
  const at = body.findIndex((statement) => exitsOf([statement], label) > 0);
  if (at < 0) return body;
  const before = body.slice(0, at);
  const rest = body.slice(at + 1);
  const leaving = body[at]!;
  if (leaving.kind === 'exit') return before;
  if (leaving.kind === 'block' && rest.length === 0) {
    const inside = withoutBlock(leaving.body, label);
    return inside && [...before, { ...leaving, body: inside }];
  }
  if (leaving.kind !== 'if') return undefined;
  const yesEnds = !neverEnds(leaving.whenTrue);
  const noEnds = !neverEnds(leaving.whenFalse);
  if (rest.length > 0 && yesEnds && noEnds) return undefined;
  const whenTrue = withoutBlock(yesEnds ? [...leaving.whenTrue, ...rest] : leaving.whenTrue, label);
  const whenFalse = withoutBlock(noEnds ? [...leaving.whenFalse, ...rest] : leaving.whenFalse, label);
  if (whenTrue === undefined || whenFalse === undefined) return undefined;
  return [...before, { ...leaving, whenTrue, whenFalse }];
}

/**
 * The value that a local gets in each of the ways through statements that do nothing else; undefined for others.
 *
 * @param type - what the local may hold.
 */
export function valueAssigned(statements: readonly Statement[], local: string, type: Domain): Expression | undefined {
  const [first, ...rest] = statements;
  if (first === undefined) return undefined;
  if (rest.length > 0) {
    if (first.kind !== 'let' || first.mutable) return undefined;
    const value = valueAssigned(rest, local, type);
    if (value === undefined) return undefined;
    return { kind: 'evaluate', body: [first], result: value, type: value.type, span: first.span };
  }
  if (first.kind === 'assign') {
    const { root, path } = first.target;
    return root.kind === 'local' && root.name === local && path.length === 0 ? first.value : undefined;
  }
  if (first.kind !== 'if') return undefined;
  const whenTrue = valueAssigned(first.whenTrue, local, type);
  const whenFalse = valueAssigned(first.whenFalse, local, type);
  if (whenTrue === undefined || whenFalse === undefined) return undefined;
  return chosen(first.condition, whenTrue, whenFalse, type);
}

/** `condition ? whenTrue : whenFalse`; what is settled either way is a formula. */
export function chosen(
  condition: Expression,
  whenTrue: Expression,
  whenFalse: Expression,
  valueType: Domain,
): Expression {
  const { span } = condition;
  const type = BOOLEAN;
  const is = (one: Expression, value: boolean): boolean => one.kind === 'literal' && one.value === value;
  if (is(whenTrue, true)) {
    return is(whenFalse, false) ? condition : { kind: 'or', left: condition, right: whenFalse, type, span };
  }
  if (is(whenTrue, false)) {
    return is(whenFalse, true)
      ? negated(condition)
      : { kind: 'and', left: negated(condition), right: whenFalse, type, span };
  }
  if (is(whenFalse, false)) return { kind: 'and', left: condition, right: whenTrue, type, span };
  if (is(whenFalse, true)) return { kind: 'implies', left: condition, right: whenTrue, type, span };
  return { kind: 'conditional', condition, whenTrue, whenFalse, type: valueType, span };
}

/** Whether statements assign to a local. */
export function assigns(statements: readonly Statement[], local: string): boolean {
  return statements.some(
    (statement) =>
      (statement.kind === 'assign' && statement.target.root.kind === 'local' && statement.target.root.name === local) ||
      assigns(childrenOf(statement), local),
  );
}
