import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';

/* Formulas made by functions of the author's: what is given to them is asked anew in every state. */
it('predicates that are given to functions are asked in the state that the formula is about', () => {
  const path = fileURLToPath(new URL('./formulas.ts', import.meta.url));
  const { specs, diagnostics } = compile(path, { typecheck: false });
  expect(diagnostics).toEqual([]);
  const { system, diagnostics: refused } = specs[0]!.instantiate(undefined);
  expect(refused.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(validateSystem(system!)).toEqual([]);
  const verdicts = check(system!).verdicts.filter(({ kind }) => kind === 'property');
  expect(verdicts.map(({ name, outcome }) => `${name} ${outcome.kind}`)).toEqual([
    'byFunction holds',
    'byFunctionWithConst holds',
    'byLet holds',
    'byArgumentObject holds',
    'byFoundElement holds',
    'ofEveryNumber holds',
    'neverThere violated',
    'notForever violated',
  ]);
});
