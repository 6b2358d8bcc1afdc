import type { Expression, Statement } from '../../ir/index.ts';
import { BOOLEAN } from '../../ir/part.ts';
import { canFail } from '../tlaplus/failure.ts';
import { isAscending, quantified } from './loop-order.ts';
import type { Loop } from './loop.ts';
import { chosen } from './structure.ts';

/** Only guards: one guard, for all elements. */
export function asGuard(loop: Loop): readonly Statement[] | undefined {
  const guard = guardOf(loop.body);
  if (guard === undefined || (canFail(guard) && !isAscending(loop.over))) return undefined;
  return [{ kind: 'when', condition: quantified('all', loop, guard), span: loop.span }];
}

/** Under which condition statements that are only guards let the step go on. */
function guardOf(statements: readonly Statement[]): Expression | undefined {
  const [first, ...rest] = statements;
  if (first === undefined) return undefined;
  const own =
    first.kind === 'when'
      ? first.condition
      : first.kind === 'if'
        ? chosenGuard(first.condition, first.whenTrue, first.whenFalse)
        : undefined;
  if (own === undefined || rest.length === 0) return own;
  const right = guardOf(rest);
  return right && { kind: 'and', left: own, right, type: BOOLEAN, span: first.span };
}

function chosenGuard(
  condition: Expression,
  whenTrue: readonly Statement[],
  whenFalse: readonly Statement[],
): Expression | undefined {
  const nothing: Expression = { kind: 'literal', value: true, type: BOOLEAN, span: condition.span };
  const yes = whenTrue.length === 0 ? nothing : guardOf(whenTrue);
  const no = whenFalse.length === 0 ? nothing : guardOf(whenFalse);
  return yes && no && chosen(condition, yes, no, BOOLEAN);
}
