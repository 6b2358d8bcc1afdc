import type { System } from '../../dsl/ir/index.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import { loadFiles } from './load.ts';
import { UsageProblem } from './problem.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';

/** Which model of which spec a command is about. */
export interface OneModel {
  readonly path: string;
  /** Needed when there are several. */
  readonly model?: string | undefined;
  /** `name=value`. */
  readonly settings: readonly string[];
}

/**
 * Loads the model that a command is about; undefined when it was rejected, which then has been said.
 *
 * @throws UsageProblem when the request does not name exactly one.
 */
export async function loadOneModel({ path, model, settings }: OneModel, host: Host): Promise<System | undefined> {
  const loaded = await loadFiles(findSpecFiles([path]), host);
  for (const { diagnostics, files } of loaded) {
    if (diagnostics.length > 0) host.error(`${diagnosticText(diagnostics, files, host)}\n`);
  }
  if (loaded.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return undefined;
  const selections = selectModels(loaded, model === undefined ? [] : [model]);
  const given = readSettings(settings, selections);
  const models = selections.flatMap((selection) =>
    instantiateModels(selection, given).map((one) => ({ ...one, files: selection.file.files })),
  );
  const [only] = models;
  if (only === undefined) throw new UsageProblem(`there is no spec in ${path}`);
  if (models.length > 1) {
    const names = models.map((one) => one.model).join(', ');
    throw new UsageProblem(`${path} has several models`, `Choose one with --model: ${names}.`);
  }
  if (only.diagnostics.length > 0) host.error(`${diagnosticText(only.diagnostics, only.files, host)}\n`);
  return only.system;
}
