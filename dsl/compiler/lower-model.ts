import { wrongDeadlocks, wrongExpectation } from '../diagnostics/catalog.ts';
import type { Expectation, Model } from '../ir/index.ts';
import type { Declaration } from '../language/definition.ts';
import type { Part, SpecSource } from './declaration.ts';
import { namedOf } from './declaration.ts';
import type { ModelContext } from './unit.ts';

export function modelOf(
  part: Part | undefined,
  spec: SpecSource,
  names: ReadonlyMap<Declaration, string>,
  report: ModelContext['report'],
): Model {
  const ofSpec = spec.definition.deadlocks;
  if (ofSpec !== undefined && ofSpec !== 'ignored') report(wrongDeadlocks(spec.span, false));
  if (part?.declaration.kind !== 'model') {
    return { name: 'defaults', doc: '', span: spec.span, expectations: [], ...judgedBy(ofSpec) };
  }
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
  const deadlocks = expectations.deadlocks ?? ofSpec;
  if (deadlocks === true) expected.push({ kind: 'deadlocks' });
  const isKnown = [undefined, true, false, 'ignored'].includes(expectations.deadlocks as boolean);
  if (!isKnown) report(wrongDeadlocks(part.span, true));
  if (expectations.fails) expected.push({ kind: 'fails' });
  const { distinct } = expectations;
  return {
    ...namedOf(part),
    expectations: expected,
    ...judgedBy(deadlocks),
    ...(distinct === undefined ? {} : { distinct }),
  };
}

function judgedBy(deadlocks: unknown): Pick<Model, 'deadlocks'> {
  return deadlocks === 'ignored' ? { deadlocks } : {};
}

const EXPECTED: readonly (readonly ['violates' | 'unreachable', readonly Declaration['kind'][]])[] = [
  ['violates', ['invariant', 'step', 'property']],
  ['unreachable', ['sometimes']],
];
