/** A state as its words, where it stands alone; among others it is a place in an array. */
export type StateVector = Int32Array;

/** A copy of the state that begins at a place. */
export function stateAt(states: Int32Array, at: number, words: number): StateVector {
  return states.slice(at, at + words);
}

export function isSameState(left: StateVector, right: StateVector): boolean {
  return left.length === right.length && isStateAt(left, 0, right);
}

/** Whether the state that begins at a place is this one. */
export function isStateAt(states: Int32Array, at: number, state: StateVector): boolean {
  for (let word = 0; word < state.length; word += 1) if (states[at + word] !== state[word]) return false;
  return true;
}
