/** What a shell runs to complete a command line of ours: it asks the command itself, by `fairlead complete -- <words>`. */
export const COMPLETION_SCRIPTS = {
  bash: `# For ~/.bashrc: source <(fairlead completion bash)
_fairlead() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
  return 0
}
complete -o default -F _fairlead fairlead
`,
  zsh: `#compdef fairlead
# For ~/.zshrc, after compinit: source <(fairlead completion zsh)
_fairlead() {
  local -a found
  found=("\${(@f)$(\${words[1]} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _fairlead fairlead
`,
  fish: `# For ~/.config/fish/completions/fairlead.fish
function __fairlead_complete
  set -l words (commandline -opc) (commandline -ct)
  fairlead complete -- $words[2..-1] 2>/dev/null
end
complete -c fairlead -a '(__fairlead_complete)'
`,
} as const;
