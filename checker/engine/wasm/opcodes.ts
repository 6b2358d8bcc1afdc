/*
 * Instructions by their names in the WebAssembly specification (core 2.0, threads proposal). Those that are followed by
 * immediates have methods of their own in `CodeBuilder`.
 */

/** One byte; nothing follows. */
export const i32 = {
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  lt_s: 0x48,
  lt_u: 0x49,
  gt_s: 0x4a,
  gt_u: 0x4b,
  le_s: 0x4c,
  le_u: 0x4d,
  ge_s: 0x4e,
  ge_u: 0x4f,
  clz: 0x67,
  ctz: 0x68,
  popcnt: 0x69,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div_s: 0x6d,
  div_u: 0x6e,
  rem_s: 0x6f,
  rem_u: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shr_s: 0x75,
  shr_u: 0x76,
  rotl: 0x77,
  rotr: 0x78,
  wrap_i64: 0xa7,
} as const;

/** One byte; nothing follows. */
export const i64 = {
  eqz: 0x50,
  eq: 0x51,
  ne: 0x52,
  lt_s: 0x53,
  lt_u: 0x54,
  gt_s: 0x55,
  gt_u: 0x56,
  le_s: 0x57,
  le_u: 0x58,
  ge_s: 0x59,
  ge_u: 0x5a,
  clz: 0x79,
  ctz: 0x7a,
  popcnt: 0x7b,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  div_s: 0x7f,
  div_u: 0x80,
  rem_s: 0x81,
  rem_u: 0x82,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shr_s: 0x87,
  shr_u: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
  extend_i32_s: 0xac,
  extend_i32_u: 0xad,
} as const;

/** An instruction that reads or writes memory, and how many bytes, as a power of two. */
export interface MemoryOpcode {
  readonly code: number;
  /** log2 of the bytes; also the natural alignment. */
  readonly size: number;
}

/** Plain loads: pop an address, push a value. */
export const load = {
  i32: { code: 0x28, size: 2 },
  i64: { code: 0x29, size: 3 },
  i32_8s: { code: 0x2c, size: 0 },
  i32_8u: { code: 0x2d, size: 0 },
  i32_16s: { code: 0x2e, size: 1 },
  i32_16u: { code: 0x2f, size: 1 },
  i64_8u: { code: 0x31, size: 0 },
  i64_16u: { code: 0x33, size: 1 },
  i64_32s: { code: 0x34, size: 2 },
  i64_32u: { code: 0x35, size: 2 },
} as const satisfies Record<string, MemoryOpcode>;

/** Of 128 bits: what comes after a prefix byte. `i64x2_replace_lane` is followed by a lane. */
export const vector = {
  and: 0x4e,
  or: 0x50,
  any_true: 0x53,
  i64x2_splat: 0x12,
  i64x2_replace_lane: 0x1e,
  i64x2_all_true: 0xc3,
  i64x2_bitmask: 0xc4,
  i64x2_eq: 0xd6,
} as const;

/** Plain stores: pop a value and the address below it. */
export const store = {
  i32: { code: 0x36, size: 2 },
  i64: { code: 0x37, size: 3 },
  i32_8: { code: 0x3a, size: 0 },
  i32_16: { code: 0x3b, size: 1 },
  i64_8: { code: 0x3c, size: 0 },
  i64_16: { code: 0x3d, size: 1 },
  i64_32: { code: 0x3e, size: 2 },
} as const satisfies Record<string, MemoryOpcode>;

/** Sequentially consistent accesses; the read-modify-write ones push the value before. All need natural alignment. */
export const atomic = {
  /** Pops a count (i32) and an address; pushes how many were woken. */
  notify: { code: 0x00, size: 2 },
  /** Pops a timeout in ns (i64, -1: none), the expected value and an address; pushes 0 woken, 1 not equal, 2 timed out. */
  wait32: { code: 0x01, size: 2 },
  wait64: { code: 0x02, size: 3 },
  i32_load: { code: 0x10, size: 2 },
  i64_load: { code: 0x11, size: 3 },
  i32_store: { code: 0x17, size: 2 },
  i64_store: { code: 0x18, size: 3 },
  i32_add: { code: 0x1e, size: 2 },
  i64_add: { code: 0x1f, size: 3 },
  i32_sub: { code: 0x25, size: 2 },
  i64_sub: { code: 0x26, size: 3 },
  i32_and: { code: 0x2c, size: 2 },
  i64_and: { code: 0x2d, size: 3 },
  i32_or: { code: 0x33, size: 2 },
  i64_or: { code: 0x34, size: 3 },
  i32_xor: { code: 0x3a, size: 2 },
  i64_xor: { code: 0x3b, size: 3 },
  i32_exchange: { code: 0x41, size: 2 },
  i64_exchange: { code: 0x42, size: 3 },
  /** Pops the replacement, the expected value and an address; pushes the value before. */
  i32_compare_exchange: { code: 0x48, size: 2 },
  i64_compare_exchange: { code: 0x49, size: 3 },
} as const satisfies Record<string, MemoryOpcode>;
