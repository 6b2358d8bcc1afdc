import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult, Verdict } from '../../checker/verdict/verdict.ts';

/** A row of the table in specs/README.md: protocol, model, distinct states, what holds, what does not. */
export function rowOf(file: string, result: CheckResult): string {
  const protocol = `[${file.split('/').at(-1)!}](${file}.ts)`;
  const shown = result.verdicts.filter(({ kind }) => kind !== 'evaluation');
  const good = shown.filter((verdict) => isGood(verdict) && verdict.kind !== 'deadlock').map(({ name }) => name);
  const bad = shown.filter((verdict) => !isGood(verdict)).map(({ name }) => name);
  const bounded = result.statistics.cut === undefined ? '' : ' (bounded)';
  const cells = [
    protocol,
    result.model,
    result.statistics.distinct.toLocaleString('en-US') + bounded,
    good.join(', ') || '–',
    bad.join(', ') || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * A row of the table in specs/vmm-drv/README.md: instance, model, distinct states, and all that does not hold, which is
 * what the model declares; that it is so is checked elsewhere.
 */
export function declaredRowOf(file: string, { model }: System): string {
  const instance = file.split('/').at(-1)!;
  const bad = model.expectations.map((expectation) => {
    if ('property' in expectation) return expectation.property;
    return expectation.kind === 'fails' ? 'a step fails' : 'deadlock';
  });
  const cells = [
    `[${instance}](models/${instance}.ts)`,
    model.name,
    (model.distinct ?? 0).toLocaleString('en-US'),
    bad.join(', ') || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

function isGood({ outcome }: Verdict): boolean {
  return outcome.kind === 'holds' || outcome.kind === 'reached' || outcome.kind === 'bounded';
}
