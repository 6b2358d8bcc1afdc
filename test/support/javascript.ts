import type * as z from 'zod';
import { activate, argumentsOf } from '../../dsl/language/activate.ts';
import type { Body, Declaration, SpecDefinition } from '../../dsl/language/definition.ts';
import { runIn, StepNotPossible, type Run } from '../../dsl/language/run.ts';
import { defaultValue, equalValues, valuesOf } from '../../dsl/ir/index.ts';
import type { Domain, Field, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { draftOf } from './draft.ts';
import { schemaDomain } from './schema-domain.ts';
import { fromValue, StructuralSet } from './structural-set.ts';

/** What one way through a step leads to. A way that is not possible leads to nothing and is left out. */
export type Outcome =
  { readonly kind: 'state'; readonly state: ObjectValue } | { readonly kind: 'failure'; readonly message: string };

/** One action of a model with values for its arguments. */
export interface JavaScriptInstance {
  readonly action: Declaration & { readonly kind: 'action' };
  readonly arguments: ObjectValue;
}

/** A model of a spec whose bodies run as the ordinary JavaScript functions that they are. */
export interface JavaScriptModel {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly variables: readonly Field[];
  /** Every action with every combination of argument values, in the order of declaration and domains. */
  readonly instances: readonly JavaScriptInstance[];
  /** In the order of the choices that `init` makes. */
  initial(): readonly Outcome[];
  /** Every way through one step, in the order of its choices, duplicates included. */
  successors(state: ObjectValue, instance: JavaScriptInstance): readonly Outcome[];
  /** The truth of an invariant or the like; `next` for a step property. */
  holds(declared: Declaration & { readonly body: Body }, state: ObjectValue, next?: ObjectValue): boolean;
}

/**
 * Runs the bodies of a spec as JavaScript: the witness that compiler and engines are held against.
 *
 * The spec is activated with the given parameters, and stays active: of two models, only the one made last can be used.
 *
 * @throws Error when the parameters are not valid.
 */
export function executeModel(
  definition: SpecDefinition,
  given: Readonly<Record<string, unknown>> = {},
): JavaScriptModel {
  const activation = activate(definition, given);
  if (activation.kind === 'invalid') throw new Error(activation.problems.map((one) => one.message).join('\n'));
  const { parameters } = activation;
  const variables = fieldsOf(definition.state(parameters));
  const domain: Domain = { kind: 'object', fields: variables };

  const instances = definition.declarations.flatMap((declared) =>
    declared.kind !== 'action'
      ? []
      : combinations(fieldsOf(argumentsOf(declared, parameters))).map((bound) => ({
          action: declared,
          arguments: bound,
        })),
  );

  function stepsFrom(state: ObjectValue, body: (draft: object) => void): Outcome[] {
    const draftAndRun = (choose: Run['choose']): ObjectValue => {
      const draft = draftOf(domain, state);
      inLanguage(runFrom(state, choose), () => body(draft.state));
      return draft.value();
    };
    return everyWay(draftAndRun);
  }

  function successors(state: ObjectValue, { action, arguments: bound }: JavaScriptInstance): Outcome[] {
    const values = fromValue(bound) as object;
    return stepsFrom(state, (draft) => {
      if (Object.keys(values).length === 0) action.body(draft, parameters);
      else action.body(draft, values, parameters);
    });
  }

  function runFrom(state: ObjectValue, choose: Run['choose']): Run {
    return {
      choose,
      valuesOf: (schema: z.core.$ZodType) => [...valuesOf(schemaDomain(schema))].map(fromValue),
      labelOf: () => {
        throw new Error('processes do not run yet');
      },
      enabled: (action, given) =>
        instances
          .filter((instance) => instance.action === action && agrees(instance.arguments, given))
          .some((instance) => successors(state, instance).some((outcome) => changes(state, outcome))),
    };
  }

  return {
    parameters,
    variables,
    instances,
    initial() {
      const start = Object.fromEntries(variables.map((variable) => [variable.name, defaultValue(variable.domain)]));
      return stepsFrom(start, (draft) => definition.init?.(draft as never, parameters as never));
    },
    successors,
    holds(declared, state, next) {
      const states = (next === undefined ? [state] : [state, next]).map((one) => draftOf(domain, one).state);
      const run = runFrom(state, () => {
        throw new Error('a predicate makes no choice');
      });
      return inLanguage(run, () => declared.body(...states, parameters) as boolean);
    },
  };
}

/**
 * Runs a step once for each way its choices can go. Choices are the digits of an odometer: a run takes the digits that
 * are set and 0 for those that are not yet; then the last digit that can advance does.
 */
function everyWay(run: (choose: Run['choose']) => ObjectValue): Outcome[] {
  const outcomes: Outcome[] = [];
  let digits: number[] = [];
  for (;;) {
    const radices: number[] = [];
    const choose = (alternatives: number): number => {
      if (alternatives === 0) throw new StepNotPossible();
      digits[radices.length] ??= 0;
      radices.push(alternatives);
      return digits[radices.length - 1]!;
    };
    try {
      outcomes.push({ kind: 'state', state: run(choose) });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!(error instanceof StepNotPossible)) outcomes.push({ kind: 'failure', message: error.message });
    }
    let last = radices.length - 1;
    while (last >= 0 && digits[last]! + 1 === radices[last]) last -= 1;
    if (last < 0) return outcomes;
    digits = [...digits.slice(0, last), digits[last]! + 1];
  }
}

/** Runs a body with the language's own sets in the place of JavaScript's. */
function inLanguage<T>(run: Run, body: () => T): T {
  const ordinary = globalThis.Set;
  globalThis.Set = StructuralSet;
  try {
    return runIn(run, body);
  } finally {
    globalThis.Set = ordinary;
  }
}

function fieldsOf(schemas: Readonly<Record<string, z.core.$ZodType>>): readonly Field[] {
  return Object.entries(schemas).map(([name, schema]) => ({ name, domain: schemaDomain(schema) }));
}

/** The first argument varies slowest. */
function combinations(fields: readonly Field[]): ObjectValue[] {
  return [...valuesOf({ kind: 'object', fields })] as ObjectValue[];
}

function agrees(bound: ObjectValue, given: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(given).every(([name, value]) => equalValues(bound[name], value as Value));
}

function changes(state: ObjectValue, outcome: Outcome): boolean {
  return outcome.kind === 'state' && !equalValues(state, outcome.state);
}
