import type { BranchWarning, Warning } from './verdict.ts';

/** What a warning says: one line, lower case but for what is of the spec. */
export function wordWarning(warning: Warning): string {
  switch (warning.kind) {
    case 'actionNeverEnabled':
      return `\`${warning.action}\` is never enabled`;
    case 'branchNeverTaken':
      return `in \`${warning.action}\`, ${wordBranch(warning.arm)}`;
    default:
      return warning.message;
  }
}

function wordBranch(arm: BranchWarning['arm']): string {
  switch (arm) {
    case 'whenTrue':
      return 'no step has this condition true, so what depends on it is never done';
    case 'whenFalse':
      return 'every step has this condition true, so what is done otherwise never is';
    default:
      return `no step goes by alternative ${arm + 1} of this \`either\``;
  }
}
