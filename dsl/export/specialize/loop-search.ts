import type { Expression, Statement } from '../../ir/index.ts';
import { BOOLEAN } from '../../ir/part.ts';
import { negated } from '../negation.ts';
import { canFail } from '../tlaplus/failure.ts';
import { neverEnds, rootsOf } from '../tlaplus/statement.ts';
import { filtered, isAscending, isInSetOrder, quantified } from './loop-order.ts';
import type { Context, Loop } from './loop.ts';
import { copyOf, isWorkedOut, readsOf } from './loop.ts';
import { chosen } from './structure.ts';

/** `for (const x of over) if (condition) { …; return; }`: asks whether there is one, or takes the first. */
export function asSearch(context: Context, loop: Loop): readonly Statement[] | undefined {
  const search = searchIn(context, loop.body);
  if (search?.condition === undefined) return undefined;
  const { condition, then } = search;
  const { span } = loop;
  if (!readsOf(then).has(`local ${loop.binder}`) && (!canFail(condition) || isAscending(loop.over))) {
    return [{ kind: 'if', condition: quantified('some', loop, condition), whenTrue: then, whenFalse: [], span }];
  }
  if (canFail(condition) || !isInSetOrder(loop.over)) return undefined;
  return [{ ...loop, over: filtered(context, loop.over, loop.binder, condition), body: then }];
}

/** When statements leave what is around them (always, without a condition), and how; all they do otherwise is nothing. */
function searchIn(
  context: Context,
  statements: readonly Statement[],
): { readonly condition: Expression | undefined; readonly then: readonly Statement[] } | undefined {
  if (neverEnds(statements)) return { condition: undefined, then: statements };
  const [first, ...rest] = statements;
  if (first?.kind !== 'if') return undefined;
  if (rest.length > 0 && !neverEnds(first.whenTrue)) return undefined;
  const { condition: asked, whenTrue } = first;
  const whenFalse = [...first.whenFalse, ...rest];
  const yes = searchIn(context, whenTrue);
  const no = searchIn(context, whenFalse);
  if ((yes === undefined && whenTrue.length > 0) || (no === undefined && whenFalse.length > 0)) return undefined;
  const { span } = first;
  const both = (left: Expression, right: Expression | undefined): Expression =>
    right === undefined ? left : { kind: 'and', left, right, type: BOOLEAN, span };
  if (yes !== undefined && no !== undefined) {
    if (isWorkedOut(asked)) return undefined;
    const always: Expression = { kind: 'literal', value: true, type: BOOLEAN, span };
    return {
      condition: chosen(asked, yes.condition ?? always, no.condition ?? always, BOOLEAN),
      then: [{ ...first, condition: copyOf(context, asked), whenTrue: yes.then, whenFalse: no.then }],
    };
  }
  if (yes !== undefined) return { condition: both(asked, yes.condition), then: yes.then };
  return no && { condition: both(negated(asked), no.condition), then: no.then };
}

/** `for (const x of over) if (condition) found = true;`: done once or not at all. */
export function asOnce(loop: Loop): readonly Statement[] | undefined {
  const once = onlyIf(loop.body);
  if (once === undefined || !once.then.every((one) => one.kind === 'assign')) return undefined;
  const { condition, then } = once;
  const read = readsOf([condition, ...then]);
  if (canFail(condition) || rootsOf(then).some((root) => read.has(root)) || readsOf(then).has(`local ${loop.binder}`))
    return undefined;
  return [
    { kind: 'if', condition: quantified('some', loop, condition), whenTrue: then, whenFalse: [], span: loop.span },
  ];
}

/** Statements that are one condition, and what is done if it holds. */
function onlyIf(
  statements: readonly Statement[],
): { readonly condition: Expression; readonly then: readonly Statement[] } | undefined {
  const [only, ...others] = statements;
  if (only?.kind !== 'if' || others.length > 0) return undefined;
  if (only.whenFalse.length === 0) return { condition: only.condition, then: only.whenTrue };
  return only.whenTrue.length === 0 ? { condition: negated(only.condition), then: only.whenFalse } : undefined;
}
