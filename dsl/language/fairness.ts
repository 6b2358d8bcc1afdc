import { definitionOf, type AssumptionDefinition, type Declaration } from './definition.ts';
import type { Action } from './action.ts';
import type { Process } from './process.ts';
import type { Taker } from './formula.ts';

/** One `weak(…)` or `strong(…)`; it has a meaning inside `spec.fairness(…)`. */
export interface Assumption extends AssumptionDefinition {}

/** How to split and to limit the steps of which fairness is assumed. */
export interface AssumptionOptions<State, Arguments, Parameters> {
  /** One assumption for each combination of values of these arguments, of the disjunction over the others. */
  readonly per?: readonly (keyof Arguments & string)[];
  /** Only of the steps that start in a state where this holds. */
  readonly when?: (state: State, given: Readonly<Arguments>, parameters: Parameters) => boolean;
}

/** Actions and processes of any signature. */
// oxlint-disable-next-line typescript/no-explicit-any -- members of any signature.
type Takers = readonly Taker<any>[];

/** What is inferred of one action or process. */
interface Signature<State, Arguments, Parameters> {
  readonly state: State;
  readonly arguments: Arguments;
  readonly parameters: Parameters;
}

type SignatureOf<Member> =
  Member extends Action<infer State, infer Arguments, infer Parameters>
    ? Signature<State, Arguments, Parameters>
    : // oxlint-disable-next-line typescript/no-explicit-any -- locals play no part in it.
      Member extends Process<infer State, infer Arguments, infer Parameters, string, any>
      ? Signature<State, Arguments, Parameters>
      : never;

/** The options for some actions and processes together: about the arguments that all of them have. */
type OptionsFor<Members extends Takers> =
  SignatureOf<Members[number]> extends infer S extends Signature<unknown, unknown, unknown>
    ? AssumptionOptions<S['state'], Pick<S['arguments'], keyof S['arguments']>, S['parameters']>
    : never;

export interface Fairness {
  /** Of each action and process, split by some of their arguments, for some of their steps. */
  <Members extends Takers>(...given: readonly [...members: Members, options: OptionsFor<Members>]): Assumption;
  /** Of each action and process, for each value of its arguments. */
  (...members: Takers): Assumption;
  /** One assumption for all of them together, about a step of any instance of any; with `per`, for each value of these. */
  readonly any: {
    <Members extends Takers>(...given: readonly [...members: Members, options: OptionsFor<Members>]): Assumption;
    (...members: Takers): Assumption;
  };
}

/** Weak fairness (WF): what stays possible from some point on is done again and again. */
export const weak: Fairness = fairness('weak');

/** Strong fairness (SF): what is possible again and again is done again and again. */
export const strong: Fairness = fairness('strong');

function fairness(strength: 'weak' | 'strong'): Fairness {
  const assumption =
    (any: boolean) =>
    (...given: readonly unknown[]): Assumption => {
      const last = given[given.length - 1];
      const options = isOptions(last) ? last : {};
      const members = isOptions(last) ? given.slice(0, -1) : given;
      const declared = members.map(declarationOf);
      return {
        strength,
        any,
        members: declared.filter((member) => member !== undefined),
        per: options.per as AssumptionDefinition['per'],
        when: options.when as AssumptionDefinition['when'],
        problem: problemWith(any ? `${strength}.any` : strength, members, declared, options),
      };
    };
  return Object.assign(assumption(false), { any: assumption(true) }) as Fairness;
}

type Options = Readonly<Record<string, unknown>>;

function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && definitionOf(value) === undefined;
}

/** What is wrong with what `weak` or `strong` was given, as far as can be said without the spec. */
function problemWith(
  word: string,
  members: readonly unknown[],
  declared: readonly (Declaration | undefined)[],
  options: Options,
): string | undefined {
  if (members.length === 0) return `\`${word}\` is given no action and no process`;
  const stranger = declared.indexOf(undefined);
  if (0 <= stranger) {
    return isOptions(members[stranger])
      ? `what \`${word}\` is given after its actions is one object with \`per\` and \`when\``
      : `argument ${stranger + 1} of \`${word}\` is no action and no process`;
  }
  const unknown = Object.keys(options).find((name) => name !== 'per' && name !== 'when');
  if (unknown !== undefined) return `\`${word}\` has no option \`${unknown}\``;
  const { per, when } = options;
  if (per !== undefined && !(Array.isArray(per) && per.every((name) => typeof name === 'string'))) {
    return '`per` is no list of names of arguments';
  }
  return when === undefined || typeof when === 'function' ? undefined : '`when` is no function';
}

const TAKERS: ReadonlySet<string> = new Set(['action', 'process', 'timeouts']);

function declarationOf(member: unknown): Declaration | undefined {
  const definition = definitionOf(member);
  return definition !== undefined && TAKERS.has(definition.kind) ? (definition as Declaration) : undefined;
}
