import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { exportPromela } from '../../dsl/export/promela.ts';
import type { Refusal } from '../../dsl/export/refusal.ts';
import { isRefusal } from '../../dsl/export/refusal.ts';
import { exportTla } from '../../dsl/export/tlaplus.ts';
import type { System } from '../../dsl/ir/index.ts';
import { systemToJson } from '../../dsl/ir/json.ts';
import { printSystem } from '../../dsl/ir/print.ts';
import type { Surroundings } from './check.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { LoadedFile } from './load.ts';
import { loadFiles } from './load.ts';
import { UsageProblem } from './problem.ts';
import type { Instantiated } from './selection.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';

/** `fairlead compile`, as the arguments say it. */
export interface CompileRequest {
  readonly path: string;
  readonly emit: 'ir' | 'text' | 'promela' | 'tla';
  readonly model?: string | undefined;
  /** `name=value`. */
  readonly settings: readonly string[];
  /** A file; for `tla` a folder, for a module and a configuration of each model. Absent: standard output. */
  readonly output?: string | undefined;
}

/**
 * Compiles one model of a spec and writes it in another form; into a folder, all models.
 *
 * @throws UsageProblem when the request does not name exactly one model where one is needed, or what it names is not there.
 */
export async function runCompile(request: CompileRequest, around: Surroundings): Promise<ExitCode> {
  const loaded = await loadFiles(findSpecFiles([request.path]));
  const complain = (diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): void =>
    around.error(`${renderDiagnostics(diagnostics, files, { color: around.terminal.color.error })}\n`);
  for (const file of loaded) if (file.diagnostics.length > 0) complain(file.diagnostics, file.files);
  if (loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return EXIT.rejected;

  const selections = selectModels(loaded, request.model === undefined ? [] : [request.model]);
  const settings = readSettings(request.settings, selections);
  const instantiated = selections.flatMap((selection) =>
    instantiateModels(selection, settings).map((one) => ({ ...one, files: selection.file.files })),
  );
  const [only] = instantiated;
  if (only === undefined) throw new UsageProblem(`there is no spec in ${request.path}`);
  if (request.emit === 'tla' && request.output !== undefined) {
    return writeModules(instantiated, request.output, complain);
  }
  if (instantiated.length > 1) {
    const names = instantiated.map(({ model }) => model).join(', ');
    throw new UsageProblem(`${request.path} has several models`, `Choose one with --model: ${names}.`);
  }
  if (only.diagnostics.length > 0) complain(only.diagnostics, only.files);
  if (only.system === undefined) return EXIT.rejected;
  write(textOf(only.system, request.emit), request.output, around);
  return EXIT.asExpected;
}

function textOf(system: System, form: CompileRequest['emit']): string {
  switch (form) {
    case 'ir':
      return `${systemToJson(system)}\n`;
    case 'text':
      return printSystem(system);
    case 'promela': {
      const result = exportPromela(system);
      return isRefusal(result) ? refuse(system, result) : result.text;
    }
    case 'tla': {
      const result = exportTla(system);
      return isRefusal(result) ? refuse(system, result) : result.module;
    }
  }
}

function refuse(system: System, { target, reasons }: Refusal): never {
  const lines = reasons.map(({ construct, message }) => `${construct}: ${message}`);
  throw new UsageProblem(`model ${system.model.name} cannot be said in ${target}`, lines.join('\n'));
}

/** A module and a configuration for TLC, for each model. */
function writeModules(
  models: readonly (Instantiated & Pick<LoadedFile, 'files'>)[],
  folder: string,
  complain: (diagnostics: readonly Diagnostic[], files: readonly SourceFile[]) => void,
): ExitCode {
  let code: ExitCode = EXIT.asExpected;
  for (const { system, diagnostics, files } of models) {
    if (diagnostics.length > 0) complain(diagnostics, files);
    if (system === undefined) {
      code = EXIT.rejected;
      continue;
    }
    const result = exportTla(system);
    if (isRefusal(result)) refuse(system, result);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${result.moduleName}.tla`), result.module);
      writeFileSync(join(folder, `${result.moduleName}.cfg`), result.config);
    } catch (error) {
      throw new UsageProblem(`${folder} cannot be written to: ${(error as Error).message}`);
    }
  }
  return code;
}

function write(text: string, output: string | undefined, around: Surroundings): void {
  if (output === undefined) around.out(text);
  else {
    try {
      writeFileSync(output, text);
    } catch (error) {
      throw new UsageProblem(`${output} cannot be written: ${(error as Error).message}`);
    }
  }
}
