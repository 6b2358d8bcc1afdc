import { formatValue } from '../../ir/index.ts';
import type { LeftOut } from '../specialize/specialize.ts';

/** What a module does not have although the spec does, for a comment; empty when it has everything. */
export function leftOutNote(leftOut: LeftOut): string {
  const { processes, actions, variables, fairness, always, never } = leftOut;
  const isOfProcess = (name: string): boolean => processes.includes(name.split('.')[0]!);
  const steps = actions.filter((name) => !isOfProcess(name));
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['processes without a step', processes],
    ['steps that are never possible', steps],
    ['variables that never change', variables.map(({ name, value }) => `${name} (${formatValue(value)})`)],
    ['fairness of none of the steps', fairness],
    ['invariants that say nothing', always],
    ['what is never so', never],
  ];
  const said = rows.filter(([, names]) => names.length > 0).map(([title, names]) => `${title}: ${names.join(', ')}`);
  return said.length === 0
    ? ''
    : ['Left out, as these values rule them out:', ...said.map((one) => `- ${one}.`)].join('\n');
}
