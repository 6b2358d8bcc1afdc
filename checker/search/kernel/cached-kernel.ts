import type { KernelCode } from './kernel-module.ts';

/** What is generated for a model before it is explored, as plain data that can be kept. */
export interface CachedKernel {
  readonly code: KernelCode;
  /** The leaves that its states have no bits for, with their codes; see `withoutConstantLeaves`. */
  readonly always: ReadonlyMap<number, number>;
}

/** Keeps what is generated for one system and one set of options: what it recalls was generated for equal ones. */
export interface KernelStore {
  recall(): CachedKernel | undefined;
  keep(kernel: CachedKernel): void;
}
