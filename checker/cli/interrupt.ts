/**
 * Whether the user has asked to stop (Ctrl-C, SIGTERM): set by this thread, readable by a worker that never returns to
 * its event loop.
 */
export interface Interrupt {
  readonly requested: boolean;
  readonly shared: SharedArrayBuffer;
}

/** Interrupted by nobody until the flag in `shared` is set. */
export function interruptOn(shared: SharedArrayBuffer): Interrupt {
  const flag = new Int32Array(shared);
  return {
    shared,
    get requested() {
      return Atomics.load(flag, 0) !== 0;
    },
  };
}

/**
 * From now on the first SIGINT or SIGTERM only sets the flag; the second ends the process at once.
 * Node delivers signals between two turns of the event loop: whoever computes for long must do so in a worker.
 */
export function listenForInterrupts(): Interrupt {
  const shared = new SharedArrayBuffer(4);
  const flag = new Int32Array(shared);
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => {
      if (Atomics.exchange(flag, 0, 1) !== 0) process.exit(128 + number);
    });
  }
  return interruptOn(shared);
}
