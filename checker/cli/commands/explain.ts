import type { ExplainRequest } from '../explain.ts';
import { defineCommand } from '../command.ts';

const EXAMPLES = `
Examples:
  fairlead explain FL021   what it means, with an example, and how to mend it
  fairlead explain         a list of all
`;

/** `fairlead explain`. */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'say what a diagnostic means',
  description: 'Prints the page about a diagnostic: the smallest example, why it is refused, and how to mend it.',
  examples: EXAMPLES,
  declare: (command) => command.argument('[code]', 'such as FL021 (default: a list of all)'),
  read: (code: string | undefined): ExplainRequest => ({ code }),
  run: async (request, host) => (await import('../explain.ts')).runExplain(request, host),
});
