/** From the source of a spec to a transition system. */
export type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';
export { renderDiagnostics } from '../diagnostics/render.ts';
export type { SourceFile, Span } from '../diagnostics/span.ts';
export { compile } from './compile.ts';
export type { Compilation, CompiledSpec, CompileOptions, Overlay } from './compile.ts';
