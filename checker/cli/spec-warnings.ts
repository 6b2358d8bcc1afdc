import { commonWarnings } from '../report/warning-text.ts';
import type { CommonWarning, WarnedModel } from '../report/warning-text.ts';
import type { SpecEnd } from '../report/reporter.ts';
import type { SpecSelection } from './selection.ts';

/**
 * Sorts warnings by the models that they are true of: what is reported of one spec, and what is reported once about files that
 * several specs are made of, such as a protocol whose models stand in files of their own.
 */
export class SpecWarnings {
  /** Whether the request has picked models. */
  readonly #arePicked: boolean;
  readonly #isShared: (path: string) => boolean;

  constructor(selections: readonly SpecSelection[], arePicked: boolean) {
    this.#arePicked = arePicked;
    this.#isShared = sharedBy(selections);
  }

  /**
   * @param selected - how many models of the spec there were to check.
   * @param models - those that have a result.
   */
  ofSpec({ file, spec }: SpecSelection, selected: number, models: readonly WarnedModel[]): SpecEnd {
    // A request for one model does not ask what all of them have in common.
    const common = selected < spec.models.length ? [] : commonWarnings(models);
    const isOwn = (path: string): boolean => (this.#arePicked ? path === file.path : !this.#isShared(path));
    const own = common.filter(({ path }) => path === undefined || isOwn(path));
    // Of a spec that is declared elsewhere there may be models elsewhere, which need what these do not.
    const isWhole = file.files[spec.span.file]?.path === file.path;
    const warnings = isWhole ? own : own.filter(({ path }) => path === undefined || path === file.path);
    return { warnings, uncounted: own.filter((one) => !warnings.includes(one)) };
  }

  /** What is true of all models of a file, wherever they stand. */
  ofSharedFiles(models: readonly WarnedModel[]): readonly CommonWarning[] {
    const paths = new Set(models.flatMap(({ files }) => files.map(({ path }) => path)).filter(this.#isShared));
    return [...paths].flatMap((path) =>
      commonWarnings(models.filter(({ files }) => files.some((file) => file.path === path))).filter(
        (one) => one.path === path,
      ),
    );
  }
}

/** Whether a file is part of several of the files that are checked. */
function sharedBy(selections: readonly SpecSelection[]): (path: string) => boolean {
  const users = new Map<string, Set<string>>();
  for (const { file } of selections) {
    for (const { path } of file.files) users.set(path, (users.get(path) ?? new Set()).add(file.path));
  }
  return (path) => 1 < (users.get(path)?.size ?? 0);
}
