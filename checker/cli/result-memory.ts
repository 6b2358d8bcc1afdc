import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { PlainOptions } from './check-task.ts';

/** What was found of systems, by the objects that they are: kept as long as they are. */
export class ResultMemory {
  readonly #results = new WeakMap<System, Map<string, CheckResult>>();

  recall(system: System, options: PlainOptions): CheckResult | undefined {
    return this.#results.get(system)?.get(JSON.stringify(options));
  }

  /** Keeps what another check would find again. */
  keep(system: System, options: PlainOptions, result: CheckResult): void {
    if (result.statistics.cut !== undefined) return;
    const known = this.#results.get(system) ?? new Map<string, CheckResult>();
    this.#results.set(system, known.set(JSON.stringify(options), result));
  }
}
