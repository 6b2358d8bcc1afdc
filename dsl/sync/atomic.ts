import * as z from 'zod';

/** A word of memory that is read and written in one step. */
export interface Atomic<Value> {
  value: Value;
}

/** The schema of an atomic word of the given domain, with the first value of the domain at first. */
export function atomic<Value extends z.core.$ZodType>(value: Value): z.ZodObject<{ value: Value }> {
  return z.object({ value });
}

/** Writes `desired` if the word is `expected`; says whether it did. */
export function compareAndSwap<Value>(word: Atomic<Value>, expected: NoInfer<Value>, desired: NoInfer<Value>): boolean {
  if (word.value !== expected) return false;
  word.value = desired;
  return true;
}

/** Writes a value and gives the one that was there before. */
export function swap<Value>(word: Atomic<Value>, desired: NoInfer<Value>): Value {
  const before = word.value;
  word.value = desired;
  return before;
}

/** Adds to the word and gives the value that was there before. There is no wrap-around: outside its domain is a violation. */
export function fetchAdd(word: Atomic<number>, amount: number): number {
  const before = word.value;
  word.value = before + amount;
  return before;
}
