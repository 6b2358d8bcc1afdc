import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { nameOfModel } from '../report/complaint.ts';
import type { Growth } from '../report/summary.ts';
import type { ReportedModel } from '../report/reporter.ts';
import type { BaselineRequest } from './check-request.ts';
import { UsageProblem } from './problem.ts';
import { writeAsked } from './write-file.ts';

/** What a file says of how many distinct states each model had. */
const baselineSchema = z.strictObject({
  format: z.literal('fairlead states'),
  version: z.literal(1),
  models: z.record(z.string(), z.int().nonnegative()),
});

/** Numbers of states that models had, beside those that they have now. Those of a search that was cut say nothing. */
export class Baseline {
  readonly #request: BaselineRequest;
  readonly #before: ReadonlyMap<string, number>;
  readonly #now = new Map<string, number>();

  /** @throws UsageProblem when the file cannot be read, or is something else; one that is to be written need not exist. */
  constructor(request: BaselineRequest) {
    this.#request = request;
    this.#before = new Map(Object.entries(readBaseline(request)));
  }

  /** By how much a model has grown, if it is more than it may. */
  add(model: ReportedModel): Growth | undefined {
    const { distinct, cut, isReduced } = model.result.statistics;
    const isKnown =
      model.result.refusals.length === 0 && isReduced !== true && (cut === undefined || cut.kind === 'within');
    if (!isKnown) return undefined;
    const name = `${model.path} ${nameOfModel(model)}`;
    this.#now.set(name, distinct);
    const before = this.#before.get(name);
    if (before === undefined || this.#request.isUpdated) return undefined;
    return before * (1 + this.#request.growth / 100) < distinct ? { model: name, before, now: distinct } : undefined;
  }

  /** Writes the numbers where that was asked for; those of models that were not checked stay. */
  save(): void {
    const { path, isUpdated } = this.#request;
    if (!isUpdated) return;
    const all = [...new Map([...this.#before, ...this.#now])].sort(([left], [right]) => (left < right ? -1 : 1));
    const text = JSON.stringify(
      { format: 'fairlead states', version: 1, models: Object.fromEntries(all) },
      undefined,
      2,
    );
    writeAsked(path, `${text}\n`);
  }
}

function readBaseline({ path, isUpdated }: BaselineRequest): Readonly<Record<string, number>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isUpdated && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    const help = 'It is written by --update-baseline.';
    throw new UsageProblem(`${path} cannot be read: ${(error as Error).message}`, help);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageProblem(`${path} is no baseline: it is not JSON: ${(error as Error).message}`);
  }
  const { data, error } = baselineSchema.safeParse(json);
  if (data !== undefined) return data.models;
  throw new UsageProblem(`${path} is no baseline: ${z.prettifyError(error)}`, 'It is written by --update-baseline.');
}
