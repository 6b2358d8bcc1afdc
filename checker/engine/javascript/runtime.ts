/**
 * What the generated code is closed over: `K` constants; `LW`, `LS`, `LM` word, shift and mask by leaf; `D` words of a
 * draft; `M` scratch memory of steps and `P` of predicates; `C` and `R` digits and radices of the odometer; `E` a batch
 * for `enabled`.
 */
export const RUNTIME_NAMES = ['K', 'LW', 'LS', 'LM', 'D', 'M', 'P', 'C', 'R', 'E'] as const;

/** Functions that generated code calls; small enough for V8 to inline. */
export const RUNTIME_SOURCE = `
function leaf(S, at, index) { return (S[at + LW[index]] >>> LS[index]) & LM[index]; }
function putLeaf(index, value) {
  const word = LW[index], shift = LS[index];
  D[word] = (D[word] & ~(LM[index] << shift)) | (value << shift);
}
function popcount(x) {
  x = x - ((x >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
function trailingZeros(x) { return x === 0 ? 32 : 31 - Math.clz32(x & -x); }
`;
