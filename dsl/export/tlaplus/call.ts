import type { Domain, Expression } from '../../ir/index.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { apply, text } from './node.ts';
import type { Scope } from './scope.ts';

/** An action with these arguments; those that are undefined range over their domains. */
export function actionText(
  scope: Scope,
  environment: Environment,
  name: string,
  given: readonly (Expression | undefined)[],
): Node {
  const { module } = scope;
  const action = module.system.actions.find((candidate) => candidate.name === name)!;
  const names = scope.names.inner();
  const bound: { readonly binder: string; readonly domain: Domain }[] = [];
  const passed = action.arguments.map((argument, index) => {
    const value = given[index];
    if (value !== undefined) return valueOf(scope, environment, value, argument.domain);
    const binder = names.take(argument.name);
    bound.push({ binder, domain: argument.domain });
    return text(binder);
  });
  const call = apply(module.actions.get(name)!, ...passed);
  return bound.reduceRight<Node>(
    (body, { binder, domain }) => ({
      kind: 'quantifier',
      symbol: '\\E',
      binder,
      set: module.values.listed(domain, names),
      body,
    }),
    call,
  );
}
