import type { InitRequest } from '../init.ts';
import { defineCommand } from '../command.ts';

const EXAMPLES = `
Examples:
  fairlead init        specs/lock.ts, a tsconfig.json beside it, and scripts in package.json
  fairlead init --ci   … and a workflow that checks the specs on GitHub

What is there already is left as it is; the command says what that is.
`;

/** `fairlead init`. */
export const initCommand = defineCommand({
  name: 'init',
  summary: 'begin with a first spec',
  description: 'Gives the project in the current folder a first spec, and scripts to check specs with.',
  examples: EXAMPLES,
  declare: (command) => command.option('--ci', 'also write a workflow for GitHub'),
  read: ({ ci }: { readonly ci?: true }): InitRequest => ({ ci: ci ?? false }),
  run: async (request, host) => (await import('../init.ts')).runInit(request, host),
});
