import type { Domain, Expression, Place, Statement, Value } from '../../ir/index.ts';
import { cardinality, valuesOf } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import { partType } from '../tlaplus/environment.ts';
import { canFail } from '../tlaplus/failure.ts';
import { childrenOf } from '../tlaplus/statement.ts';
import { simplified, simplifiedCondition } from './expression.ts';
import type { Facts, Local, Locals } from './facts.ts';
import { isNothing, joined, NOTHING, onlyValue, possibleOf, possibleValue, within } from './possible.ts';

/** Statements with what is known put in. */
interface SimplifiedStatements {
  readonly statements: readonly Statement[];
  /** What locals can hold after them; undefined when their end is never reached. */
  readonly locals: Locals | undefined;
}

type Exits = ReadonlyMap<string, Locals[]>;

/** What a step does, without what it never does. */
export function simplifiedStatements(
  facts: Facts,
  locals: Locals,
  body: readonly Statement[],
  exits: Exits,
): SimplifiedStatements {
  const statements: Statement[] = [];
  let inside: Locals | undefined = locals;
  for (const statement of body) {
    const one: SimplifiedStatements = simplifiedOne(facts, inside, statement, exits);
    statements.push(...one.statements);
    inside = one.locals;
    if (inside === undefined) break;
  }
  return { statements, locals: inside };
}

function simplifiedOne(facts: Facts, locals: Locals, statement: Statement, exits: Exits): SimplifiedStatements {
  const value = (one: Expression): Expression => simplified(facts, locals, one).expression;
  const go = (body: readonly Statement[], inside: Locals = locals): SimplifiedStatements =>
    simplifiedStatements(facts, inside, body, exits);
  switch (statement.kind) {
    case 'assign':
      return assignment(facts, locals, statement);
    case 'let': {
      const made = simplified(facts, locals, statement.value);
      const { possible, expression } = made;
      const isNamed = !statement.mutable && expression.kind === 'literal';
      const local: Local = { possible, domain: statement.domain, ...(isNamed ? { literal: expression } : {}) };
      return {
        statements: isNamed ? [] : [{ ...statement, value: expression }],
        locals: new Map([...locals, [statement.name, local]]),
      };
    }
    case 'if': {
      const { expression: condition, known } = simplifiedCondition(facts, locals, statement.condition);
      if (known !== undefined) return go(known ? statement.whenTrue : statement.whenFalse);
      const [yes, no] = [go(statement.whenTrue), go(statement.whenFalse)];
      const after = either([yes.locals, no.locals]);
      const { span } = statement;
      const negated: Expression = { kind: 'not', operand: condition, type: condition.type, span: condition.span };
      if (isImpossible(yes)) {
        return { statements: [{ kind: 'when', condition: negated, span }, ...no.statements], locals: no.locals };
      }
      if (isImpossible(no))
        return { statements: [{ kind: 'when', condition, span }, ...yes.statements], locals: yes.locals };
      if (yes.statements.length + no.statements.length === 0 && !canFail(condition))
        return { statements: [], locals: after };
      return {
        statements: [{ ...statement, condition, whenTrue: yes.statements, whenFalse: no.statements }],
        locals: after,
      };
    }
    case 'for':
      return rounds(facts, locals, statement, exits);
    case 'loop': {
      const unsure = withoutKnowledge(locals, statement.body);
      const inside = simplifiedStatements(facts, unsure, statement.body, exits);
      return { statements: [{ ...statement, body: inside.statements }], locals: undefined };
    }
    case 'block': {
      const left: Locals[] = [];
      const inside = simplifiedStatements(facts, locals, statement.body, new Map([...exits, [statement.label, left]]));
      const after = either([inside.locals, ...left]);
      if (left.length === 0) return { statements: inside.statements, locals: inside.locals };
      const last = inside.statements.at(-1);
      const isPlain = left.length === 1 && last?.kind === 'exit' && last.label === statement.label;
      return {
        statements: isPlain ? inside.statements.slice(0, -1) : [{ ...statement, body: inside.statements }],
        locals: after,
      };
    }
    case 'exit':
      exits.get(statement.label)?.push(locals);
      return { statements: [statement], locals: undefined };
    case 'when': {
      const { expression: condition, known } = simplifiedCondition(facts, locals, statement.condition);
      if (known === true) return { statements: [], locals };
      return { statements: [{ ...statement, condition }], locals: known === false ? undefined : locals };
    }
    case 'verify': {
      const { expression: condition, known } = simplifiedCondition(facts, locals, statement.condition);
      if (known === true) return { statements: [], locals };
      return { statements: [{ ...statement, condition }], locals: known === false ? undefined : locals };
    }
    case 'choose': {
      const from = simplified(facts, locals, statement.from);
      const element = from.possible.entries ?? NOTHING;
      const { span } = statement;
      const isOne = from.expression.kind === 'domain' && cardinality(from.expression.domain) === 1;
      if (isNothing(element) && !canFail(from.expression)) return { statements: [never(statement)], locals: undefined };
      const only = isOne ? onlyValue(element, statement.domain) : undefined;
      const local: Local = {
        possible: element,
        domain: statement.domain,
        ...(only === undefined ? {} : { literal: constant(only.value, statement.domain, span) }),
      };
      return {
        statements: only === undefined ? [{ ...statement, from: from.expression, span }] : [],
        locals: new Map([...locals, [statement.name, local]]),
      };
    }
    case 'either': {
      const ways = statement.branches.map((branch) => go(branch)).filter((way) => !isImpossible(way));
      const [only] = ways;
      if (only === undefined) return { statements: [never(statement)], locals: undefined };
      if (ways.length === 1) return only;
      return {
        statements: [{ ...statement, branches: ways.map((way) => way.statements) }],
        locals: either(ways.map((way) => way.locals)),
      };
    }
  }

  function assignment(
    known: Facts,
    around: Locals,
    { target, ...rest }: Statement & { kind: 'assign' },
  ): SimplifiedStatements {
    const made = simplified(known, around, rest.value);
    const path = target.path.map((segment) =>
      segment.kind === 'index' ? { ...segment, index: value(segment.index) } : segment,
    );
    const assigned: Statement = { ...rest, target: { ...target, path }, value: made.expression };
    const possible = within(made.possible, target.domain);
    if (target.root.kind === 'variable') {
      known.onAssign(target.root.name, pathOf(target, known.domains.get(target.root.name)), possible);
      return { statements: [assigned], locals: around };
    }
    const before = around.get(target.root.name);
    const domain = before?.domain ?? target.domain;
    const after: Local = {
      possible: target.path.length === 0 ? made.possible : possibleOf(domain),
      domain,
    };
    return { statements: [assigned], locals: new Map([...around, [target.root.name, after]]) };
  }
}

function rounds(
  facts: Facts,
  locals: Locals,
  statement: Statement & { kind: 'for' },
  exits: Exits,
): SimplifiedStatements {
  const over = simplified(facts, locals, statement.over);
  const element = over.possible.entries ?? NOTHING;
  if (isNothing(element) && !canFail(over.expression)) return { statements: [], locals };
  const { domain } = over.expression.kind === 'domain' ? over.expression : { domain: undefined };
  // What only assigns is a function over its domain when it is written, however small that is.
  const isWritten = statement.body.some(({ kind }) => kind !== 'assign');
  const isOne = facts.shared === undefined && domain !== undefined && cardinality(domain) === 1;
  if (isOne && isWritten && statement.indexBinder === undefined) {
    const [only] = [...valuesOf(domain)];
    const local: Local = {
      possible: possibleValue(only, domain),
      domain,
      literal: constant(only, domain, statement.span),
    };
    return simplifiedStatements(facts, new Map([...locals, [statement.binder, local]]), statement.body, exits);
  }
  const unsure = new Map(withoutKnowledge(locals, statement.body));
  unsure.set(statement.binder, { possible: element, domain: { kind: 'never' } });
  if (statement.indexBinder !== undefined) {
    unsure.set(statement.indexBinder, { possible: { ...NOTHING, scalars: 'any' }, domain: { kind: 'never' } });
  }
  const inside = simplifiedStatements(facts, unsure, statement.body, exits);
  const after = withoutKnowledge(locals, statement.body);
  if (inside.statements.length === 0 && !canFail(over.expression)) return { statements: [], locals: after };
  return { statements: [{ ...statement, over: over.expression, body: inside.statements }], locals: after };
}

/** Whether nothing is left of a way but that it cannot be gone. */
export function isImpossible({ statements, locals }: SimplifiedStatements): boolean {
  const last = statements.at(-1);
  return (
    locals === undefined &&
    last?.kind === 'when' &&
    last.condition.kind === 'literal' &&
    last.condition.value === false &&
    statements.every((one) => (one.kind === 'when' && !canFail(one.condition)) || mayRunSpeculatively(one))
  );
}

/** What cannot fail and leaves nothing behind when the step is not possible after all. */
function mayRunSpeculatively(statement: Statement): boolean {
  switch (statement.kind) {
    case 'let':
      return !canFail(statement.value);
    case 'choose':
      return !canFail(statement.from);
    default:
      return false;
  }
}

function constant(value: Value, type: Domain, span: Expression['span']): Expression {
  return { kind: 'literal', value, type, span };
}

function never({ span }: Statement): Statement {
  const condition = constant(false, { kind: 'boolean' }, span);
  return { kind: 'when', condition, span };
}

/** The locals that are known after one of several ways. */
function either(ways: readonly (Locals | undefined)[]): Locals | undefined {
  return ways.reduce((left, right) => {
    if (left === undefined || right === undefined) return left ?? right;
    const both = new Map<string, Local>();
    for (const [name, local] of left) {
      const other = right.get(name);
      if (other !== undefined) both.set(name, { ...local, possible: joined(local.possible, other.possible) });
    }
    return both;
  });
}

/** The locals, when those that statements assign to may hold anything. */
function withoutKnowledge(locals: Locals, body: readonly Statement[]): Locals {
  const changed = new Map(locals);
  const visit = (statement: Statement): void => {
    if (statement.kind === 'assign' && statement.target.root.kind === 'local') {
      const local = changed.get(statement.target.root.name);
      if (local !== undefined)
        changed.set(statement.target.root.name, { ...local, possible: possibleOf(local.domain) });
    }
    childrenOf(statement).forEach(visit);
  };
  body.forEach(visit);
  return changed;
}

/** The fields on the way to a place; undefined for an entry. */
export function pathOf({ path }: Place, domain: Domain | undefined): readonly (string | undefined)[] {
  let at: readonly Domain[] = domain === undefined ? [] : membersOf(domain);
  return path.map((segment) => {
    const name = segment.kind === 'field' && !at.some(({ kind }) => kind === 'record') ? segment.name : undefined;
    at = at.flatMap((one) => membersOf(partType(one, segment.kind === 'field' ? segment.name : undefined)));
    return name;
  });
}
