/** From the source of a spec to a transition system. */
export { compile } from './compile.ts';
export type { Compilation, CompiledSpec, CompileOptions, Overlay } from './compile.ts';
