/** Everything that the author of a spec imports, and nothing else. Domains are zod schemas: `z` is zod itself. */
export * as z from 'zod';
export type { Action } from './language/action.ts';
export { either, mayTimeOut, pick, verify, when } from './language/choice.ts';
export { anyOf, ids, record, values } from './language/domain.ts';
export type { Domain, Element, Id, Ids } from './language/domain.ts';
export { equal } from './language/equality.ts';
export { strong, weak } from './language/fairness.ts';
export type { Assumption, AssumptionOptions } from './language/fairness.ts';
export {
  all,
  always,
  and,
  count,
  enabled,
  eventually,
  implies,
  leadsTo,
  not,
  or,
  some,
  taken,
  until,
} from './language/formula.ts';
export type { Formula, Term } from './language/formula.ts';
export type { Expectations, Model } from './language/model.ts';
export { local } from './language/process.ts';
export type { Process, Steps } from './language/process.ts';
export type { FairnessSet, Invariant, Property, Sometimes, Step, Terminal, Within } from './language/property.ts';
export { first, fresh, serial } from './language/serial.ts';
export type { Serial, SerialValue } from './language/serial.ts';
export { spec } from './language/spec.ts';
export type { ParametersOf, Spec, StateOf } from './language/spec.ts';
