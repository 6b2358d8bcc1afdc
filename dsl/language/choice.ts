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

/** Runs one of the branches: every choice is explored. */
export function either(...branches: readonly (() => void)[]): void {
  branches[running().choose(branches.length)]!();
}

/** A kernel `VERIFY` or `ASSERT`: when `condition` is false the step fails, which is a violation with a trace. */
export function verify(condition: boolean, message = 'verify failed'): asserts condition {
  if (!condition) throw new VerificationFailed(message);
}
