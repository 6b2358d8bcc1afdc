/**
 * Operators that an exported module defines for itself, so that it needs none but TLA+'s standard modules: only those
 * that are used, each after those that it uses.
 */
export class Helpers {
  readonly #used = new Set<Helper | 'TLC' | 'FiniteSets' | 'Sequences'>();

  use(helper: Helper | 'TLC' | 'FiniteSets' | 'Sequences'): void {
    if (this.#used.has(helper)) return;
    this.#used.add(helper);
    for (const other of NEEDS[helper] ?? []) this.use(other);
  }

  /** The definitions, in order. */
  definitions(): readonly string[] {
    return (Object.keys(DEFINITIONS) as Helper[])
      .filter((name) => this.#used.has(name))
      .map((name) => DEFINITIONS[name]);
  }

  /** The standard modules that are used. */
  modules(): readonly string[] {
    return ['Integers', ...(['Sequences', 'FiniteSets', 'TLC'] as const).filter((name) => this.#used.has(name))];
  }
}

type Helper = keyof typeof DEFINITIONS;

const NEEDS: Readonly<Record<string, readonly (Helper | 'TLC' | 'FiniteSets' | 'Sequences')[]>> = {
  BoundedSeq: ['Sequences'],
  At: ['Sequences'],
  Slice: ['Minimum', 'Maximum', 'Sequences'],
  IndexOf: ['Range'],
  Remainder: ['Truncate'],
};

const DEFINITIONS = {
  When: `\
\\* The condition of a step as a value: without this, TLC would take its alternatives for alternatives of the step.
When(condition) == condition = TRUE`,
  BoundedSeq: `BoundedSeq(S, least, most) == {s \\in Seq(S) : Len(s) \\in least..most}`,
  Range: `Range(f) == {f[x] : x \\in DOMAIN f}`,
  Minimum: `Minimum(a, b) == IF a < b THEN a ELSE b`,
  Maximum: `Maximum(a, b) == IF a < b THEN b ELSE a`,
  Min: `Min(S) == CHOOSE x \\in S : \\A y \\in S : x <= y`,
  Max: `Max(S) == CHOOSE x \\in S : \\A y \\in S : y <= x`,
  Absolute: `Absolute(a) == IF a < 0 THEN -a ELSE a`,
  Truncate: `\
\\* Division that rounds toward zero, and what it leaves.
Truncate(a, b) ==
    LET by(n) == IF a < 0 THEN (a + n - 1) \\div n ELSE a \\div n
    IN  IF b < -2147483647 THEN IF a = b THEN 1 ELSE 0 ELSE IF b < 0 THEN -by(-b) ELSE by(b)`,
  Remainder: `Remainder(a, b) == IF b = -1 THEN 0 ELSE a - b * Truncate(a, b)`,
  IndexOf: `\
\\* The first position of a value, from 0 on; -1 if it has none.
IndexOf(s, v) == IF v \\in Range(s) THEN (CHOOSE i \\in DOMAIN s : s[i] = v /\\ \\A j \\in 1..(i - 1) : s[j] # v) - 1 ELSE -1`,
  At: `\
\\* The element at a position from 0 on, or from the end if negative.
At(s, i, absent) == LET j == IF i < 0 THEN Len(s) + i ELSE i IN IF 0 <= j /\\ j < Len(s) THEN s[j + 1] ELSE absent`,
  Slice: `\
\\* The elements from one position up to another, as in JavaScript.
Slice(s, from, to) ==
    LET clip(i) == IF i < 0 THEN Maximum(Len(s) + i, 0) ELSE Minimum(i, Len(s))
    IN  SubSeq(s, clip(from) + 1, clip(to))`,
} as const;
