import { Script } from 'node:vm';

/** Seconds that evaluating a spec may take: what is only declarations takes milliseconds. */
export const LONGEST_EVALUATION = 10;

/** How code of the author's is run, which may go on for ever. */
export interface EvaluationOptions {
  /**
   * Seconds after which it is given up with {@link PutOff}, for callers who then try again where waiting longer does no
   * harm and there is more room on the stack. Absent: this is the last attempt, and after {@link LONGEST_EVALUATION}
   * seconds it has failed.
   */
  readonly patience?: number;
  /** Called with the path of the spec before its code runs, and with nothing afterwards. */
  readonly onEvaluating?: (path: string | undefined) => void;
}

/** Code of the author's has taken longer than the patience that the caller had. */
export class PutOff extends Error {}

/** What code of a spec has put on the global object, by name: it is there while code of that spec runs, and only then. */
export type OwnGlobals = Map<PropertyKey, PropertyDescriptor>;

/**
 * Runs code of the author's, which may go on for ever: it is ended after some seconds. It cannot end the process.
 *
 * @param path - the spec that the code belongs to.
 * @param run - runs the code.
 * @param globals - what earlier code of the same spec has left; grows.
 * @throws PutOff when there is a patience, and it was not enough.
 * @throws Error what the code throws, or one that says that it was ended.
 */
export function evaluateBounded<Result>(
  path: string,
  run: () => Result,
  options: EvaluationOptions,
  globals: OwnGlobals = new Map(),
): Result {
  const seconds = options.patience ?? LONGEST_EVALUATION;
  let result: { readonly value: Result } | undefined;
  const holder = globalThis as unknown as Record<symbol, unknown>;
  holder[HOLDER] = () => {
    result = { value: withGlobals(globals, run) };
  };
  const kept = ENDINGS.map((name) => [name, Reflect.get(process, name)] as const);
  for (const name of ENDINGS) Reflect.set(process, name, refuseToEnd);
  options.onEvaluating?.(path);
  try {
    call ??= new Script(`globalThis[Symbol.for('fairlead evaluation')]()`);
    call.runInThisContext({ timeout: seconds * 1000 });
  } catch (error) {
    const { code } = (error ?? {}) as { readonly code?: unknown };
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw options.patience === undefined
      ? new Error(`it was not done after ${seconds} seconds`, { cause: error })
      : new PutOff(path);
  } finally {
    options.onEvaluating?.(undefined);
    for (const [name, end] of kept) Reflect.set(process, name, end);
    delete holder[HOLDER];
  }
  return result!.value;
}

/** Other specs that are compiled in this process see nothing of it. */
function withGlobals<Result>(own: OwnGlobals, run: () => Result): Result {
  const others = new Set(Reflect.ownKeys(globalThis));
  for (const [name, property] of own) Reflect.defineProperty(globalThis, name, property);
  try {
    return run();
  } finally {
    for (const name of Reflect.ownKeys(globalThis)) {
      if (others.has(name)) continue;
      own.set(name, Reflect.getOwnPropertyDescriptor(globalThis, name)!);
      Reflect.deleteProperty(globalThis, name);
    }
  }
}

const HOLDER = Symbol.for('fairlead evaluation');
let call: Script | undefined;

/** By what a process ends: then it would be with a code that says something about properties. */
const ENDINGS = ['exit', 'abort'] as const;

function refuseToEnd(): never {
  throw new Error('a spec cannot end the process');
}
