/** Kernel synchronization primitives: each a zod schema and ordinary functions over what it describes. */
export { awake, broadcast, condvar, signal, sleepOn } from './condvar.ts';
export type { Condvar } from './condvar.ts';
export { enter, exit, held, mutex, tryEnter } from './mutex.ts';
export type { Mutex } from './mutex.ts';
