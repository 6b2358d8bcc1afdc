import { comment, linesOf } from './comment.ts';
import type { Predicate } from '../../ir/index.ts';
import type { OmittedProperty, Refusal } from '../refusal.ts';
import type { Module } from './scope.ts';
import type { Constants } from './value.ts';

/** What of a module its configuration names. */
interface Named {
  readonly predicates: ReadonlyMap<Predicate, string>;
  /** What is violated when the predicate of a `sometimes` is reached. */
  readonly nevers: ReadonlyMap<Predicate, string>;
  readonly properties: ReadonlyMap<string, string>;
  readonly omitted: readonly OmittedProperty[];
  /** Properties that hold whatever happens. */
  readonly settled: ReadonlySet<string>;
  readonly isSymmetric: boolean;
}

export function configText(
  { system }: Module,
  constants: Constants,
  { predicates, nevers, properties, omitted, settled, isSymmetric }: Named,
): string {
  const assignments = constants.models.map((name) => `    ${name} = ${name}`);
  const expected = new Set(system.model.expectations.flatMap((one) => ('property' in one ? [one.property] : [])));
  const note = (name: string): string => (expected.has(name) ? ' \\* expected to be violated' : '');
  const isJudged = system.model.deadlocks !== 'ignored';
  const ends = isJudged && system.terminal.length > 0;
  const lines = [
    comment(`${system.name}, model ${system.model.name}. ${linesOf(system.model.doc)[0]!}`).trimEnd(),
    'SPECIFICATION Spec',
    ...(assignments.length === 0 ? [] : ['CONSTANTS', ...assignments]),
    'INVARIANT TypeInvariant',
    ...system.invariants.map((one) => `INVARIANT ${predicates.get(one)!}${note(one.name)}`),
    ...(ends ? ['INVARIANT NoDeadlock'] : []),
    ...system.steps.map((one) => `PROPERTY ${predicates.get(one)!}${note(one.name)}`),
    ...system.properties.map((one) => {
      const left = omitted.find(({ property }) => property === one.name);
      if (settled.has(one.name)) return `\\* ${settledNote(one.name)}`;
      if (left !== undefined) return `\\* ${omission(one.name, left.reasons)}`;
      return `PROPERTY ${properties.get(one.name)!}${note(one.name)}`;
    }),
    ...system.within.map((one) => `CONSTRAINT ${predicates.get(one)!}`),
    ...system.sometimes.map((one) => {
      const name = nevers.get(one)!;
      return `\\* INVARIANT ${name} \\* violated when ${one.name} is reached${expected.has(one.name) ? ' (it is expected not to be)' : ''}`;
    }),
    ...(isSymmetric ? ['\\* SYMMETRY Symmetry \\* fewer states; only without PROPERTY'] : []),
    ...(ends ? ['\\* NoDeadlock allows for the proper ends, which the check of TLC would take for deadlocks.'] : []),
    ...(isJudged ? [] : ['\\* Deadlocks are not judged.']),
    `CHECK_DEADLOCK ${isJudged && !ends ? 'TRUE' : 'FALSE'}`,
  ];
  return `${lines.join('\n')}\n`;
}

export function settledNote(property: string): string {
  return `The property ${property} holds whatever happens, as what it quantifies over is empty or its conditions are settled.`;
}

export function omission(property: string, reasons: Refusal['reasons']): string {
  const why = reasons.map(({ construct, message }) => `${construct}: ${message}`);
  return `The property ${property} is left out. ${why.join('; ')}`;
}
