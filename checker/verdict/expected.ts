import type { Model } from '../../dsl/ir/index.ts';
import type { Answer } from './answer.ts';
import type { Verdict } from './verdict.ts';

/** What the author of a model expects of a property. */
export function expectedOf(model: Model, answer: Pick<Answer, 'kind' | 'name'>): Verdict['expected'] {
  const named = model.expectations.find((one) => {
    switch (one.kind) {
      case 'deadlocks':
        return answer.kind === 'deadlock';
      case 'fails':
        return answer.kind === 'evaluation';
      case 'violates':
      case 'unreachable':
        return one.property === answer.name;
    }
  });
  if (answer.kind === 'sometimes') return named === undefined ? 'reached' : 'unreachable';
  return named === undefined ? 'holds' : 'violated';
}
