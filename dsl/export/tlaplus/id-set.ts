import type { Domain, System } from '../../ir/index.ts';
import { expressionsOf } from '../walk.ts';

/** The sets of ids that the system speaks of, each once. */
export function idSetsOf(system: System): { name: string; values: readonly string[] }[] {
  const sets = new Map<string, readonly string[]>();
  const visit = (domain: Domain): void => {
    if (domain.kind === 'ids') {
      if ((sets.get(domain.name)?.length ?? 0) < domain.values.length) sets.set(domain.name, domain.values);
      return;
    }
    switch (domain.kind) {
      case 'union':
        return domain.members.forEach(visit);
      case 'object':
        return domain.fields.forEach((field) => visit(field.domain));
      case 'variant':
        return domain.cases.forEach((one) => one.fields.forEach((field) => visit(field.domain)));
      case 'tuple':
        return domain.items.forEach(visit);
      case 'array':
      case 'set':
        return visit(domain.element);
      case 'record':
        visit(domain.key);
        return visit(domain.value);
      default:
        return;
    }
  };
  for (const { domain } of system.variables) visit(domain);
  for (const action of system.actions) for (const { domain } of action.arguments) visit(domain);
  expressionsOf(
    system,
    (expression) => {
      visit(expression.type);
      if (expression.kind === 'domain') visit(expression.domain);
    },
    () => {},
    visit,
  );
  return [...sets].map(([name, values]) => ({ name, values }));
}
