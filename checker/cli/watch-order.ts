import { standingOf } from '../report/standing.ts';
import type { Continued } from './check.ts';
import type { CheckRequest } from './check-request.ts';
import type { PreparedSpec } from './prepared-spec.ts';
import type { Instantiated } from './selection.ts';

/**
 * In which order models are checked again: those first that were not as expected. What nothing has changed of, and what
 * was as expected without a word, is left out.
 */
export class WatchOrder {
  /** Models that were not as expected, by {@link modelKey}. */
  readonly #failing = new Set<string>();
  /** By its compiled spec, the request that there is nothing more to say for. */
  #settled = new WeakMap<object, string>();

  #left = 0;

  /** How many specs the last round has left out. */
  get left(): number {
    return this.#left;
  }

  /** From now on nothing is left out. */
  forget(): void {
    this.#settled = new WeakMap();
  }

  of(request: CheckRequest): Pick<Continued, 'arrange' | 'onModel' | 'onEnd'> {
    const asked = JSON.stringify(request);
    // What is said of all together, or written as a whole, needs all.
    const isWhole = request.strict || request.htmlFile !== undefined || request.baseline !== undefined;
    const right = new Map<string, number>();
    let current: readonly PreparedSpec[] = [];
    return {
      arrange: (specs) => {
        const changed = specs.filter(({ selection }) => this.#settled.get(selection.spec) !== asked);
        // That nothing has changed is said by saying it all.
        const chosen = isWhole || changed.length === 0 ? specs : changed;
        this.#left = specs.length - chosen.length;
        const early = chosen.filter((spec) => this.#isFailing(spec));
        current = [...early, ...chosen.filter((spec) => !early.includes(spec))];
        return current.map((spec) => ({ ...spec, instantiate: () => this.#sorted(spec) }));
      },
      onModel: ({ path, result }) => {
        const [spec, model] = [specKey(path, result.spec), modelKey(path, result.spec, result.model)];
        if (standingOf(result) === 'asExpected') {
          this.#failing.delete(model);
          right.set(spec, (right.get(spec) ?? 0) + 1);
        } else this.#failing.add(model);
      },
      onEnd: () => {
        for (const { selection, count } of current) {
          const { file, spec } = selection;
          if (right.get(specKey(file.path, spec.name)) === count) this.#settled.set(spec, asked);
        }
      },
    };
  }

  #isFailing({ selection: { file, spec, models } }: PreparedSpec): boolean {
    return models.some((model) => this.#failing.has(modelKey(file.path, spec.name, model)));
  }

  #sorted({ selection: { file, spec }, instantiate }: PreparedSpec): readonly Instantiated[] {
    const all = instantiate();
    const isFailing = ({ model }: Instantiated): boolean => this.#failing.has(modelKey(file.path, spec.name, model));
    return [...all.filter(isFailing), ...all.filter((one) => !isFailing(one))];
  }
}

function specKey(path: string, spec: string): string {
  return `${path}\0${spec}`;
}

function modelKey(path: string, spec: string, model: string): string {
  return `${specKey(path, spec)}\0${model}`;
}
