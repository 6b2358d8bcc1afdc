import { code, text } from '../../dsl/docgen/document.ts';
import type { Inlines } from '../../dsl/docgen/document.ts';
import { cardinality, formatValue, valueAt } from '../../dsl/ir/index.ts';
import { authorsName } from '../../dsl/ir/authors-names.ts';
import type { Formula, ObjectValue, Value } from '../../dsl/ir/index.ts';
import type { Trace } from '../counterexample/behavior.ts';
import { replay } from '../counterexample/replay.ts';
import { compileEngine } from '../engine/javascript/engine.ts';
import { evaluateIn, interpret } from '../engine/interpreter.ts';
import { lowered } from '../engine/lowered.ts';
import type { Batch, NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import { explore } from '../search/breadth-first.ts';
import { pathTo } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import type { CheckResult } from '../verdict/verdict.ts';

/** A run that shows how a model in which everything holds comes to what is wanted of it. */
interface GoodRun {
  /** The property that promises what happens at its end. */
  readonly property: string;
  /** For a property about each of some elements: the first of them. */
  readonly bindings: readonly (readonly [string, Value])[];
  readonly trace: Trace;
  /** The index of the state from which on it is promised. */
  readonly from: number;
}

/** So many states are looked at for each half of a run. */
const MOST_STATES = 20_000;

/**
 * A good run of a model in which nothing fails and of which no witness is shown: of the first of its temporal properties
 * that promise something, `leadsTo` or an `eventually`, a shortest run to a state in which it is promised and not yet
 * there, and from that a shortest run to a state in which it is there. Nothing where the one or the other is not among the
 * states nearest to the start.
 */
export function goodRunOf(plan: Plan, result: CheckResult): GoodRun | undefined {
  if (!known.has(result)) known.set(result, findGoodRun(plan, result));
  return known.get(result);
}

/** A model is shown again where its page turns out to be too large. */
const known = new WeakMap<CheckResult, GoodRun | undefined>();

function findGoodRun(plan: Plan, { verdicts }: CheckResult): GoodRun | undefined {
  const isGood = verdicts.every(({ outcome }) => ['holds', 'unreachable', 'bounded'].includes(outcome.kind));
  if (!isGood) return undefined;
  const engine = engineOf(plan);
  for (const { name, formula } of plan.system.properties) {
    const verdict = verdicts.find((one) => one.kind === 'property' && one.name === name);
    if (verdict?.outcome.kind !== 'holds' || verdict.vacuous !== undefined) continue;
    const promise = promiseIn(plan, formula, new Map());
    const run = promise && runTo(plan, engine, promise);
    if (run !== undefined) return { property: name, bindings: [...promise!.bindings], ...run };
  }
  return undefined;
}

/** What is promised, and when; undefined where that cannot be said of a state. */
interface Promised {
  readonly bindings: ReadonlyMap<string, Value>;
  readonly isAsked: (state: ObjectValue) => boolean | undefined;
  readonly isThere: (state: ObjectValue) => boolean | undefined;
}

/** The promise of a formula, for the first elements of what it goes over. */
function promiseIn(plan: Plan, formula: Formula, bindings: ReadonlyMap<string, Value>): Promised | undefined {
  const truth = (part: Formula) => (state: ObjectValue) => truthOf(plan, part, bindings, state);
  switch (formula.kind) {
    case 'forAll':
      if (cardinality(formula.domain) === 0) return undefined;
      return promiseIn(plan, formula.body, new Map([...bindings, [formula.binder, valueAt(formula.domain, 0)]]));
    case 'leadsTo':
      return { bindings, isAsked: truth(formula.left), isThere: truth(formula.right) };
    case 'eventually':
      return { bindings, isAsked: () => true, isThere: truth(formula.operand) };
    case 'always':
      return promiseIn(plan, formula.operand, bindings);
    case 'implies':
      if (formula.right.kind !== 'eventually') return undefined;
      return { bindings, isAsked: truth(formula.left), isThere: truth(formula.right.operand) };
    case 'and':
      return promiseIn(plan, formula.left, bindings) ?? promiseIn(plan, formula.right, bindings);
    default:
      return undefined;
  }
}

/** The truth of a formula that is about one state alone; undefined for others, and where it cannot be evaluated. */
function truthOf(
  plan: Plan,
  formula: Formula,
  bindings: ReadonlyMap<string, Value>,
  state: ObjectValue,
): boolean | undefined {
  const of = (part: Formula): boolean | undefined => truthOf(plan, part, bindings, state);
  switch (formula.kind) {
    case 'now': {
      const answer = evaluateIn(plan, formula.predicate, bindings, state);
      return 'value' in answer ? answer.value === true : undefined;
    }
    case 'not': {
      const inner = of(formula.operand);
      return inner === undefined ? undefined : !inner;
    }
    case 'and':
    case 'or':
    case 'implies': {
      const [left, right] = [of(formula.left), of(formula.right)];
      if (left === undefined || right === undefined) return undefined;
      if (formula.kind === 'and') return left && right;
      return formula.kind === 'or' ? left || right : !left || right;
    }
    default:
      return undefined;
  }
}

/** A run to where a promise is made, and on to where it is kept; both halves as short as can be. */
function runTo(
  plan: Plan,
  engine: NextState,
  { isAsked, isThere }: Promised,
): Pick<GoodRun, 'trace' | 'from'> | undefined {
  const asked = shortest(plan, engine, (state) => isAsked(state) === true && isThere(state) === false);
  if (asked === undefined) return undefined;
  const start = asked.states.at(-1)!;
  const kept = shortest(plan, startingIn(engine, start), (state) => isThere(state) === true);
  if (kept === undefined) return undefined;
  const path: Path = {
    states: [...asked.states, ...kept.states.slice(1)],
    instances: [...asked.instances, ...kept.instances],
  };
  return { trace: replay(plan, path), from: asked.instances.length };
}

function shortest(plan: Plan, engine: NextState, isWanted: (state: ObjectValue) => boolean): Path | undefined {
  const nothing = { invariants: [], steps: [], sometimes: [], terminal: [], within: plan.roles.within };
  const exploration = explore(engine, nothing, {
    instances: plan.instances.length,
    deadlock: false,
    keepSteps: false,
    stopAtFirst: false,
    maxStates: MOST_STATES,
  });
  const { states } = exploration;
  for (let state = 0; state < states.count; state += 1) {
    if (isWanted(plan.layout.decode(states.wordsOf(state), 0))) return pathTo(engine, exploration, { state });
  }
  return undefined;
}

/** The same steps, from one state on. */
function startingIn(engine: NextState, words: Int32Array): NextState {
  return {
    ...engine,
    successors: (states, at, out) => engine.successors(states, at, out),
    initial: (out: Batch) => {
      const at = out.reserve();
      out.states.set(words, at);
      out.instances[out.count] = -1;
      out.count += 1;
    },
  };
}

function engineOf(plan: Plan): NextState {
  const compiled = compileEngine(lowered(plan));
  return 'unsupported' in compiled ? interpret(plan) : compiled;
}

/** `What `stopAnswers` promises for `r = r0` is due from step 3 on, and comes with step 9.` */
export function wordGoodRun({ property, bindings, from, trace }: GoodRun): Inlines {
  const at = bindings.map(([name, value]) => `${authorsName(name)} = ${formatValue(value)}`).join(', ');
  return [
    text('What '),
    code(property),
    text(' promises'),
    ...(at === '' ? [] : [text(' for '), code(at)]),
    text(` is due ${from === 0 ? 'from the start' : `after step ${from}`}, and comes with step ${trace.steps.length}.`),
  ];
}
