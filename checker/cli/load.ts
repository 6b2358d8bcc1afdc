import { readFileSync } from 'node:fs';
import type { CompiledSpec } from '../../dsl/compiler/compile.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { systemFromJson } from '../../dsl/ir/json.ts';
import type { SpecFile } from './spec-files.ts';
import { UsageProblem } from './problem.ts';

/** A file after loading: its specs, or what is wrong with it. */
export interface LoadedFile extends SpecFile {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly specs: readonly CompiledSpec[];
}

/**
 * Compiles the files, or reads those that hold a system as JSON. The compiler is only loaded when it is needed.
 *
 * @throws UsageProblem for a JSON file that is no system.
 */
export async function loadFiles(found: readonly SpecFile[]): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  for (const file of found) {
    if (file.path.endsWith('.json')) loaded.push({ ...file, ...readSystem(file.path) });
    else {
      const { compile } = await import('../../dsl/compiler/compile.ts');
      loaded.push({ ...file, ...compile(file.path) });
    }
  }
  return loaded;
}

/** A system as a spec with a single model and nothing left to choose. */
function readSystem(path: string): Omit<LoadedFile, keyof SpecFile> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageProblem(`${path} cannot be read: ${(error as Error).message}`);
  }
  const read = systemFromJson(text);
  if (read.kind === 'invalid') {
    throw new UsageProblem(`${path} is damaged, or no system that Fairlead wrote`, read.problems.join('\n'));
  }
  const { system } = read;
  const spec: CompiledSpec = {
    name: system.name,
    doc: system.doc,
    span: system.span,
    parameters: [],
    models: [{ name: system.model.name, doc: system.model.doc }],
    instantiate: () => ({ system, diagnostics: [] }),
  };
  return { files: system.files, diagnostics: [], specs: [spec] };
}
