import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { Config } from './applied-config.ts';
import type { AddedCommand, Asked } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { compileCommand } from './commands/compile.ts';
import { completionCommand } from './commands/completion.ts';
import { docsCommand } from './commands/docs.ts';
import { explainCommand } from './commands/explain.ts';
import { exploreCommand } from './commands/explore.ts';
import { graphCommand } from './commands/graph.ts';
import { initCommand } from './commands/init.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';

/** In the order in which the help lists them. */
const COMMANDS: readonly AddedCommand[] = [
  initCommand,
  checkCommand,
  compileCommand,
  replayCommand,
  simulateCommand,
  graphCommand,
  docsCommand,
  exploreCommand,
  explainCommand,
  completionCommand,
];

/** What the arguments ask for. */
type Request =
  | { readonly kind: 'command'; readonly asked: Asked }
  /** Help or the version: printed on standard output. */
  | { readonly kind: 'text'; readonly text: string }
  /** A shell asks how a line could go on, of which these are the words. */
  | { readonly kind: 'complete'; readonly words: readonly string[]; readonly program: Command }
  /** Used wrongly: a message for standard error. */
  | { readonly kind: 'misused'; readonly message: string };

const ABOUT = `Fairlead checks protocols written in TypeScript: every state they can reach, every property they claim.`;

/** Reads the arguments (without `node` and the script). Never prints and never exits. @param config - of the project. */
export function readCommandLine(args: readonly string[], config?: Config): Request {
  let text = '';
  let errors = '';
  const [first, second, ...words] = args;
  let request: Request | undefined;
  const program = new Command('fairlead')
    .description(ABOUT)
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({ writeOut: (part) => (text += part), writeErr: (part) => (errors += part) })
    .exitOverride()
    .addHelpText('after', '\nStart with: fairlead check --help');

  for (const add of COMMANDS) add(program, (asked) => (request = { kind: 'command', asked }), config);

  if (first === 'complete' && second === '--') return { kind: 'complete', words, program };
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    // Without a command commander prints the help where errors go.
    return { kind: 'misused', message: errors.trimEnd() };
  }
  return request ?? { kind: 'misused', message: errors.trimEnd() };
}
