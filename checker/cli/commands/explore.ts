import { Option } from 'commander';
import type { ExploreRequest } from '../explore.ts';
import { defineCommand } from '../command.ts';
import { collect, positiveInteger } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead explore specs/classic/peterson.ts                  peterson.html
  fairlead explore lease.ts --model asShipped -o lease.html

Exit codes: 0 the page is written, whatever the verdicts; 2 the spec was rejected.
`;

/** `fairlead explore`. */
export const exploreCommand = defineCommand({
  name: 'explore',
  summary: 'write a page to step through a spec',
  description:
    'Writes one HTML file that holds the models of a spec: it lists what can happen in any state, takes it, says what holds and why the rest is not possible. It works without a network.',
  examples: EXAMPLES,
  declare: (command) =>
    command
      .argument('<path>', 'the spec')
      .option('-m, --model <name>', 'only the models of this name (repeatable)', collect)
      .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
      .addOption(
        new Option('--max-states <n>', 'search so many states of each model for behaviors to show')
          .argParser(positiveInteger)
          .default(100_000),
      )
      .option('-o, --output <file>', 'where to write it (default: the name of the spec, in this folder)'),
  read: (path: string, { model, set, maxStates, output }: ExploreFlags): ExploreRequest => ({
    path,
    models: model ?? [],
    settings: set ?? [],
    maxStates,
    output,
  }),
  run: async (request, host) => (await import('../explore.ts')).runExplore(request, host),
});

interface ExploreFlags {
  readonly model?: readonly string[];
  readonly set?: readonly string[];
  readonly maxStates: number;
  readonly output?: string;
}
