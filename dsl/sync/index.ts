/** Kernel synchronization primitives: each a zod schema and ordinary functions over what it describes. */
export { atomic, compareAndSwap, fetchAdd, swap } from './atomic.ts';
export type { Atomic } from './atomic.ts';
export { arrive, barrier, meet, passed } from './barrier.ts';
export type { Barrier } from './barrier.ts';
export { awake, broadcast, condvar, signal, sleepOn, wait, waitInterruptible, waitTimed } from './condvar.ts';
export type { Condvar } from './condvar.ts';
export { enter, exit, held, mutex, tryEnter } from './mutex.ts';
export type { Mutex } from './mutex.ts';
export {
  askToRead,
  askToWrite,
  enterReader,
  enterWriter,
  exitReader,
  exitWriter,
  reads,
  rwlock,
  tryRead,
  tryWrite,
  writes,
} from './rwlock.ts';
export type { RwLock } from './rwlock.ts';
export { down, semaphore, tryDown, up } from './semaphore.ts';
export type { Semaphore } from './semaphore.ts';
export { accept, post, signals } from './signals.ts';
export type { Signals } from './signals.ts';
