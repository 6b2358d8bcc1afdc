import { fold, rewriteExpression } from '../../dsl/ir/fold.ts';
import { cardinality, valuesOf } from '../../dsl/ir/index.ts';
import type { Domain, Expression, Statement, Value } from '../../dsl/ir/index.ts';

/** What an expression with statements comes to in a state. */
interface Settled {
  /** What it is there, without the locals of the statements. */
  readonly value: Expression;
  /** The conditions by which the statements came to it, in their order. */
  readonly conditions: readonly SettledCondition[];
}

interface SettledCondition {
  readonly expression: Expression;
  readonly truth: boolean;
  /** In which rounds of loops it was asked, by what they go through. */
  readonly rounds: readonly { readonly binder: string; readonly domain: Domain; readonly value: Value }[];
}

/** Definitions that take more nodes than this are not written out. */
const MOST_NODES = 2000;

/** A loop of more rounds than this is not followed. */
const MOST_ROUNDS = 32;

/**
 * Follows the statements of an expression that is closed but for what they declare, as far as they are declarations,
 * assignments, conditions and loops over a domain; undefined with other loops, whose rounds depend on the state, and where
 * parts of locals are assigned to.
 *
 * @param isTrue - whether a condition without locals is true.
 */
export function settled(
  { body, result }: Expression & { readonly kind: 'evaluate' },
  isTrue: (condition: Expression) => boolean,
): Settled | undefined {
  const definitions = new Map<string, Expression>();
  const conditions: SettledCondition[] = [];
  let rounds: SettledCondition['rounds'] = [];
  let nodes = 0;
  const closed = (expression: Expression): Expression => {
    const made = rewriteExpression(expression, (part) =>
      part.kind === 'local' ? (definitions.get(part.name) ?? part) : part,
    );
    nodes += fold<number>(made, (_, parts) => 1 + parts.reduce((sum, one) => sum + one, 0));
    return made;
  };
  /** The label of the block that was left, or undefined at the end of the statements; `unknown` where it cannot be said. */
  const follow = (statements: readonly Statement[]): string | typeof UNKNOWN | undefined => {
    for (const statement of statements) {
      const left = followOne(statement);
      if (left !== undefined) return left;
    }
    return undefined;
  };
  const followOne = (statement: Statement): string | typeof UNKNOWN | undefined => {
    if (MOST_NODES < nodes) return UNKNOWN;
    switch (statement.kind) {
      case 'let':
        definitions.set(statement.name, closed(statement.value));
        return undefined;
      case 'assign':
        if (statement.target.root.kind !== 'local' || 0 < statement.target.path.length) return UNKNOWN;
        definitions.set(statement.target.root.name, closed(statement.value));
        return undefined;
      case 'if': {
        const expression = closed(statement.condition);
        const truth = isTrue(expression);
        conditions.push({ expression, truth, rounds });
        return follow(truth ? statement.whenTrue : statement.whenFalse);
      }
      case 'for': {
        const { over, binder, indexBinder, span } = statement;
        if (over.kind !== 'domain' || MOST_ROUNDS < cardinality(over.domain)) return UNKNOWN;
        const around = rounds;
        for (const [index, value] of [...valuesOf(over.domain)].entries()) {
          definitions.set(binder, { kind: 'literal', value, type: over.domain, span });
          if (indexBinder !== undefined) {
            const type = { kind: 'int', min: index, max: index } as const;
            definitions.set(indexBinder, { kind: 'literal', value: index, type, span });
          }
          rounds = [...around, { binder, domain: over.domain, value }];
          const left = follow(statement.body);
          rounds = around;
          if (left !== undefined) return left;
        }
        return undefined;
      }
      case 'block': {
        const left = follow(statement.body);
        return left === statement.label ? undefined : left;
      }
      case 'exit':
        return statement.label;
      default:
        return UNKNOWN;
    }
  };
  if (follow(body) !== undefined) return undefined;
  const value = closed(result);
  return MOST_NODES < nodes ? undefined : { value, conditions };
}

const UNKNOWN = Symbol('unknown');
