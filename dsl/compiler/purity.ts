import type { Span } from '../diagnostics/span.ts';
import type { Statement } from '../ir/index.ts';
import { isFresh } from '../ir/part.ts';

/** An effect that is visible outside of the statements that have it. */
interface Effect {
  readonly statement: Statement;
  readonly span: Span;
  readonly what: string;
}

/** The first statement that does more than compute with its own locals; undefined when there is none. */
export function effectOf(statements: readonly Statement[]): Effect | undefined {
  return search(statements, new Set(), new Set());
}

function search(statements: readonly Statement[], locals: Set<string>, labels: Set<string>): Effect | undefined {
  for (const statement of statements) {
    const found = effectOfStatement(statement, locals, labels);
    if (found !== undefined) return found;
  }
  return undefined;
}

function effectOfStatement(statement: Statement, locals: Set<string>, labels: Set<string>): Effect | undefined {
  const { span } = statement;
  switch (statement.kind) {
    case 'assign':
      if (statement.target.root.kind === 'local' && locals.has(statement.target.root.name)) return undefined;
      return {
        statement,
        span,
        what: statement.target.root.kind === 'variable' ? 'this changes the state' : 'this assigns',
      };
    case 'let':
      locals.add(statement.name);
      return undefined;
    case 'if':
      return search(statement.whenTrue, locals, labels) ?? search(statement.whenFalse, locals, labels);
    case 'for':
    case 'loop':
      return search(statement.body, locals, labels);
    case 'block':
      labels.add(statement.label);
      return search(statement.body, locals, labels);
    case 'exit':
      return labels.has(statement.label) ? undefined : { statement, span, what: 'this leaves the expression' };
    case 'when':
      return { statement, span, what: '`when` makes a step impossible' };
    case 'verify':
      return { statement, span, what: '`verify` makes a step fail' };
    case 'choose':
      return { statement, span, what: isFresh(statement) ? '`fresh` makes a value' : '`pick` chooses' };
    case 'either':
      return { statement, span, what: '`either` chooses' };
  }
}
