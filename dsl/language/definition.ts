import type * as z from 'zod';

/**
 * What a spec's module leaves behind when it has been evaluated: the compiler reads it together with the source.
 * Bodies are kept as functions: they can be run as JavaScript, and the compiler finds their source by declaration.
 */
export interface SpecDefinition {
  readonly name: string;
  /** Parameter schemas by name; each has a default. */
  readonly parameters: Readonly<Record<string, z.core.$ZodType>>;
  /** Variable schemas by name for given parameter values. */
  readonly state: (parameters: Readonly<Record<string, unknown>>) => Readonly<Record<string, z.core.$ZodType>>;
  readonly init: ((state: never, parameters: never) => void) | undefined;
  /** Everything declared on the spec, in order of evaluation. */
  readonly declarations: Declaration[];
}

/** Named by the `const` it is assigned to, which only the compiler knows: see `name`. */
export interface DeclarationBase {
  readonly spec: SpecDefinition;
  /** Put in by the loader when the module has been evaluated; undefined for what has no const. */
  name: string | undefined;
}

// oxlint-disable-next-line typescript/no-explicit-any -- bodies of any signature; they are only run by `execute`.
export type Body = (...given: any[]) => any;

export type Declaration = DeclarationBase &
  (
    | { readonly kind: 'action'; readonly arguments: ArgumentSchemas; readonly body: Body }
    | { readonly kind: 'process'; readonly arguments: ArgumentSchemas; readonly body: Body }
    | { readonly kind: 'invariant' | 'sometimes' | 'terminal' | 'within' | 'step'; readonly body: Body }
    | { readonly kind: 'property'; readonly body: Body; readonly under: readonly Declaration[] | undefined }
    | { readonly kind: 'fairness'; readonly assumptions: readonly AssumptionDefinition[] }
    | {
        readonly kind: 'model';
        readonly parameters: Readonly<Record<string, unknown>>;
        readonly expectations: ModelExpectations;
      }
  );

/** Schemas by argument name, or a function of the parameters that gives them. */
export type ArgumentSchemas = Readonly<Record<string, z.core.$ZodType>>;

export interface AssumptionDefinition {
  readonly strength: 'weak' | 'strong';
  /** One assumption for all of `members` together instead of one for each. */
  readonly any: boolean;
  /** Actions and processes. */
  readonly members: readonly Declaration[];
  readonly per: readonly string[] | undefined;
  readonly when: Body | undefined;
}

/** `{ violates: [p], unreachable: [q], deadlocks: true, distinct: 99 }`; what is not named holds, is reached, does not deadlock. */
export interface ModelExpectations {
  readonly violates: readonly Declaration[];
  readonly unreachable: readonly Declaration[];
  /** Absent: must not deadlock. */
  readonly deadlocks: boolean;
  readonly distinct: number | undefined;
}
