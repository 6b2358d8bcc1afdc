import { join } from 'node:path';
import type { Command, Option } from 'commander';
import type { CompiledSpec } from '../../dsl/compiler/compile.ts';
import { COMPLETION_SCRIPTS } from './completion-scripts.ts';
import { Digests } from './digest.ts';
import { knownCodes } from './explain.ts';
import type { Host } from './host.ts';
import { loadFiles } from './load.ts';
import { NO_CACHE, specCache } from './spec-cache.ts';
import { findSpecFiles } from './spec-files.ts';

/**
 * What may stand at the end of a command line: commands, options, values of options, and names of a spec's models,
 * properties, parameters and fairness sets. Empty where the shell should offer files, or nothing is known.
 *
 * @param words - all after the name of the command; the last one is being written.
 * @param program - all commands.
 */
export async function completionsOf(
  words: readonly string[],
  program: Command,
  host: Host,
): Promise<readonly string[]> {
  const begun = words.at(-1) ?? '';
  const offered = await offersFor(words, program, host);
  return [...new Set(offered)].filter((one) => one.startsWith(begun) && one !== begun);
}

async function offersFor(words: readonly string[], program: Command, host: Host): Promise<readonly string[]> {
  const [name, ...rest] = words;
  const names = program.commands.map((command) => command.name());
  if (rest.length === 0) return name?.startsWith('-') === true ? ['--help', '--version'] : [...names, 'help'];
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return name === 'help' ? names : [];
  const [begun = '', before = ''] = [rest.at(-1), rest.at(-2)];
  const option = optionOf(command, before);
  if (option !== undefined && (option.required || option.optional)) {
    const values = option.argChoices ?? (await namesFor(option, command, rest.slice(0, -1), host));
    if (values.length > 0 || option.required) return values;
  }
  if (begun.startsWith('-')) return command.options.flatMap(({ long }) => long ?? []).concat('--help');
  if (name === 'explain') return knownCodes();
  return name === 'completion' ? Object.keys(COMPLETION_SCRIPTS) : [];
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word !== '' && (word === long || word === short));
}

/** Names of the specs that the line is about. */
async function namesFor(
  option: Option,
  command: Command,
  words: readonly string[],
  host: Host,
): Promise<readonly string[]> {
  const of = NAMES[option.attributeName()];
  if (of === undefined) return option.attributeName() === 'traces' ? ['full'] : [];
  try {
    const paths = words.filter((word, at) => !word.startsWith('-') && !takesValue(command, words[at - 1] ?? ''));
    const files = findSpecFiles(paths);
    const { cache } = host;
    const known =
      cache === undefined ? NO_CACHE : specCache(join(cache.folder, 'specs'), cache.build, 'names', new Digests());
    const loaded = await loadFiles(files, host, { cache: known });
    known.save();
    return loaded.flatMap(({ specs }) => specs.flatMap(of));
  } catch {
    return []; // nothing is known; what is wrong is said when the command is run
  }
}

function takesValue(command: Command, word: string): boolean {
  return optionOf(command, word)?.required === true;
}

const NAMES: Readonly<Record<string, (spec: CompiledSpec) => readonly string[]>> = {
  model: ({ models }) => models.map(({ name }) => name),
  property: ({ properties }) => ['deadlock', 'evaluation', ...properties],
  set: ({ parameters }) => parameters.map(({ name }) => `${name}=`),
  fairness: ({ fairness }) => ['none', ...fairness],
};
