import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { CheckRequest } from './check-request.ts';
import type { DiagnosticLog } from './diagnostic-log.ts';
import type { Host } from './host.ts';
import { loadFiles, withoutParts } from './load.ts';
import { UsageProblem } from './problem.ts';
import {
  checkFairnessNames,
  checkPropertyNames,
  combinationsOf,
  instantiateEach,
  readSettings,
  selectModels,
} from './selection.ts';
import type { Instantiated, SpecSelection } from './selection.ts';
import type { SpecCache } from './spec-cache.ts';
import { DEFAULT_FOLDER, findSpecFiles, wordLeftOut } from './spec-files.ts';

/** A spec whose models are lowered when their turn has come: a large one takes its time. */
export interface PreparedSpec {
  readonly selection: SpecSelection;
  /** How many models it has, those with several values of a parameter so many times. */
  readonly count: number;
  /** What TypeScript has to say about its file. To be asked before a model is lowered: where it says something, none is. */
  readonly complaints: () => readonly Diagnostic[];
  readonly instantiate: () => readonly Instantiated[];
}

/** All specs to check, after all that can be refused without lowering a model. */
export async function prepareAll(
  request: CheckRequest,
  host: Host,
  cache: SpecCache,
  diagnosed: DiagnosticLog,
): Promise<readonly PreparedSpec[]> {
  const found = findSpecFiles(request.paths, (paths) => request.quiet || host.error(`${wordLeftOut(paths)}\n`));
  // A first verdict need not wait until the types of all specs are checked.
  const isLater = found.length > 1 && request.models.length === 0;
  const loaded = withoutParts(await loadFiles(found, host, { cache, ...(isLater && { typecheck: 'later' }) }));
  for (const file of loaded) diagnosed.add(file.path, file.diagnostics, file.files);

  const selections = selectModels(loaded, request.models);
  if (selections.length === 0 && diagnosed.rejected.length === 0) {
    const places = request.paths.length === 0 ? [DEFAULT_FOLDER] : request.paths;
    throw new UsageProblem(`there is no spec in ${places.join(', ')}`, HOW_TO_DECLARE);
  }
  const settings = readSettings(request.settings, selections);
  if (selections.length > 0) checkPropertyNames(request.properties, selections);
  if (selections.length > 0 && request.fairness !== undefined) checkFairnessNames(request.fairness, selections);
  let before = 0;
  return selections.flatMap((selection): readonly PreparedSpec[] => {
    const all = combinationsOf(selection, settings);
    const chosen = all.filter((_, index) => isInShard(before + index, request.shard));
    before += all.length;
    if (chosen.length === 0 && all.length > 0) return [];
    // What an earlier run has left is here at once, or is not here: then it has to be found out now.
    const known = selection.file.recalled ? instantiateEach(selection, chosen) : undefined;
    return [
      {
        selection,
        count: chosen.length,
        complaints: () => selection.file.typechecked?.().diagnostics ?? [],
        instantiate: () => known ?? instantiateEach(selection, chosen),
      },
    ];
  });
}

/**
 * Whether a model is in a part, by its number in the order of files and declarations: models are dealt out in turn, as
 * those that stand together are of much the same size.
 */
function isInShard(index: number, shard: CheckRequest['shard']): boolean {
  return shard === undefined || index % shard.parts === shard.number - 1;
}

const HOW_TO_DECLARE = 'A spec is what a const is given: export const lock = spec("lock", { state: () => ({ … }) });';
