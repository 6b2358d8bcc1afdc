import { Option } from 'commander';
import type { CompileRequest } from '../compile.ts';
import { defineCommand } from '../command.ts';
import { collect } from './option-values.ts';

const EXAMPLES = `
Examples:
  fairlead compile lease.ts --model asShipped --emit text      what the compiler understood
  fairlead compile lease.ts --model asShipped -o lease.ir.json
  fairlead check lease.ir.json                                 … checked without its source
`;

/** `fairlead compile`. */
export const compileCommand = defineCommand({
  name: 'compile',
  summary: 'write a model in another form',
  description: 'Compiles one model of a spec and writes it in another form, on standard output or to a file.',
  examples: EXAMPLES,
  declare: (command) =>
    command
      .argument('<path>', 'the spec')
      .addOption(
        new Option(
          '--emit <form>',
          'ir: the transition system as JSON; text: for people to read; promela: for SPIN; tla: for TLC; wat: the code that a check runs; dot: the states, drawn',
        )
          .choices(['ir', 'text', 'promela', 'tla', 'wat', 'dot'])
          .default('ir'),
      )
      .option('-m, --model <name>', 'which model (needed when there are several)')
      .option('-s, --set <name=value>', 'give a parameter this value (repeatable)', collect)
      .option('-o, --output <path>', 'write to this file; for tla: a module and a .cfg of each model into this folder'),
  read: (path: string, options: CompileFlags): CompileRequest => {
    const { emit, model, output, set } = options;
    return { path, emit, model, output, settings: set ?? [] };
  },
  run: async (request, host) => (await import('../compile.ts')).runCompile(request, host),
});

type CompileFlags = Omit<CompileRequest, 'path' | 'settings'> & { readonly set?: readonly string[] };
