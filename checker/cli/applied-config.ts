import type { Command } from 'commander';

/** What a project says about the options of commands, once it is known to be right. */
export interface Config {
  /** The file that says it, from the current folder. */
  readonly file: string;
  /** What to check where no path is given, from the current folder. */
  readonly paths: readonly string[];
  /** By the name of the option in camel case. What the command line says counts more. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Gives a command those of the options that it has and that its arguments do not say. */
export function applyConfig({ options }: Config, command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const value = options[name];
    const source = command.getOptionValueSource(name);
    if (value === undefined || source === 'cli') continue;
    command.setOptionValueWithSource(name, value === false ? undefined : value, FROM_CONFIG);
  }
}

const FROM_CONFIG = 'config';

/** The options in force as JSON: their values, and where each comes from. */
export function wordConfig(config: Config | undefined, command: Command): string {
  const names = command.options.map((option) => option.attributeName()).filter((name) => name !== 'printConfig');
  const known = names.filter((name) => command.getOptionValue(name) !== undefined);
  const from = (name: string): string => {
    const source = command.getOptionValueSource(name);
    return source === 'cli' ? 'command line' : source === FROM_CONFIG ? (config?.file ?? '') : 'default';
  };
  const content = {
    config: config?.file ?? null,
    paths: command.args.length > 0 ? command.args : (config?.paths ?? []),
    options: Object.fromEntries(known.map((name) => [name, command.getOptionValue(name) as unknown])),
    from: Object.fromEntries(known.map((name) => [name, from(name)])),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
