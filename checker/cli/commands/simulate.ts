import { Option } from 'commander';
import { DEFAULT_SIMULATION } from '../../simulation/options.ts';
import type { SimulationOptions } from '../../simulation/options.ts';
import { FORMATS } from '../check-request.ts';
import type { CheckRequest } from '../check-request.ts';
import { defineCommand } from '../command.ts';
import { toRequest } from './check.ts';
import type { CheckFlags } from './check.ts';
import { collect, positiveInteger, reportFile, seedNumber, shardOf } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead simulate specs/vmm-drv --set rings=4
  fairlead simulate lease.ts --model asShipped --runs 100000 --depth 500 --seed 7
  fairlead simulate lease.ts --scheduler uniform

What is found wrong is wrong; finding nothing proves nothing, and every verdict is bounded. The same seed makes the same
runs. Exit codes: 0 nothing is wrong that the model does not expect, 1 something is, 2 rejected, 3 interrupted.
`;

/** `fairlead simulate`. */
export const simulateCommand = defineCommand({
  name: 'simulate',
  summary: 'make random runs of models that are too large',
  description:
    'Makes random runs of every model of the given specs and judges each property by the states they come to.',
  examples: EXAMPLES,
  isConfigurable: true,
  declare: (command) =>
    command
      .argument('[paths...]', 'files, and folders to be searched for specs (default: specs/)')
      .option('-m, --model <name>', 'only the models of this name (repeatable)', collect)
      .option('-s, --set <name=value>', 'give a parameter this value in every model (repeatable)', collect)
      .option('-p, --property <name>', 'judge only the properties of this name (repeatable)', collect)
      .option('--runs <n>', 'runs to make', positiveInteger, DEFAULT_SIMULATION.runs)
      .option('--depth <n>', 'steps of a run at most', positiveInteger, DEFAULT_SIMULATION.depth)
      .option('--seed <n>', 'which runs; the same seed makes the same ones', seedNumber, DEFAULT_SIMULATION.seed)
      .addOption(
        new Option('--scheduler <scheduler>', 'who takes the next step; pct: by priorities that change at random')
          .choices(['pct', 'uniform'])
          .default(DEFAULT_SIMULATION.scheduler),
      )
      .option('--max-states <n>', 'begin no run when n states have been visited', positiveInteger)
      .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
      .option(
        '--report <format=file>',
        'write a report in this format to a file: junit=out.xml (repeatable)',
        reportFile,
      )
      .option('--shard <part>', 'make runs of only a part of the models, such as 2/5: the second of five', shardOf)
      .option(
        '--traces [full]',
        'show expected counterexamples and witnesses step by step too; full: leaving nothing out',
      )
      .option('--trace <file>', 'write each counterexample and witness in the Informal Trace Format')
      .option('-q, --quiet', 'print only what is not as expected, and no progress'),
  read: (paths: string[], { runs, depth, seed, scheduler, ...flags }: SimulateFlags): CheckRequest => ({
    ...toRequest(paths, { ...flags, engine: 'auto' }),
    simulation: { runs, depth, seed, scheduler },
  }),
  run: async (request, host) => (await import('../check.ts')).runCheck(request, host),
});

type SimulateFlags = Omit<CheckFlags, 'engine'> & SimulationOptions;
