export const ONE = 1;
export const Table = { a: 0, b: ONE, c: 2 };

/** Applies a function to its own result. */
export function twice(f: (n: number) => number, n: number): number {
  return f(f(n));
}

export function addAll(into: number[], from: readonly number[]): void {
  for (const v of from) into.push(v);
}
