import { join } from 'node:path';
import { exportPromela } from '../../dsl/export/promela.ts';
import type { OmittedProperty, Refusal } from '../../dsl/export/refusal.ts';
import { isRefusal } from '../../dsl/export/refusal.ts';
import { exportTla, moduleNameOf } from '../../dsl/export/tlaplus.ts';
import type { System } from '../../dsl/ir/index.ts';
import { systemToJson } from '../../dsl/ir/json.ts';
import { printSystem } from '../../dsl/ir/print.ts';
import { withoutConstantLeaves } from '../engine/constant-leaves.ts';
import { lowered } from '../engine/lowered.ts';
import { isRefused } from '../plan/plan.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { kernelText } from '../search/kernel/kernel-module.ts';
import { questionsOf } from '../verdict/judge.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { runGraph } from './graph.ts';
import { loadFiles } from './load.ts';
import { loadOneModel } from './one-model.ts';
import type { OneModel } from './one-model.ts';
import { UsageProblem } from './problem.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';
import { makeFolder, writeWhole } from './write-file.ts';

/** `fairlead compile`, as the arguments say it. */
export interface CompileRequest extends OneModel {
  readonly emit: 'ir' | 'text' | 'promela' | 'tla' | 'wat' | 'dot';
  /** A file; for `tla` a folder, for a module and a configuration of each model. Absent: standard output. */
  readonly output?: string | undefined;
}

/** More states than this are not drawn. */
const MOST_DRAWN = 300;

/**
 * Compiles one model of a spec and writes it in another form; into a folder, all models.
 *
 * @throws UsageProblem when the request does not name exactly one model where one is needed, or what it names is not there.
 */
export async function runCompile(request: CompileRequest, host: Host): Promise<ExitCode> {
  const { emit, output } = request;
  if (emit === 'dot') return runGraph({ ...request, format: 'dot', limit: MOST_DRAWN, project: [] }, host);
  if (emit === 'tla' && output !== undefined) return writeModules({ ...request, output }, host);
  const system = await loadOneModel(request, host);
  if (system === undefined) return EXIT.rejected;
  const text = textOf(system, emit, host);
  if (output === undefined) host.out(text);
  else writeText(output, text);
  return EXIT.asExpected;
}

function textOf(system: System, form: Exclude<CompileRequest['emit'], 'dot'>, host: Host): string {
  switch (form) {
    case 'ir':
      return `${systemToJson(system)}\n`;
    case 'text':
      return printSystem(system);
    case 'wat':
      return watOf(system);
    case 'promela': {
      const result = exportPromela(system);
      if (isRefusal(result)) throw refused(system, result);
      warnOf(system, 'Promela', result.omitted, host);
      return result.text;
    }
    case 'tla': {
      const result = exportTla(system);
      if (isRefusal(result)) throw refused(system, result);
      warnOf(system, 'TLA+', result.omitted, host);
      return result.module;
    }
  }
}

/** The code that a check of a system runs. */
function watOf(system: System): string {
  const { plan, properties } = questionsOf(system, {});
  if (isRefused(plan)) throw new UsageProblem(plan.refusals.map(wordRefusal).join('; '));
  const model = withoutConstantLeaves(lowered(plan));
  const text = kernelText(model, { keepSteps: 0 < properties.length, compact: false });
  if (typeof text === 'string') return text;
  throw new UsageProblem(
    `model ${system.model.name} is not compiled to WebAssembly: ${text.unsupported}`,
    'It is checked by the interpreter, which runs the form that `--emit text` shows.',
  );
}

/** A module and a configuration for TLC, for each model that there are words for. */
async function writeModules(request: CompileRequest & { readonly output: string }, host: Host): Promise<ExitCode> {
  const { path, model, settings, output } = request;
  const loaded = await loadFiles(findSpecFiles([path]), host);
  for (const { diagnostics, files } of loaded) {
    if (diagnostics.length > 0) host.error(`${diagnosticText(diagnostics, files, host)}\n`);
  }
  const isRejected = loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'));
  if (isRejected) return EXIT.rejected;
  const selections = selectModels(loaded, model === undefined ? [] : [model]);
  if (selections.length === 0) throw new UsageProblem(`there is no spec in ${path}`);
  const given = readSettings(settings, selections);
  const taken = new Set<string>();
  let code: ExitCode = EXIT.asExpected;
  for (const selection of selections) {
    for (const { system, diagnostics } of instantiateModels(selection, given)) {
      if (diagnostics.length > 0) host.error(`${diagnosticText(diagnostics, selection.file.files, host)}\n`);
      const result = system && exportTla(system, freeName(moduleNameOf(system), taken));
      if (system === undefined || result === undefined) code = EXIT.rejected;
      else if (isRefusal(result)) {
        host.error(`error: ${cannotBeSaid(system, result)}\n${reasonsOf(result)}\n`);
        code = EXIT.rejected;
      } else {
        warnOf(system, 'TLA+', result.omitted, host);
        writeText(join(output, `${result.moduleName}.tla`), result.module, output);
        writeText(join(output, `${result.moduleName}.cfg`), result.config, output);
      }
    }
  }
  return code;
}

/** Two specs, or two values of a parameter, may give modules of one name; file systems may not tell cases apart. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let attempt = 2; taken.has(free.toLowerCase()); attempt += 1) free = `${name}_${attempt}`;
  taken.add(free.toLowerCase());
  return free;
}

function refused(system: System, refusal: Refusal): UsageProblem {
  return new UsageProblem(cannotBeSaid(system, refusal), reasonsOf(refusal));
}

function cannotBeSaid({ model }: System, { target }: Refusal): string {
  return `model ${model.name} cannot be said in ${target}`;
}

function reasonsOf({ reasons }: Pick<Refusal, 'reasons'>): string {
  return reasons.map(({ construct, message }) => `${construct}: ${message}`).join('\n');
}

function warnOf(system: System, target: string, omitted: readonly OmittedProperty[], host: Host): void {
  for (const { property, reasons } of omitted) {
    host.error(
      `warning: model ${system.model.name}: ${property} is left out of the ${target}\n${reasonsOf({ reasons })}\n`,
    );
  }
}

function writeText(file: string, text: string, folder?: string): void {
  try {
    if (folder !== undefined) makeFolder(folder);
    writeWhole(file, text);
  } catch (error) {
    throw new UsageProblem(`${file} cannot be written: ${(error as Error).message}`);
  }
}
