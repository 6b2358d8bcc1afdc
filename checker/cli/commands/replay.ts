import type { ReplayRequest } from '../replay.ts';
import { defineCommand } from '../command.ts';
import { collect } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead check lease.ts --model asShipped --property writeLock --trace hang.itf.json
  fairlead replay hang.itf.json lease.ts
  fairlead replay report.json lease.ts --model asShipped --property writeLock

Exit codes: 0 the spec behaves so, 1 it does not, 2 the trace or the spec cannot be read.
`;

/** `fairlead replay`. */
export const replayCommand = defineCommand({
  name: 'replay',
  summary: 'run a trace again',
  description: 'Runs traces that `check` wrote against a spec as it is now, step by step, and shows them.',
  examples: EXAMPLES,
  declare: (command) =>
    command
      .argument('<trace>', 'a file in the Informal Trace Format, or a report of --format json')
      .argument('<path>', 'the spec')
      .option('-m, --model <name>', 'which model (default: the one that the trace names)')
      .option('-p, --property <name>', 'of a report: only the traces that tell of this property')
      .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect),
  read: (trace: string, path: string, { model, property, set }: ReplayFlags): ReplayRequest => ({
    trace,
    path,
    model,
    property,
    settings: set ?? [],
  }),
  run: async (request, host) => (await import('../replay.ts')).runReplay(request, host),
});

interface ReplayFlags {
  readonly model?: string;
  readonly property?: string;
  readonly set?: readonly string[];
}
