import { elementsOf, type Domain, type Element } from './domain.ts';
import { running, StepNotPossible, VerificationFailed } from './run.ts';

/** The step is not possible unless `condition` holds. Anywhere in a step: earlier effects are undone with it. */
export function when(condition: boolean): asserts condition {
  if (!condition) throw new StepNotPossible();
}

/** One element of a set or array of the state, or one value of a schema: every choice is explored. */
export function pick<D extends Domain>(domain: D): Element<D> {
  const elements = elementsOf(domain);
  return elements[running().choose(elements.length)] as Element<D>;
}

/**
 * A `yield` whose step may also be taken because the time for it is over: `const timedOut = yield* mayTimeOut("asleep")`.
 * To time out is always possible, and nothing promises it: it is a step of its own, of which the fairness of the process
 * says nothing. `worker.timeouts` is what fairness can be asked of.
 */
export function* mayTimeOut<const Label extends string>(label: Label): Generator<Label, boolean, unknown> {
  yield label;
  return running().choose(2) === 1;
}

/** Runs one of the branches: every choice is explored. */
export function either(...branches: readonly (() => void)[]): void {
  branches[running().choose(branches.length)]!();
}

/** A kernel `VERIFY` or `ASSERT`: when `condition` is false the step fails, which is a violation with a trace. */
export function verify(condition: boolean, message = 'verify failed'): asserts condition {
  if (!condition) throw new VerificationFailed(message);
}
