import { definitionOf } from '../../dsl/language/definition.ts';
import type { Declaration } from '../../dsl/language/definition.ts';
import type { Invariant, Property, Sometimes, Step } from '../../dsl/language/property.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Judged } from '../cli/session.ts';
import { askedModel, findModel, nameOf } from './declared.ts';
import { judge, standingOf, verdictOf, wordUnknown, wordVerdicts } from './judgement.ts';
import type { Judgement } from './judgement.ts';
import { sessionFor } from './session.ts';
import { problem } from './problem.ts';

/**
 * What can be expected of a model, or of a spec that declares none. Each explores all states of the model, once in a test
 * file, and ends with the time of the test. What was not found out fails, with `.not` too.
 */
export interface ModelMatchers<T> {
  /**
   * Whatever the model itself expects, it deadlocks nowhere (unless it does not care), no step fails, and every invariant,
   * step and temporal property holds, and every `sometimes` is reached. With a property: that one holds.
   */
  toHold(property?: Invariant | Step | Property): Promise<T>;
  /** The property is violated. */
  toViolate(property: Invariant | Step | Property): Promise<T>;
  /** Some reachable state satisfies it. */
  toReach(sometimes: Sometimes): Promise<T>;
  /** Some reachable state that is not terminal has no next step. */
  toDeadlock(): Promise<T>;
}

interface Context {
  readonly testPath?: string;
  readonly task?: { readonly context?: { readonly signal?: AbortSignal } };
}

interface Answer {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What is claimed of a model, by what gets a verdict. */
interface Claim {
  readonly judged: Pick<Judged, 'kind' | 'name'>;
  readonly claimed: Verdict['expected'];
}

export const matchers = {
  async toHold(this: Context, received: unknown, property?: object) {
    const { judgement, claimOf } = await judged(this, 'toHold', received);
    if (property !== undefined) return answer(judgement, [claimOf(property, PROPERTIES, 'holds')]);
    const claims = judgement.result.verdicts.map(({ kind, name }): Claim => ({
      judged: { kind, name },
      claimed: kind === 'sometimes' ? 'reached' : 'holds',
    }));
    return answer(judgement, claims);
  },
  async toViolate(this: Context, received: unknown, property: object) {
    const { judgement, claimOf } = await judged(this, 'toViolate', received);
    return answer(judgement, [claimOf(property, PROPERTIES, 'violated')]);
  },
  async toReach(this: Context, received: unknown, sometimes: object) {
    const { judgement, claimOf } = await judged(this, 'toReach', received);
    return answer(judgement, [claimOf(sometimes, ['sometimes'], 'reached')]);
  },
  async toDeadlock(this: Context, received: unknown) {
    const { judgement } = await judged(this, 'toDeadlock', received);
    return answer(judgement, [{ judged: { kind: 'deadlock', name: 'deadlock' }, claimed: 'violated' }]);
  },
};

type Kind = 'invariant' | 'step' | 'property' | 'sometimes';

const PROPERTIES: readonly Kind[] = ['invariant', 'step', 'property'];

function wordKinds(kinds: readonly Kind[]): string {
  return kinds === PROPERTIES ? 'an invariant, a step or a property' : 'a `sometimes`';
}

/** Checks the model that a matcher was given, unless that was done already. */
async function judged({ testPath, task }: Context, matcher: string, received: unknown) {
  const asked = askedModel(received);
  if (asked === undefined) {
    throw problem(`expect(…).${matcher}() takes a model of a spec, such as export const small = lock.model()`);
  }
  const session = await sessionFor(testPath);
  const { spec } = await findModel(session, asked);
  const key = received as object;
  const known = checks.get(key);
  const judgement = await (known ?? judge(session, asked, task?.context?.signal));
  // What was stopped for want of time says nothing about another test, which may have more.
  if (judgement.result.statistics.cut?.kind !== 'interrupted') checks.set(key, judgement);
  const claimOf = (declared: unknown, kinds: readonly Kind[], claimed: Verdict['expected']): Claim => {
    const definition = definitionOf(declared);
    const kind = kinds.find((one) => one === definition?.kind);
    const declaration = definition as Declaration;
    if (kind === undefined || declaration.spec !== asked.spec) {
      throw problem(`.${matcher}(…) takes ${wordKinds(kinds)} that is declared on the spec of the model`);
    }
    return { judged: { kind, name: nameOf(declaration, spec) }, claimed };
  };
  return { judgement, claimOf };
}

const checks = new WeakMap<object, Judgement>();

/** @throws Error where it was not found out. */
function answer(judgement: Judgement, claims: readonly Claim[]): Answer {
  const found = claims.map(({ judged: one, claimed }) => {
    const verdict = verdictOf(judgement, one);
    if (verdict === undefined) throw problem(`${one.name} is not judged in ${judgement.result.model}`);
    return { verdict, claimed, standing: standingOf(verdict, claimed) };
  });
  const { model } = judgement.result;
  const wrong = found.filter(({ standing }) => standing === 'contradicted');
  const open = found.find(({ standing }) => standing === 'unknown');
  if (wrong.length > 0) {
    return {
      pass: false,
      message: () =>
        `${wrong.map(({ verdict, claimed }) => wordContrast(verdict, claimed, model)).join('; ')}\n\n${wordVerdicts(judgement, wrong)}`,
    };
  }
  if (open !== undefined) throw problem(wordUnknown(judgement, open.verdict));
  const opposite = found.map(({ verdict, claimed }) => ({ verdict, claimed: negated(claimed) }));
  return {
    pass: true,
    message: () =>
      `${opposite.map(({ verdict, claimed }) => wordContrast(verdict, claimed, model)).join('; ')}\n\n${wordVerdicts(judgement, opposite)}`,
  };
}

function negated(claimed: Verdict['expected']): Verdict['expected'] {
  switch (claimed) {
    case 'holds':
      return 'violated';
    case 'violated':
      return 'holds';
    case 'reached':
      return 'unreachable';
    case 'unreachable':
      return 'reached';
    case 'any':
      return 'any';
  }
}

/** `exclusion is violated in small, but is expected to hold`. */
export function wordContrast({ kind, name, outcome }: Verdict, claimed: Verdict['expected'], model: string): string {
  const is = outcome.kind === 'bounded' ? 'holds as far as was searched' : outcome.kind;
  if (kind === 'deadlock') return outcome.kind === 'violated' ? `${model} deadlocks` : `${model} does not deadlock`;
  if (kind === 'evaluation')
    return outcome.kind === 'violated' ? `a step of ${model} fails` : `no step of ${model} fails`;
  const wanted = { holds: 'to hold', violated: 'to be violated', reached: 'to be reached' } as const;
  const but = claimed === 'unreachable' || claimed === 'any' ? 'to be unreachable' : wanted[claimed];
  const found = is === 'holds' || is.startsWith('holds') ? is : `is ${is}`;
  return `${name} ${found} in ${model}, but is expected ${but}`;
}
