import type { CheckRequest } from './check-request.ts';
import type { Host } from './host.ts';
import { loadFiles } from './load.ts';
import { UsageProblem } from './problem.ts';
import { ALWAYS_JUDGED } from './selection.ts';
import type { SpecCache } from './spec-cache.ts';
import { findSpecFiles } from './spec-files.ts';

/**
 * A request for the models that have a text in their name, in whatever case; if there are none, for the properties that
 * have it.
 *
 * @throws UsageProblem when there are neither.
 */
export async function narrowed(
  request: CheckRequest,
  filter: string,
  host: Host,
  cache: SpecCache,
): Promise<CheckRequest> {
  if (filter === '') return request;
  const loaded = await loadFiles(findSpecFiles(request.paths), host, { cache, typecheck: 'later' });
  const specs = loaded.flatMap((file) => file.specs);
  const chosen = (names: readonly string[], asked: readonly string[]): readonly string[] =>
    [...new Set(names)].filter(
      (name) => name.toLowerCase().includes(filter.toLowerCase()) && (asked.length === 0 || asked.includes(name)),
    );
  const models = chosen(
    specs.flatMap((spec) => spec.models.map(({ name }) => name)),
    request.models,
  );
  if (models.length > 0) return { ...request, models };
  const judged = [...ALWAYS_JUDGED, ...specs.flatMap((spec) => spec.properties)];
  const properties = chosen(judged, request.properties);
  if (properties.length > 0) return { ...request, properties };
  // What is wrong with a file is to be told first.
  if (loaded.some(({ diagnostics }) => diagnostics.length > 0)) return request;
  throw new UsageProblem(`no model and no property has ${filter} in its name`);
}
