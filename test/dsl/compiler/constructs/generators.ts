import { when } from 'fairlead';
import { enter, type Mutex } from 'fairlead/sync';

/** Takes both, or gives up on the second. */
export function* lockBoth<Owner>(first: Mutex<Owner>, second: Mutex<Owner>, me: NoInfer<Owner>) {
  enter(first, me);
  yield 'second';
  if (second.owner !== null) {
    first.owner = null;
    return false;
  }
  enter(second, me);
  return true;
}

export function* backOff() {
  for (const delay of [1, 2]) {
    yield 'wait';
    when(delay < 3);
  }
}

/** Goes through an array that it is given. */
export function* drain(cells: number[]) {
  for (const [at, cell] of cells.entries()) {
    yield 'drain';
    if (cell > 0) cells[at] = cell - 1;
  }
}
