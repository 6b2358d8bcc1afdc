import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
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
  readonly request: unknown;
  readonly run: (host: Host) => Promise<ExitCode>;
}

/** Adds a command to a program. */
export type AddedCommand = (program: Command, onAsked: (asked: Asked) => void) => void;

/** A command without the type of its request, which nobody else needs. */
export function defineCommand<Request, Arguments extends readonly unknown[]>(
  definition: CommandDefinition<Request, Arguments>,
): AddedCommand {
  const { name, summary, description, examples, declare, read, run } = definition;
  return (program, onAsked) => {
    declare(program.command(name).summary(summary).description(description))
      .addHelpText('after', examples)
      .exitOverride()
      .action((...args: unknown[]) => {
        const request = read(...(args as unknown as Arguments));
        onAsked({ name, request, run: (host) => run(request, host) });
      })
      // Read before anything else is loaded, in launch.ts; here it only has to be known.
      .option('--no-cache', 'neither use nor keep what earlier runs found out');
  };
}
