import { basename } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { ModelToShow } from '../explorer/page-data.ts';
import { counted } from '../report/wording.ts';
import { diagnosticText } from './diagnostic-text.ts';
import type { Host } from './host.ts';
import { ModelChecker } from './check-model.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { loadFiles, withoutParts } from './load.ts';
import type { LoadedFile } from './load.ts';
import { writePage } from './page-file.ts';
import { UsageProblem } from './problem.ts';
import { progressLine } from './progress-line.ts';
import { instantiateModels, readSettings, selectModels } from './selection.ts';
import { findSpecFiles } from './spec-files.ts';
import { refuseUnwritable } from './writable.ts';

/** `fairlead explore`, as the arguments say it. */
export interface ExploreRequest {
  readonly path: string;
  /** Only models of these names; none: all. */
  readonly models: readonly string[];
  /** `name=value`. */
  readonly settings: readonly string[];
  /** States that are searched for behaviors to show; the page itself can go anywhere. */
  readonly maxStates: number;
  /** Absent: beside the current folder's files, named after the spec. */
  readonly output?: string | undefined;
}

/**
 * Writes a page to step through the models of a spec with, starting at an initial state. What the page can do does not
 * depend on how much was searched: large models are searched only as far as the request says.
 *
 * @throws UsageProblem when the request names something that is not there, or the page cannot be written.
 */
export async function runExplore(request: ExploreRequest, host: Host): Promise<ExitCode> {
  const output = request.output ?? `${basename(request.path).replace(/\.(ts|json)$/, '')}.html`;
  refuseUnwritable(output);
  const loaded = withoutParts(await loadFiles(findSpecFiles([request.path]), host));
  const complain = (diagnostics: readonly Diagnostic[], { files }: LoadedFile): boolean => {
    if (diagnostics.length > 0) host.error(`${diagnosticText(diagnostics, files, host)}\n`);
    return diagnostics.some(({ severity }) => severity === 'error');
  };
  if (loaded.filter((file) => complain(file.diagnostics, file)).length > 0) return EXIT.rejected;

  const selections = selectModels(loaded, request.models);
  if (selections.length === 0) throw new UsageProblem(`there is no spec in ${request.path}`);
  const settings = readSettings(request.settings, selections);
  const shown: ModelToShow[] = [];
  const checker = new ModelChecker(host);
  for (const selection of selections) {
    for (const { system, diagnostics, changed } of instantiateModels(selection, settings)) {
      complain(diagnostics, selection.file);
      if (system === undefined) return EXIT.rejected;
      const line = progressLine(`${system.name} ${system.model.name}`, host.terminal, false, host.progress);
      const options = { levels: true, maxStates: request.maxStates, reduction: 'none' as const };
      const result = await checker.check(system, options, (progress) => line.show(progress));
      line.clear();
      if (result === undefined) return EXIT.stopped;
      shown.push({ path: selection.file.path, system, changed, result });
    }
  }
  checker.close();
  writePage(output, shown, 'explore', host.entry);
  host.out(`${output}: ${counted(shown.length, 'model')} to explore. Open it in a browser.\n`);
  return EXIT.asExpected;
}
