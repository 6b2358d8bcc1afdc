import * as z from 'zod';
import { either, pick, verify, when } from '../language/choice.ts';
import type { Steps } from '../language/process.ts';

/**
 * A reader-writer lock with writer preference and direct hand-over.
 *
 * A read hold is named by whoever it was taken for, and may be given back by anybody; a write hold only by its owner.
 */
export interface RwLock<Reader, Writer> {
  readers: Set<Reader>;
  writer: Writer | null;
  waitingReaders: Set<Reader>;
  waitingWriters: Set<Writer>;
}

/** The schema of a reader-writer lock for readers and writers of the given domains. Free at first. */
export function rwlock<Reader extends z.core.$ZodType, Writer extends z.core.$ZodType>(
  reader: Reader,
  writer: Writer,
): z.ZodObject<{
  readers: z.ZodSet<Reader>;
  writer: z.ZodNullable<Writer>;
  waitingReaders: z.ZodSet<Reader>;
  waitingWriters: z.ZodSet<Writer>;
}> {
  return z.object({
    readers: z.set(reader),
    writer: z.nullable(writer),
    waitingReaders: z.set(reader),
    waitingWriters: z.set(writer),
  });
}

/** The first half of entering as a reader: takes the lock, or joins those who wait while it is write-held or write-wanted. */
export function askToRead<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Reader>): void {
  verify(!lock.readers.has(me), 'a reader enters once');
  if (lock.writer === null && lock.waitingWriters.size === 0) lock.readers.add(me);
  else lock.waitingReaders.add(me);
}

/** The first half of entering as a writer: takes the lock, or joins those who wait while it is held at all. */
export function askToWrite<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Writer>): void {
  verify(lock.writer !== me, 'a writer enters once');
  if (lock.writer === null && lock.readers.size === 0) lock.writer = me;
  else lock.waitingWriters.add(me);
}

/** Whether `me` has the lock as a reader: the second half of entering waits for it. */
export function reads<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Reader>): boolean {
  return lock.readers.has(me);
}

/** Whether `me` has the lock as a writer: the second half of entering waits for it. */
export function writes<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Writer>): boolean {
  return lock.writer === me;
}

/** Enters as a reader, in a process. When the lock is to be had, no step is added; else the step `blocked` waits for it. */
export function* enterReader<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Reader>): Steps<'blocked'> {
  askToRead(lock, me);
  if (!reads(lock, me)) {
    yield 'blocked';
    when(reads(lock, me));
  }
}

/** Enters as a writer, in a process. When the lock is to be had, no step is added; else the step `blocked` waits for it. */
export function* enterWriter<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Writer>): Steps<'blocked'> {
  askToWrite(lock, me);
  if (!writes(lock, me)) {
    yield 'blocked';
    when(writes(lock, me));
  }
}

/** Enters as a reader if that needs no waiting; says whether it did. */
export function tryRead<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Reader>): boolean {
  if (lock.writer !== null || lock.waitingWriters.size > 0) return false;
  lock.readers.add(me);
  return true;
}

/** Enters as a writer if that needs no waiting; says whether it did. */
export function tryWrite<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Writer>): boolean {
  if (lock.writer !== null || lock.readers.size > 0) return false;
  lock.writer = me;
  return true;
}

/** Gives a read hold back. The last one hands the lock to a waiting writer, if there is one. */
export function exitReader<Reader, Writer>(lock: RwLock<Reader, Writer>, holder: NoInfer<Reader>): void {
  verify(lock.readers.has(holder), 'only what was taken is given back');
  lock.readers.delete(holder);
  if (lock.readers.size === 0 && lock.waitingWriters.size > 0) handToWriter(lock);
}

/**
 * Gives the write hold back, and hands the lock to those who wait: to all readers or to one writer. Which, depends on
 * priorities that a model does not have, so both are explored when both wait.
 */
export function exitWriter<Reader, Writer>(lock: RwLock<Reader, Writer>, me: NoInfer<Writer>): void {
  verify(lock.writer === me, 'a write lock is released by its owner');
  lock.writer = null;
  if (lock.waitingReaders.size > 0 && lock.waitingWriters.size > 0) {
    either(
      () => handToReaders(lock),
      () => handToWriter(lock),
    );
  } else if (lock.waitingReaders.size > 0) handToReaders(lock);
  else if (lock.waitingWriters.size > 0) handToWriter(lock);
}

function handToReaders<Reader, Writer>(lock: RwLock<Reader, Writer>): void {
  lock.readers = lock.waitingReaders;
  lock.waitingReaders = new Set();
}

function handToWriter<Reader, Writer>(lock: RwLock<Reader, Writer>): void {
  const next = pick(lock.waitingWriters);
  lock.waitingWriters.delete(next);
  lock.writer = next;
}
