import { Argument } from 'commander';
import { COMPLETION_SCRIPTS } from '../completion-scripts.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';

const EXAMPLES = `
Examples:
  source <(fairlead completion bash)                                    in ~/.bashrc
  source <(fairlead completion zsh)                                     in ~/.zshrc, after compinit
  fairlead completion fish > ~/.config/fish/completions/fairlead.fish
`;

/** `fairlead completion`. */
export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'print what makes a shell complete command lines',
  description:
    'Prints a script for a shell, which then completes commands, options, and the names of models and properties.',
  examples: EXAMPLES,
  declare: (command) => command.addArgument(new Argument('<shell>').choices(Object.keys(COMPLETION_SCRIPTS))),
  read: (shell: keyof typeof COMPLETION_SCRIPTS) => shell,
  run: (shell, { out }) => {
    out(COMPLETION_SCRIPTS[shell]);
    return Promise.resolve(EXIT.asExpected);
  },
});
