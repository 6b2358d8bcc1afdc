import type { System } from '../../dsl/ir/index.ts';
import type { CheckOptions } from '../options.ts';
import type { SimulationOptions } from '../simulation/options.ts';
import type { PlainOptions } from './check-task.ts';
import { propertyNames } from './selection.ts';

/** `fairlead check`, as the arguments say it. */
export interface CheckRequest {
  /** Files and folders; none: `specs/`. */
  readonly paths: readonly string[];
  /** Only models of these names; none: all. */
  readonly models: readonly string[];
  /** `name=value`. */
  readonly settings: readonly string[];
  /** Only properties of these names; none: all. */
  readonly properties: readonly string[];
  readonly maxStates: number | undefined;
  /** Seconds. */
  readonly maxTime: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly workers: number | undefined;
  /** Let fingerprints stand for states. */
  readonly compact: boolean;
  readonly reduction: NonNullable<CheckOptions['reduction']>;
  readonly engine: NonNullable<CheckOptions['engine']>;
  readonly format: Format;
  /** What else is made of the run, each in a file. */
  readonly reports: readonly ReportFile[];
  /** Only a part of the models, the first of so many being 1; undefined: all. */
  readonly shard: Shard | undefined;
  /** After so many models that are not as expected no other is begun; undefined: all are checked. */
  readonly bail: number | undefined;
  /** A file with the numbers of states that models had; undefined: they are not compared. */
  readonly baseline: BaselineRequest | undefined;
  /** Whether those that are as expected are shown too; `full`: leaving nothing out. */
  readonly traces: boolean | 'full';
  /** Report all of each model, however many there are. */
  readonly verbose: boolean;
  /** Where counterexamples and witnesses are written: see `trace-files.ts`. */
  readonly traceFile: string | undefined;
  /** Where a page about all of it is written. */
  readonly htmlFile: string | undefined;
  /** Also work out what fairness each temporal property needs. */
  readonly advise: boolean;
  /** The fairness sets that take the place of what the spec says; undefined: none do. */
  readonly fairness: readonly string[] | undefined;
  readonly coverage: boolean;
  /** Whether all the ways in which an invariant is violated are reported. */
  readonly allWays: boolean;
  /** Whether warnings are failures. */
  readonly strict: boolean;
  readonly quiet: boolean;
  /** Random runs in place of a search of everything. */
  readonly simulation?: SimulationOptions;
}

/** The forms in which a run can be reported; `reporters.ts` has a reporter for each. */
export const FORMATS = ['text', 'json', 'junit', 'sarif', 'github'] as const;

export type Format = (typeof FORMATS)[number];

export interface ReportFile {
  readonly format: Format;
  readonly path: string;
}

/** Part `number` of `parts`, from 1 on. */
export interface Shard {
  readonly number: number;
  readonly parts: number;
}

export interface BaselineRequest {
  readonly path: string;
  /** Whether it is written, and nothing is compared. */
  readonly isUpdated: boolean;
  /** Per cent by which a model may grow without a word. */
  readonly growth: number;
}

/** How a model is to be checked. @param fairness - see {@link PlainOptions}. */
export function optionsFor(
  request: CheckRequest,
  system: System,
  fairness: readonly string[] | undefined,
): PlainOptions {
  const properties = propertyNames(system).filter((name) => request.properties.includes(name));
  return {
    engine: request.engine,
    ...(request.reduction !== 'auto' && { reduction: request.reduction }),
    ...(request.simulation !== undefined && { simulation: request.simulation }),
    ...(request.advise && { advise: true }),
    ...(request.coverage && { coverage: true }),
    ...(request.allWays && { allWays: true }),
    ...(request.htmlFile !== undefined && { levels: true }),
    ...(fairness !== undefined && { fairness }),
    ...(request.maxStates !== undefined && { maxStates: request.maxStates }),
    ...(request.maxTime !== undefined && { maxTime: request.maxTime }),
    ...(request.memory !== undefined && { memory: request.memory }),
    ...(request.workers !== undefined && { workers: request.workers }),
    ...(request.compact && { compact: true }),
    ...(request.properties.length > 0 && { properties }),
  };
}
