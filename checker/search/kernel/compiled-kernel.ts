import type { Module } from '../../engine/wasm/host.ts';
import type { Questions } from '../exploration.ts';
import type { GroupAction } from '../../reduction/quotient.ts';
import type { KernelShape } from './memory-map.ts';
import type { TableKind } from './table-kind.ts';

/** A module with a kernel, ready to search. */
export interface CompiledKernel {
  readonly module: Module;
  readonly shape: KernelShape;
  readonly table: TableKind['kind'];
  readonly questions: Questions;
  readonly keepSteps: boolean;
  /** 32-bit words of a state. */
  readonly words: number;
  /** What stands for what, when one state of each orbit is explored. */
  readonly symmetry?: GroupAction;
}
