import { check } from '../../../checker/check.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { withVerifier } from './spin.ts';
import type { Verifier } from './spin.ts';

/** What two judges say of one model, in one form, so that a test compares two of these. */
export interface Judgment {
  readonly distinct: number;
  /** Invariants and step properties that are violated; `reached x`; messages of steps that fail. */
  readonly violated: readonly string[];
  readonly deadlocks: boolean;
  /** Temporal properties that are violated. */
  readonly properties: readonly string[];
}

/** The checker's own judgment. */
export function ownJudgment(system: System, result: CheckResult = check(system)): Judgment {
  const isViolated = (kind: string): string[] =>
    result.verdicts.flatMap((one) => (one.kind === kind && one.outcome.kind === 'violated' ? [one.name] : []));
  const reached = result.verdicts.flatMap((one) =>
    one.kind === 'sometimes' && one.outcome.kind === 'reached' ? [`reached ${one.name}`] : [],
  );
  return {
    distinct: result.statistics.distinct,
    // An invariant and a step property may have one name.
    violated: [...new Set([...isViolated('invariant'), ...isViolated('step'), ...reached])].sort(),
    deadlocks: isViolated('deadlock').length > 0,
    properties: isViolated('property').sort(),
  };
}

/**
 * SPIN's judgment of the exported model: one verifier for safety, others for what the temporal properties say.
 *
 * @param liveness - false: temporal properties are not asked about.
 */
export function spinJudgment(system: System, { liveness = true } = {}): Judgment {
  const exported = exportPromela(system);
  if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
  const { text } = exported;
  const safety = withVerifier(text, { defines: ['REACH'], compile: ['-DSAFETY'] }, ({ run }) => {
    const everything = run('-c0');
    // Without assertions only deadlocks are errors.
    return { ...everything, deadlocks: 0 < run('-c0', '-A').errors };
  });
  const properties = new Set<string>();
  const claimsOf = (of: readonly string[]): ((verifier: Verifier) => void) => {
    return ({ run }) => {
      for (const claim of claimNames(text)) {
        const property = of.find((name) => claim === name || claim.startsWith(`${name}_`));
        if (property !== undefined && 0 < run('-a', '-N', claim).errors) properties.add(property);
      }
    };
  };
  const all = liveness ? system.properties.map(({ name }) => name) : [];
  const alike = all.filter((name) => text.includes(`#if defined(PROPERTY_${name}) || defined(PROPERTIES)`));
  if (alike.length > 0) withVerifier(text, { defines: ['PROPERTIES'] }, claimsOf(alike));
  for (const name of all.filter((one) => !alike.includes(one))) {
    withVerifier(text, { defines: [`PROPERTY_${name}`] }, claimsOf([name]));
  }
  return {
    distinct: safety.stored,
    violated: [...safety.violated].sort(),
    deadlocks: safety.deadlocks,
    properties: [...properties].sort(),
  };
}

function claimNames(text: string): readonly string[] {
  return [...text.matchAll(/^ltl (\w+) /gm)].map((match) => match[1]!);
}
