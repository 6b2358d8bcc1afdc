import type { Domain } from '../../../dsl/ir/index.ts';
import { casesOf } from './alternative.ts';
import type { Target } from './target.ts';
import { failUnless } from './target.ts';
import type { Term } from './term.ts';
import { NOTHING } from './term.ts';
import { newVariable, readVariable, writeVariable } from './variable.ts';

/**
 * Goes on with the alternatives that `accept` likes; fails for the others.
 *
 * @param type - of the result, when several alternatives have to meet again.
 */
export function dispatch(
  target: Target,
  term: Term,
  accept: (term: Term) => boolean,
  type: Domain,
  use: (term: Term) => Term,
): Term {
  const { builder } = target;
  const accepted = casesOf(target, term).filter((one) => accept(one.term));
  if (accepted.length === 0) {
    builder.fail();
    return NOTHING;
  }
  if (accepted.length === 1) {
    builder.check(accepted[0]!.test);
    return builder.live ? use(accepted[0]!.term) : NOTHING;
  }
  const result = newVariable(target, type);
  const chain = (index: number): void => {
    const one = accepted[index];
    if (one === undefined) return builder.fail();
    builder.if(
      one.test,
      () => writeVariable(target, result, use(one.term), failUnless(target)),
      () => chain(index + 1),
    );
  };
  chain(0);
  return readVariable(result);
}
