import type { Command } from 'commander';
import { applyConfig, wordConfig } from './applied-config.ts';
import type { Config } from './applied-config.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import type { Host } from './host.ts';

/** A command as `fairlead` offers it. */
interface CommandDefinition<Request, Arguments extends readonly unknown[]> {
  readonly name: string;
  /** In the list of all commands. */
  readonly summary: string;
  /** In the help of its own. */
  readonly description: string;
  /** Stands at the end of that help. */
  readonly examples: string;
  /** Whether a configuration says what its options are where the arguments do not; see `config.ts`. */
  readonly isConfigurable?: true;
  /** Adds its arguments and options. */
  readonly declare: (command: Command) => Command;
  /** What the arguments ask for: as commander calls an action, with the command to say what is wrong with them. */
  readonly read: (...args: Arguments) => Request;
  /** Does it. What it needs is loaded only then. */
  readonly run: (request: Request, host: Host) => Promise<ExitCode>;
}

/** A command whose arguments were read. */
export interface Asked {
  readonly name: string;
  readonly isConfigurable: boolean;
  readonly request: unknown;
  readonly run: (host: Host) => Promise<ExitCode>;
}

/** Adds a command to a program. */
export type AddedCommand = (program: Command, onAsked: (asked: Asked) => void, config?: Config) => void;

/** A command without the type of its request, which nobody else needs. */
export function defineCommand<Request, Arguments extends readonly unknown[]>(
  definition: CommandDefinition<Request, Arguments>,
): AddedCommand {
  const { name, summary, description, examples, isConfigurable = false, declare, read, run } = definition;
  return (program, onAsked, config) => {
    const command = declare(program.command(name).summary(summary).description(description))
      .addHelpText('after', examples)
      .exitOverride()
      .action((...args: unknown[]) => {
        const [paths, ...others] = args;
        const isEmpty = Array.isArray(paths) && paths.length === 0;
        const given = isConfigurable && config !== undefined && isEmpty ? [config.paths, ...others] : args;
        if (isConfigurable && config !== undefined) applyConfig(config, command);
        if (isConfigurable && command.opts()['printConfig'] === true) {
          const printed = wordConfig(config, command);
          const print = (host: Host): Promise<ExitCode> => Promise.resolve((host.out(printed), EXIT.asExpected));
          onAsked({ name, isConfigurable, request: undefined, run: print });
          return;
        }
        const request = read(...(given as unknown as Arguments));
        onAsked({ name, isConfigurable, request, run: (host) => run(request, host) });
      })
      // Read before anything else is loaded, in launch.ts; here it only has to be known.
      .option('--no-cache', 'neither use nor keep what earlier runs found out');
    if (isConfigurable)
      command.option('--print-config', 'print the options in force and where they come from, and end');
  };
}
