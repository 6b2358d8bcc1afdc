import type { Domain, Expression } from '../../ir/index.ts';
import { contains } from '../../ir/index.ts';
import { isSubdomain } from '../subdomain.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import { canBeEqual } from './mixture.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, junction, PRECEDENCE, text } from './node.ts';
import type { Scope } from './scope.ts';

/**
 * An action with these arguments; those that are undefined range over their domains. With a value outside of its domain
 * there is no such instance.
 */
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
  const within: Node[] = [];
  const passed = action.arguments.map((argument, index) => {
    const value = given[index];
    if (value !== undefined) {
      const node = valueOf(scope, environment, value, argument.domain);
      const isKnown = value.kind === 'literal' && contains(argument.domain, value.value);
      if (!canBeEqual(value.type, argument.domain)) within.push(text('FALSE'));
      else if (!isKnown && !isSubdomain(value.type, argument.domain)) {
        within.push(infix(node, '\\in', module.values.listed(argument.domain, names), PRECEDENCE.comparison));
      }
      return node;
    }
    const binder = names.take(argument.name);
    bound.push({ binder, domain: argument.domain });
    return text(binder);
  });
  const call = apply(module.actions.get(name)!, ...passed);
  if (within.some((node) => inline(node) === 'FALSE')) return text('FALSE');
  const step = within.length === 0 ? call : junction('/\\', [...within, call]);
  return bound.reduceRight<Node>(
    (body, { binder, domain }) => ({
      kind: 'quantifier',
      symbol: '\\E',
      binder,
      set: module.values.listed(domain, names),
      body,
    }),
    step,
  );
}
