import { Option } from 'commander';
import { FORMATS } from '../check-request.ts';
import type { CheckRequest, ReportFile, Shard } from '../check-request.ts';
import { defineCommand } from '../command.ts';
import { UsageProblem } from '../problem.ts';
import { collect, names, positiveInteger, positiveNumber, reportFile, shardOf, size } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead check                              every model of every spec in specs/
  fairlead check specs/vmm-drv                … in one folder
  fairlead check lease.ts --model asShipped   one model, with its counterexamples in full
  fairlead check lease.ts --set rings=3       the same models with another value for a parameter
  fairlead check lease.ts --set rings=1..3    … with each of these values in turn
  fairlead check lease.ts --property writeLockEventuallyAcquired
  fairlead check lease.ts --html lease.html   a page to look at and step through
  fairlead check lease.ts --format json       for programs
  fairlead check --report junit=out.xml --report sarif=out.sarif --shard 2/5

A model says which properties it expects to be violated; everything else it expects to hold.
With --set its expectations no longer apply: then every property is expected to hold.

Exit codes:
   0  every property is as its model expects
   1  some property is not; with --strict also: there is a warning
   2  a spec was rejected, or the command was used wrongly
   3  stopped before an answer: a limit, Ctrl-C, lack of memory
  70  a bug in Fairlead
`;

/** `fairlead check`. */
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'check the models of some specs',
  description: 'Checks every model of the given specs against what it expects.',
  examples: EXAMPLES,
  isConfigurable: true,
  declare: (command) =>
    command
      .argument('[paths...]', 'files, and folders to be searched for specs (default: specs/)')
      .option('-m, --model <name>', 'check only the models of this name (repeatable)', collect)
      .option(
        '-s, --set <name=value>',
        'give a parameter this value in every model; 1..3: each in turn (repeatable)',
        collect,
      )
      .option('-p, --property <name>', 'judge only the properties of this name (repeatable)', collect)
      .option('--max-states <n>', 'stop after storing n states', positiveInteger)
      .option('--time <seconds>', 'stop the search of a model after this time', positiveNumber)
      .option(
        '--memory <size>',
        'use no more memory than this, such as 500m or 16g (default: most of what is free)',
        size,
      )
      .option('--compact', 'tell states apart by 64-bit fingerprints; what holds is then only very likely')
      .addOption(
        new Option(
          '--reduction <reduction>',
          'look at fewer states, with the same verdicts; symmetry: at one of those that only differ in which interchangeable id is which, with the same counts; order: put off steps that can come later, and count what is explored; auto: symmetry, where it is sound',
        )
          .choices(['none', 'symmetry', 'order', 'auto'])
          .default('auto'),
      )
      .option('--workers <n>', 'threads that search large models (default: one for each processor)', positiveInteger)
      .addOption(
        new Option('--engine <engine>', 'how successors are computed; auto: webassembly, where the model allows it')
          .choices(['auto', 'webassembly', 'javascript', 'interpreted'])
          .default('auto'),
      )
      .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
      .option(
        '--report <format=file>',
        'write a report in this format to a file: junit=out.xml (repeatable)',
        reportFile,
      )
      .option('--shard <part>', 'check only a part of the models, such as 2/5: the second of five', shardOf)
      .addOption(
        new Option('--bail [n]', 'begin no other model after n that are not as expected (default: 1)')
          .argParser(positiveInteger)
          .preset('1'),
      )
      .option('--baseline <file>', 'say which models have more states than this file says')
      .option('--update-baseline', 'write the numbers of states to the file of --baseline')
      .addOption(
        new Option('--growth <percent>', 'how much more states than the baseline a model may have')
          .argParser(positiveNumber)
          .default(10),
      )
      .option(
        '--traces [full]',
        'show expected counterexamples and witnesses step by step too (otherwise only the counterexamples of up to two models); full: with all that they change, and all steps of long ones',
      )
      .option(
        '--verbose',
        'tell everything of every model (otherwise those of more than two that are as expected in a line)',
      )
      .option('--trace <file>', 'write each counterexample and witness in the Informal Trace Format')
      .option('--html <file>', 'write a page with everything that was found, to look at and step through in a browser')
      .option('--advise', 'say what fairness each temporal property needs; judges it several times over')
      .option(
        '--fairness <sets>',
        'judge under these fairness sets, with commas between, in place of what the spec says; none: without fairness',
        names,
      )
      .option(
        '--coverage',
        'say how often each action happened, how many states it was the first to find, and by which branches',
      )
      .option('--all', 'tell of each violated invariant all the ways in which it is, and in how many states')
      .option('--strict', 'fail when there is a warning')
      .option('-w, --watch', 'check again whenever a file has changed that a spec is made of; keys are listed there')
      .option('-q, --quiet', 'print only what is not as expected, and no progress'),
  read: (paths: string[], flags: CheckFlags): CheckCommand => {
    const request = toRequest(paths, flags);
    if (flags.watch !== true) return request;
    refuseWatching(request);
    return { ...request, isWatched: true };
  },
  run: async (request, host) =>
    request.isWatched === true
      ? (await import('../watch.ts')).watchCheck(request, host)
      : (await import('../check.ts')).runCheck(request, host),
});

interface CheckCommand extends CheckRequest {
  /** Whether it goes on when files change. */
  readonly isWatched?: true;
}

/** @throws UsageProblem for what makes sense of one run only. */
function refuseWatching({ format, reports, shard, bail, traceFile, baseline }: CheckRequest): void {
  const asked = {
    [`--format ${format}`]: format !== 'text',
    '--report': reports.length > 0,
    '--shard': shard !== undefined,
    '--bail': bail !== undefined,
    '--trace': traceFile !== undefined,
    '--update-baseline': baseline?.isUpdated === true,
  };
  const [option] = Object.entries(asked).find(([, isAsked]) => isAsked) ?? [];
  if (option === undefined) return;
  throw new UsageProblem(`${option} cannot be used with --watch`, 'It is for a single run: leave out one of them.');
}

export interface CheckFlags {
  readonly watch?: true;
  readonly model?: readonly string[];
  readonly set?: readonly string[];
  readonly property?: readonly string[];
  readonly maxStates?: number;
  readonly time?: number;
  readonly memory?: number;
  readonly workers?: number;
  readonly compact?: true;
  /** Absent: of a command that has no such option. */
  readonly reduction?: CheckRequest['reduction'];
  readonly engine: CheckRequest['engine'];
  readonly format: CheckRequest['format'];
  readonly report?: readonly ReportFile[];
  readonly shard?: Shard;
  readonly bail?: number;
  readonly baseline?: string;
  readonly updateBaseline?: true;
  readonly growth?: number;
  /** A path that stands after it is none of its values. */
  readonly traces?: true | string;
  readonly verbose?: true;
  readonly trace?: string;
  readonly html?: string;
  readonly advise?: true;
  readonly fairness?: readonly string[];
  readonly coverage?: true;
  readonly all?: true;
  readonly strict?: true;
  readonly quiet?: true;
}

/** Also what `simulate` asks for, but for its runs. */
export function toRequest(paths: readonly string[], flags: CheckFlags): CheckRequest {
  const { traces, baseline, updateBaseline, growth = 10 } = flags;
  if (updateBaseline === true && baseline === undefined) {
    throw new UsageProblem('--update-baseline needs a file', 'Name it by --baseline: --baseline states.json');
  }
  return {
    paths: typeof traces === 'string' && traces !== 'full' ? [traces, ...paths] : paths,
    models: flags.model ?? [],
    settings: flags.set ?? [],
    properties: flags.property ?? [],
    maxStates: flags.maxStates,
    maxTime: flags.time,
    memory: flags.memory,
    workers: flags.workers,
    compact: flags.compact ?? false,
    reduction: flags.reduction ?? 'auto',
    engine: flags.engine,
    format: flags.format,
    reports: flags.report ?? [],
    shard: flags.shard,
    bail: flags.bail,
    baseline: baseline === undefined ? undefined : { path: baseline, isUpdated: updateBaseline ?? false, growth },
    traces: traces === 'full' ? 'full' : traces !== undefined,
    verbose: flags.verbose ?? false,
    traceFile: flags.trace,
    htmlFile: flags.html,
    advise: flags.advise ?? false,
    fairness: flags.fairness,
    coverage: flags.coverage ?? false,
    allWays: flags.all ?? false,
    strict: flags.strict ?? false,
    quiet: flags.quiet ?? false,
  };
}
