/**
 * Whether the user has asked to stop (Ctrl-C, SIGTERM): set by the first thread, readable by a worker that never returns
 * to its event loop.
 */
export interface Interrupt {
  readonly requested: boolean;
  readonly shared: SharedArrayBuffer;
  /**
   * From now on somebody looks whether a stop was requested, and ends in an orderly way: a signal does no more than
   * request it. While nobody does, a signal ends the process at once, as it does any other.
   *
   * @returns what says that nobody looks any longer.
   */
  readonly attend: () => () => void;
}

/**
 * Interrupted by nobody until the flag in `shared` is set.
 *
 * @param onAttention - called when somebody begins to look at it, and when nobody does any longer.
 */
export function interruptOn(
  shared: SharedArrayBuffer,
  onAttention: (attentive: boolean) => void = () => {},
): Interrupt {
  const flag = new Int32Array(shared);
  let watchers = 0;
  return {
    shared,
    get requested() {
      return Atomics.load(flag, 0) !== 0;
    },
    attend() {
      if (watchers === 0) onAttention(true);
      watchers += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        watchers -= 1;
        if (watchers === 0) onAttention(false);
      };
    },
  };
}

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * SIGINT and SIGTERM of this process. While somebody attends to it, the first only sets the flag, and the second ends the
 * process at once.
 *
 * Node.js calls listeners between two turns of the event loop, so they are there only while whoever computes for long
 * does so in a worker. What keeps the first thread busy, such as a compiler, is ended by the system itself.
 */
export function interruptOfProcess(): Interrupt {
  const shared = new SharedArrayBuffer(4);
  const flag = new Int32Array(shared);
  const listeners = Object.entries(SIGNALS).map(([signal, number]) => {
    const listener = (): void => {
      if (Atomics.exchange(flag, 0, 1) !== 0) process.exit(128 + number);
    };
    return [signal, listener] as const;
  });
  return interruptOn(shared, (attentive) => {
    for (const [signal, listener] of listeners) {
      if (attentive) process.on(signal, listener);
      else process.off(signal, listener);
    }
  });
}
