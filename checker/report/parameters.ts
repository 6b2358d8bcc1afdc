import { equalValues } from '../../dsl/ir/index.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';

/** The names of parameters that are the same in all models, and of the others. */
export function parametersOf(models: readonly { readonly result: { readonly parameters: ObjectValue } }[]): {
  readonly same: readonly string[];
  readonly varying: readonly string[];
} {
  const [first] = models;
  const names = Object.keys(first?.result.parameters ?? {});
  const isSame = (name: string): boolean =>
    models.every(({ result }) => equalValues(result.parameters[name], first!.result.parameters[name]));
  return { same: names.filter(isSame), varying: names.filter((name) => !isSame(name)) };
}
