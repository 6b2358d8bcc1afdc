import { Ansis } from 'ansis';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { Value } from '../../dsl/ir/index.ts';
import type { CheckedModel, TextOptions } from './text-options.ts';
import { wrap } from './wrap.ts';

/** A property that no fairness makes hold in one model, and that holds in another, where something more can happen. */
interface Elsewhere {
  readonly property: string;
  readonly model: string;
  /** The model in which it holds, and the one parameter by which it differs. */
  readonly other: string;
  readonly parameter: string;
  readonly value: Value;
  /** Actions, and steps of processes, that happen in the other only. */
  readonly actions: readonly string[];
}

/**
 * What other models of a spec say about properties that no fairness helps: those that differ in one parameter, let
 * something more happen, and in which the property holds. Each has been checked.
 *
 * @param isTold - whether that is said of what is as expected too.
 */
export function holdingElsewhere(models: readonly CheckedModel[], isTold: 'all' | 'unexpected'): readonly Elsewhere[] {
  return models.flatMap((model) =>
    model.result.verdicts.flatMap(({ name, outcome, asExpected }): readonly Elsewhere[] => {
      if (asExpected && isTold === 'unexpected') return [];
      if (outcome.kind !== 'violated' || outcome.trace.cure?.kind !== 'none') return [];
      const found = models.flatMap((other) => differingIn(model, other, name) ?? []);
      return found.slice(0, 1);
    }),
  );
}

function differingIn(model: CheckedModel, other: CheckedModel, property: string): Elsewhere | undefined {
  const verdict = other.result.verdicts.find(({ name }) => name === property);
  if (verdict?.outcome.kind !== 'holds') return undefined;
  const [mine, others] = [model.result.parameters, other.result.parameters];
  const [parameter, ...more] = Object.keys(mine).filter((name) => !equalValues(mine[name], others[name]));
  if (parameter === undefined || more.length > 0) return undefined;
  const firing = ({ result }: CheckedModel): ReadonlySet<string> =>
    new Set(result.coverage.flatMap(({ action, fired }) => (fired > 0 ? [action] : [])));
  const here = firing(model);
  const actions = [...firing(other)].filter((action) => !here.has(action));
  if (actions.length === 0) return undefined;
  const names = { property, model: model.result.model, other: other.result.model };
  return { ...names, parameter, value: others[parameter], actions };
}

/** One line, or as many as it takes, for each. */
export function renderElsewhere(found: readonly Elsewhere[], { color, width }: TextOptions): string {
  const paint = new Ansis(color ? 1 : 0);
  return found
    .flatMap(({ property, model, other, parameter, value, actions }) => {
      const named = actions.slice(0, MOST_ACTIONS).join(', ') + (actions.length > MOST_ACTIONS ? ', …' : '');
      const words = `${property} holds with ${parameter}=${formatValue(value)} (${other}), where ${named} can happen; no fairness makes it hold in ${model}`;
      return wrap('  ', words.split(' '), ' ', width).map((line) => paint.dim(line));
    })
    .join('\n');
}

const MOST_ACTIONS = 3;
