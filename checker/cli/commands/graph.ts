import { Option } from 'commander';
import type { GraphRequest } from '../graph.ts';
import { defineCommand } from '../command.ts';
import { collect, positiveInteger } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead graph lease.ts --model asShipped -o states.svg
  fairlead graph lease.ts --model asShipped --project writer,worker -o who-is-where.svg
  fairlead graph lease.ts --model asShipped --process worker --format mermaid

Exit codes: 0 drawn, 2 the spec was rejected or the command was used wrongly, 3 there is more than the limit allows.
`;

/** `fairlead graph`. */
export const graphCommand = defineCommand({
  name: 'graph',
  summary: 'draw states, or a process',
  description: 'Draws the states of a model and the steps between them, or the control flow of one of its processes.',
  examples: EXAMPLES,
  declare: (command) =>
    command
      .argument('<path>', 'the spec')
      .option('-m, --model <name>', 'which model (needed when there are several)')
      .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
      .option('--process <name>', 'draw the control flow of this process instead of the states')
      .option(
        '--project <variables>',
        'merge states that agree on these variables: a,b; a process stands for where it is',
      )
      .option('--limit <n>', 'draw no more nodes than this', positiveInteger, MOST_DRAWN)
      .addOption(
        new Option('--format <format>', 'default: what the name of the output says, else svg').choices([
          'svg',
          'dot',
          'mermaid',
        ]),
      )
      .option('-o, --output <file>', 'write to this file'),
  read: (path: string, { set, project, ...options }: GraphFlags): GraphRequest => {
    const variables = project?.split(',').map((name) => name.trim()) ?? [];
    return { path, settings: set ?? [], project: variables, ...options };
  },
  run: async (request, host) => (await import('../graph.ts')).runGraph(request, host),
});

/** Dagre needs about a second for so many nodes, and an eye much longer. */
const MOST_DRAWN = 300;

type GraphFlags = Omit<GraphRequest, 'path' | 'settings' | 'project'> & {
  readonly set?: readonly string[];
  readonly project?: string;
};
