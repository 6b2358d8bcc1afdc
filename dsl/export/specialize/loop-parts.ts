import { rewriteStatements } from '../../ir/fold.ts';
import type { Statement } from '../../ir/index.ts';
import { canFail } from '../tlaplus/failure.ts';
import { fitsWithin } from '../tlaplus/fit.ts';
import { childrenOf, expressionsIn, foreignExits, isPure, rootsOf } from '../tlaplus/statement.ts';
import type { Context, Loop } from './loop.ts';
import { copyOf, isWorkedOut, readsOf, renaming } from './loop.ts';
import { readOf } from './place-read.ts';

/** A loop that does several things, none of which sees another: one loop for each. */
export function asSeveral(
  context: Context,
  loop: Loop,
  inLoop: (context: Context, loop: Loop) => readonly Statement[],
): readonly Statement[] | undefined {
  const { body } = loop;
  if (body.length < 2) return undefined;
  const roots = body.map((one) => rootsOf([one]));
  const read = body.map((one) => readsOf([one]));
  const isApart = body.every((_, index) =>
    roots.every(
      (others, at) => at === index || !others.some((root) => read[index]!.has(root) || roots[index]!.includes(root)),
    ),
  );
  const guards = body.filter((one) => one.kind === 'when');
  const rest = body.filter((one) => one.kind !== 'when');
  if (
    !isApart ||
    isWorkedOut(loop.over) ||
    canFail(loop.over) ||
    !rest.every((one) => isSure(context, one)) ||
    guards.some((one) => canFail(one.condition))
  )
    return undefined;
  const apart: (readonly Statement[])[] = [...(guards.length === 0 ? [] : [guards]), ...rest.map((one) => [one])];
  if (apart.length === 1) return undefined;
  // Each has names of its own for what it goes through.
  const made = apart.map((part) => {
    const binder = context.fresh(loop.binder);
    const body = rewriteStatements(part, renaming(loop.binder, binder));
    return { part, done: inLoop(context, { ...loop, binder, over: copyOf(context, loop.over), body }) };
  });
  const isLeft = ([only]: readonly Statement[]): boolean => only?.kind === 'for';
  const left = made.filter(({ done }) => isLeft(done)).flatMap(({ part }) => part);
  if (left.length === body.length) return undefined;
  const done = made.filter((one) => !isLeft(one.done)).flatMap((one) => one.done);
  return left.length === 0 ? done : [...done, { ...loop, body: left }];
}

/** Whether statements only assign, and cannot fail. */
function isSure(context: Context, statement: Statement): boolean {
  if (statement.kind === 'assign') {
    const { target, value } = statement;
    const read = readOf(context, target);
    return read !== undefined && !canFail(read) && !canFail(value) && fitsWithin(value, target.domain);
  }
  return (
    statement.kind === 'if' &&
    foreignExits([statement]).length === 0 &&
    isPure([statement]) &&
    !expressionsIn(statement).some(canFail) &&
    childrenOf(statement).every((one) => isSure(context, one))
  );
}
