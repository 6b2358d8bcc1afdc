import type { Syntax } from './syntax.ts';
import type { TlaValue } from './value.ts';
import { TlcError } from './value.ts';

/** Where an expression is evaluated. */
export interface Place {
  readonly model: Model;
  readonly context: Context;
  readonly state: State;
  /** For what is primed; as far as it is known. */
  readonly next?: State;
}

/** A module and the values of its constants. */
export interface Model {
  readonly operators: ReadonlyMap<string, Operator>;
  readonly constants: ReadonlyMap<string, TlaValue>;
  readonly variables: ReadonlySet<string>;
  /** Whether there is a step of an action; of `<<A>>_v` one that changes the state. */
  readonly isEnabled: (place: Place, action: Syntax) => boolean;
}

export type State = ReadonlyMap<string, TlaValue>;

/** Names that are bound: values, operators of a LET, functions that are being defined. */
export type Context = ReadonlyMap<string, TlaValue | Operator>;

/** An operator with the context of its definition; without parameters it is worked out where it stands. */
export interface Operator {
  readonly parameters: readonly string[];
  readonly body: Syntax;
  /** Absent for definitions of the module itself. */
  readonly context?: Context;
}

/** What can be asked whether something is in it; TLC lists some sets only when it has to. */
export interface SetLike {
  has(value: TlaValue): boolean;
  list(): readonly TlaValue[];
}

/** What this evaluator does not list, for time's sake; no statement about TLC. */
export class TooMuch extends Error {}

export function isOperator(found: TlaValue | Operator | undefined): found is Operator {
  return typeof found === 'object' && found !== null && 'body' in found;
}

export function bind(place: Place, name: string, value: TlaValue | Operator): Place {
  return { ...place, context: new Map([...place.context, [name, value]]) };
}

/** The place where an operator's body is evaluated, for given arguments. */
export function enter(place: Place, operator: Operator, given: readonly TlaValue[]): Place {
  const context = new Map(operator.context ?? []);
  operator.parameters.forEach((parameter, index) => context.set(parameter, given[index]!));
  return { ...place, context };
}

export function lookUp(place: Place, name: string): TlaValue | Operator {
  const local = place.context.get(name);
  if (local !== undefined) return local;
  const found = place.model.operators.get(name) ?? place.model.constants.get(name);
  if (found === undefined) throw new TlcError(`unknown ${name}`);
  return found;
}
