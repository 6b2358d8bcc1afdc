import { wrongExpectation } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expectation, Model } from '../ir/index.ts';
import type { Declaration } from '../language/definition.ts';
import type { Part } from './declaration.ts';
import { namedOf } from './declaration.ts';
import type { ModelContext } from './unit.ts';

export function modelOf(
  part: Part | undefined,
  span: Span,
  names: ReadonlyMap<Declaration, string>,
  report: ModelContext['report'],
): Model {
  if (part?.declaration.kind !== 'model') return { name: 'defaults', doc: '', span, expectations: [] };
  const { expectations } = part.declaration;
  const expected: Expectation[] = [];
  for (const [list, kinds] of EXPECTED) {
    for (const [position, declaration] of expectations[list].entries()) {
      const property = names.get(declaration);
      const fits = property !== undefined && kinds.includes(declaration.kind);
      if (fits) expected.push({ kind: list, property });
      else report(wrongExpectation(part.span, part.name, list, position));
    }
  }
  if (expectations.deadlocks) expected.push({ kind: 'deadlocks' });
  if (expectations.fails) expected.push({ kind: 'fails' });
  const { distinct } = expectations;
  return { ...namedOf(part), expectations: expected, ...(distinct === undefined ? {} : { distinct }) };
}

const EXPECTED: readonly (readonly ['violates' | 'unreachable', readonly Declaration['kind'][]])[] = [
  ['violates', ['invariant', 'step', 'property']],
  ['unreachable', ['sometimes']],
];
