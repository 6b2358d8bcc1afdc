import type { SerialDomain } from '../domain.ts';
import type { Statement } from '../effect.ts';
import { innerLists } from '../fold.ts';
import { collectionOf, isFresh } from '../part.ts';

/** How many values of a domain statements make, at most. */
export function mostMade(statements: readonly Statement[], name: string): number {
  return statements.reduce((sum, statement) => sum + madeBy(statement, name), 0);
}

function madeBy(statement: Statement, name: string): number {
  if (isFresh(statement)) return statement.domain.name === name ? 1 : 0;
  const most = Math.max(0, ...innerLists(statement).map((inner) => mostMade(inner, name)));
  if (most === 0) return 0;
  switch (statement.kind) {
    case 'for':
      return most * (collectionOf(statement.over.type)?.max ?? 0);
    case 'loop':
      return most * statement.bound;
    default:
      return most;
  }
}

/** The statements with something else in the place of each that makes a value. */
export function withFresh(
  statements: readonly Statement[],
  make: (statement: Extract<Statement, { kind: 'choose' }>, serial: SerialDomain) => readonly Statement[],
): readonly Statement[] {
  const all = (inner: readonly Statement[]): readonly Statement[] => withFresh(inner, make);
  return statements.flatMap((statement): readonly Statement[] => {
    if (isFresh(statement)) return make(statement, statement.domain);
    switch (statement.kind) {
      case 'if':
        return [{ ...statement, whenTrue: all(statement.whenTrue), whenFalse: all(statement.whenFalse) }];
      case 'for':
      case 'loop':
      case 'block':
        return [{ ...statement, body: all(statement.body) }];
      case 'either':
        return [{ ...statement, branches: statement.branches.map(all) }];
      default:
        return [statement];
    }
  });
}
