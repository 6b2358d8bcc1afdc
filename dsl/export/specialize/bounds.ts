import { rewriteExpression } from '../../ir/fold.ts';
import type { Expression, Statement } from '../../ir/index.ts';
import type { Interval } from '../../ir/interval.ts';
import { intervalOf } from '../../ir/interval.ts';
import { intPart } from '../../ir/part.ts';
import { rootsOf } from '../tlaplus/statement.ts';

/** What is known where a statement stands. */
export interface Around {
  /** Roots that are read after it. */
  readonly after: ReadonlySet<string>;
  /** Between which bounds locals are that can be assigned to. */
  readonly ints: ReadonlyMap<string, Interval>;
}

/** With what is known of integers: what stays among small ones cannot get too large, and needs no check. */
export function narrowed(ints: ReadonlyMap<string, Interval>, statement: Statement): Statement {
  const narrow = (expression: Expression): Expression =>
    rewriteExpression(expression, (one) => {
      if (one.kind !== 'local' && one.kind !== 'literal' && one.kind !== 'operation') return one;
      const bounds = one.type.kind === 'int' ? boundsOf(ints, one) : undefined;
      return bounds === undefined ? one : { ...one, type: bounds };
    });
  switch (statement.kind) {
    case 'assign': {
      const path = statement.target.path.map((segment) =>
        segment.kind === 'index' ? { ...segment, index: narrow(segment.index) } : segment,
      );
      return { ...statement, target: { ...statement.target, path }, value: narrow(statement.value) };
    }
    case 'let':
      return { ...statement, value: narrow(statement.value) };
    case 'if':
    case 'when':
    case 'verify':
      return { ...statement, condition: narrow(statement.condition) };
    case 'for':
      return { ...statement, over: narrow(statement.over) };
    case 'choose':
      return { ...statement, from: narrow(statement.from) };
    default:
      return statement;
  }
}

export function boundsAfter(ints: ReadonlyMap<string, Interval>, statement: Statement): ReadonlyMap<string, Interval> {
  const changed = new Map(ints);
  const isPlain =
    statement.kind === 'assign' && statement.target.root.kind === 'local' && statement.target.path.length === 0;
  if (statement.kind === 'let' || isPlain) {
    const name = statement.kind === 'let' ? statement.name : statement.target.root.name;
    const bounds = boundsOf(ints, statement.value);
    if (bounds === undefined) changed.delete(name);
    else changed.set(name, bounds);
    return changed;
  }
  for (const root of rootsOf([statement])) if (root.startsWith('local ')) changed.delete(root.slice('local '.length));
  return changed;
}

export function boundsOf(ints: ReadonlyMap<string, Interval>, expression: Expression): Interval | undefined {
  if (expression.kind === 'literal' && typeof expression.value === 'number') {
    return { kind: 'int', min: expression.value, max: expression.value };
  }
  const known = expression.kind === 'local' ? ints.get(expression.name) : undefined;
  if (known !== undefined) return known;
  const isSum =
    expression.kind === 'operation' && (expression.operator === 'add' || expression.operator === 'subtract');
  const operands = isSum ? expression.operands.map((one) => boundsOf(ints, one)) : [];
  if (!isSum || !operands.every((one) => one !== undefined)) return intPart(expression.type);
  const sum = intervalOf(expression.operator, operands);
  return sum.kind === 'int' ? sum : undefined;
}
