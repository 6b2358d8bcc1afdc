// A system with integers in place of values of which only the order counts. That is what is explored and exported: all
// that comes after knows integers, and the order type of a state is what its ranks are.
import type { Span } from '../../diagnostics/span.ts';
import type { Domain, SerialDomain } from '../domain.ts';
import { MOST_SERIALS } from '../domain.ts';
import type { Place, Statement } from '../effect.ts';
import type { Expression } from '../expression.ts';
import { hasNode, rewriteExpression, type Node } from '../fold.ts';
import { BOOLEAN, serialWithin } from '../part.ts';
import type { Action, Predicate, System, Variable } from '../system.ts';
import { mostMade, withFresh } from './fresh.ts';
import { isWithin, letUsed, ranked, sizeOfUsed } from './ranks.ts';
import type { Counted, Holders } from './ranks.ts';

/** The domains of values of which only the order counts that the state of a system holds. */
export function serialsOf(system: System): readonly SerialDomain[] {
  const found = new Map<string, SerialDomain>();
  for (const { domain } of system.variables) collect(domain, found);
  return [...found.values()];
}

/**
 * The system whose states are ranks: after each step, every value is replaced by its rank among those that the state then
 * holds, from 1 on; the first stays 0. A step after which there are more than may be alive fails.
 *
 * It is the quotient of the system of integers by what keeps their order, state by state: see `docs/semantics.md`.
 */
function settledSystem(system: System): System {
  const holders = holdersOf(system);
  const settle = (body: readonly Statement[], span: Span, starts: boolean): readonly Statement[] => {
    const top = (one: Counted): Expression => (starts ? nothing(span) : sizeOfUsed(one, span, ' before'));
    const made = making(body, holders, span, top);
    const touched = starts ? holders : touchedBy(body, holders);
    const before = made === body || starts ? [] : letUsed(touched, span, ' before');
    return [...before, ...made, ...letUsed(touched, span), ...limits(touched, span), ...settling(touched, span)];
  };
  return integers(withBodies(system, settle), holders);
}

/**
 * A system without such values as it is; of any other the system of ranks, with what can be asked of its states and steps:
 * not how integers are compared across a step, and nothing of behaviors.
 */
export function systemOfStates(system: System): System {
  if (serialsOf(system).length === 0) return system;
  const known = ofStates.get(system);
  if (known !== undefined) return known;
  const steps = system.steps.filter(({ predicate }) => !speaksOfSerials(predicate));
  const made = settledSystem({ ...system, steps, properties: [] });
  ofStates.set(system, made);
  return made;
}

const ofStates = new WeakMap<System, System>();

/**
 * The system whose states are what the last step made of ranks: it is settled when the next step begins. Two steps that
 * come to other integers come to other states in it, and one that changes integers alone changes the state: so it has the
 * steps of the system of integers, as pairs of states, where {@link settledSystem} has several of them in one.
 */
export function unsettledSystem(system: System): System {
  const holders = holdersOf(system);
  const { variables } = holders;
  const parity: Variable = { name: PARITY, doc: '', span: system.span, domain: BOOLEAN };
  const body = (action: readonly Statement[], span: Span, starts: boolean): readonly Statement[] => {
    const top = (one: Counted): Expression => (starts ? nothing(span) : sizeOfUsed(one, span, ' before'));
    const made = making(action, holders, span, top);
    const after = [...letUsed(holders, span), ...limits(holders, span)];
    if (starts) return [...made, ...after];
    const changed = [...new Set([...variables, ...changedBy(action, system.variables)])];
    return [
      ...variables.map((one) => keep(one, `${one.name}.was`, span)),
      ...letUsed(holders, span, ' before'),
      ...settling(holders, span, ' before'),
      ...changed.map((one) => keep(one, `${one.name}.before`, span)),
      ...made,
      ...after,
      ...marking({ variables, changed, parity }, span),
    ];
  };
  const made = withBodies(system, body);
  const steps = system.steps.map((one) => withSettledBefore(one, holders));
  return integers({ ...made, variables: [...system.variables, parity], steps }, holders);
}

/** A variable of {@link unsettledSystem} alone, beside those that were declared. */
const PARITY = 'parity of steps';

/**
 * The system with integers that other checkers can explore to the end, and with words that say so. Where steps are asked
 * about as pairs of states it is {@link unsettledSystem}, which has more states.
 */
export function boundedSystem(system: System): System {
  const serials = serialsOf(system);
  if (serials.length === 0) return system;
  const asksOfSteps =
    0 < system.properties.length ||
    0 < system.fairness.length ||
    system.steps.some(({ predicate }) => speaksOfSerials(predicate));
  const names = serials.map(({ name, alive }) => `${name} (at most ${alive} alive beside the first)`).join(', ');
  const when = asksOfSteps
    ? 'when a step begins; so a state may be there several times'
    : 'after each step; so the states are those that Fairlead counts';
  const note = `Only the order counts of values of ${names}: they are integers from 0 that are replaced by their ranks ${when}.`;
  const doc = system.doc === '' ? note : `${system.doc}\n\n${note}`;
  return { ...(asksOfSteps ? unsettledSystem(system) : settledSystem(system)), doc };
}

/** The system of integers as they are, up to a largest one; the last that was made is in a variable of its own. */
export function growingSystem(system: System, most: number): System {
  const holders = holdersOf(system, most);
  const lasts = holders.counted.map(({ serial, most: max }): Variable => ({
    name: lastMade(serial),
    doc: '',
    span: system.span,
    domain: { kind: 'int', min: 0, max },
  }));
  const body = (action: readonly Statement[], span: Span): readonly Statement[] => {
    const made = withFresh(action, (statement, serial) => {
      const last = lasts.find(({ name }) => name === lastMade(serial))!;
      return next({ root: { kind: 'variable', name: last.name }, path: [], domain: last.domain, span }, statement);
    });
    const isSame = made.every((one, at) => one === action[at]) && changedBy(action, holders.variables).length === 0;
    return isSame ? action : [...made, ...letUsed(holders, span), ...limits(holders, span)];
  };
  const made = withBodies(system, body);
  return integers({ ...made, variables: [...system.variables, ...lasts] }, holders);
}

/** The variable of {@link growingSystem} that holds the last value that was made. */
export function lastMade({ name }: SerialDomain): string {
  return `last ${name} made`;
}

/** Whether a node, a domain in it included, speaks of values of which only the order counts. */
export function speaksOfSerials(node: Node): boolean {
  return hasNode(node, (one) => 'type' in one && serialWithin(one.type) !== undefined);
}

function collect(domain: Domain, found: Map<string, SerialDomain>): void {
  if (domain.kind === 'serial') found.set(domain.name, domain);
  for (const part of Object.values(domain) as unknown[]) {
    if (Array.isArray(part)) part.forEach((one) => collectIn(one, found));
    else collectIn(part, found);
  }
}

function collectIn(part: unknown, found: Map<string, SerialDomain>): void {
  if (typeof part !== 'object' || part === null) return;
  if ('kind' in part) collect(part as Domain, found);
  else for (const inner of Object.values(part) as unknown[]) [inner].flat().forEach((one) => collectIn(one, found));
}

function holdersOf(system: System, most?: number): Holders {
  const bodies = [system.init, ...system.actions.map(({ body }) => body)];
  return {
    variables: system.variables.filter(({ domain }) => serialWithin(domain) !== undefined),
    counted: serialsOf(system).map((serial) => ({
      serial,
      most: most ?? serial.alive + Math.max(...bodies.map((body) => mostMade(body, serial.name))),
    })),
  };
}

function withBodies(
  system: System,
  change: (body: readonly Statement[], span: Span, starts: boolean) => readonly Statement[],
): System {
  return {
    ...system,
    init: change(system.init, system.span, true),
    actions: system.actions.map((action): Action => ({ ...action, body: change(action.body, action.span, false) })),
  };
}

/** The domains of which statements make values, or change where they are, with the variables that hold such: others stay settled. */
function touchedBy(body: readonly Statement[], { variables, counted }: Holders): Holders {
  const changed = changedBy(body, variables);
  const touched = counted.filter(
    ({ serial }) => 0 < mostMade(body, serial.name) || changed.some(({ domain }) => isWithin(serial, domain)),
  );
  return {
    counted: touched,
    variables: variables.filter(({ domain }) => touched.some(({ serial }) => isWithin(serial, domain))),
  };
}

/** Statements in which values are made by counting on from the largest that there was when the step began. */
function making(
  body: readonly Statement[],
  { counted }: Holders,
  span: Span,
  top: (one: Counted) => Expression,
): readonly Statement[] {
  const makes = counted.filter(({ serial }) => 0 < mostMade(body, serial.name));
  if (makes.length === 0) return body;
  const domainOf = ({ most }: Counted): Domain => ({ kind: 'int', min: 0, max: most });
  const tops = makes.map((one): Statement => {
    const name = `${one.serial.name}.top`;
    return { kind: 'let', name, domain: domainOf(one), mutable: true, value: top(one), span };
  });
  const made = withFresh(body, (statement, serial) => {
    const one = makes.find((each) => each.serial.name === serial.name)!;
    const root = { kind: 'local', name: `${serial.name}.top` } as const;
    return next({ root, path: [], domain: domainOf(one), span: statement.span }, statement);
  });
  return [...tops, ...made];
}

/** In the beginning there is the first value and no other. */
function nothing(span: Span): Expression {
  return { kind: 'literal', value: 0, type: { kind: 'int', min: 0, max: 0 }, span };
}

/** Counts on, and gives the result a name. */
function next(counter: Place, { name, domain, span }: Extract<Statement, { kind: 'choose' }>): readonly Statement[] {
  const { root, domain: type } = counter;
  const now: Expression =
    root.kind === 'local'
      ? { kind: 'local', name: root.name, type, span }
      : { kind: 'variable', name: root.name, next: false, type, span };
  const one: Expression = { kind: 'literal', value: 1, type: { kind: 'int', min: 1, max: 1 }, span };
  const sum: Expression = { kind: 'operation', operator: 'add', operands: [now, one], type: domain, span };
  return [
    { kind: 'assign', target: counter, value: sum, span },
    { kind: 'let', name, domain, mutable: false, value: now, span },
  ];
}

/** No more than may be alive. */
function limits({ counted }: Holders, span: Span): readonly Statement[] {
  return counted.map((one): Statement => {
    const { name, alive } = one.serial;
    const limit: Expression = { kind: 'literal', value: alive, type: { kind: 'int', min: alive, max: alive }, span };
    const operands = [sizeOfUsed(one, span), limit];
    const condition: Expression = { kind: 'operation', operator: 'lessOrEqual', operands, type: BOOLEAN, span };
    const message = `more than ${alive} ${alive === 1 ? 'value' : 'values'} of ${name} would be alive at once`;
    return { kind: 'verify', condition, message, span };
  });
}

function settling(holders: Holders, span: Span, mark = ''): readonly Statement[] {
  return holders.variables.map((variable): Statement => ({
    kind: 'assign',
    target: wholeOf(variable, span),
    value: ranked(variable, holders, span, mark),
    span,
  }));
}

function wholeOf({ name, domain }: Variable, span: Span): Place {
  return { root: { kind: 'variable', name }, path: [], domain, span };
}

function valueOf({ name, domain }: Variable, span: Span): Expression {
  return { kind: 'variable', name, next: false, type: domain, span };
}

function keep(variable: Variable, name: string, span: Span): Statement {
  return { kind: 'let', name, domain: variable.domain, mutable: false, value: valueOf(variable, span), span };
}

/**
 * After a step that has changed nothing, the state is what it was before, settled or not. One that has made of it what
 * looks the same, though it is not, is told by the parity.
 */
function marking(
  {
    variables,
    changed,
    parity,
  }: { readonly variables: readonly Variable[]; readonly changed: readonly Variable[]; readonly parity: Variable },
  span: Span,
): readonly Statement[] {
  const local = (name: string, type: Domain): Expression => ({ kind: 'local', name, type, span });
  const differ = (when: 'was' | 'before') =>
    changed
      .map((one): Expression => {
        const isSettled = variables.includes(one);
        const operands = [valueOf(one, span), local(`${one.name}.${isSettled ? when : 'before'}`, one.domain)];
        return { kind: 'operation', operator: 'notEqual', operands, type: BOOLEAN, span };
      })
      .reduce((left, right): Expression => ({ kind: 'or', left, right, type: BOOLEAN, span }));
  const isChanged = local('is changed', BOOLEAN);
  const choose = (whenTrue: Expression, whenFalse: Expression, type: Domain, condition = isChanged): Expression => ({
    kind: 'conditional',
    condition,
    whenTrue,
    whenFalse,
    type,
    span,
  });
  const looksOther = local('looks other', BOOLEAN);
  const now = valueOf(parity, span);
  const flipped = choose(now, { kind: 'not', operand: now, type: BOOLEAN, span }, BOOLEAN, looksOther);
  return [
    { kind: 'let', name: 'is changed', domain: BOOLEAN, mutable: false, value: differ('before'), span },
    { kind: 'let', name: 'looks other', domain: BOOLEAN, mutable: false, value: differ('was'), span },
    { kind: 'assign', target: wholeOf(parity, span), value: choose(flipped, now, BOOLEAN), span },
    ...variables.map((one): Statement => {
      const value = choose(valueOf(one, span), local(`${one.name}.was`, one.domain), one.domain);
      return { kind: 'assign', target: wholeOf(one, span), value, span };
    }),
  ];
}

/** A predicate of steps in which the state before a step is settled, as it is when the step begins. */
function withSettledBefore(one: Predicate, holders: Holders): Predicate {
  const { predicate } = one;
  const { span } = predicate;
  const read = holders.variables.filter(({ name }) =>
    hasNode(predicate, (node) => node.kind === 'variable' && node.name === name && !node.next),
  );
  if (read.length === 0) return one;
  const settled = read.map((variable): Statement => {
    const value = ranked(variable, holders, span, ' before');
    return { kind: 'let', name: `${variable.name}.before`, domain: variable.domain, mutable: false, value, span };
  });
  const result = rewriteExpression(predicate, (part) =>
    part.kind === 'variable' && !part.next && read.some(({ name }) => name === part.name)
      ? { kind: 'local', name: `${part.name}.before`, type: part.type, span: part.span }
      : part,
  );
  const body = [...letUsed(holders, span, ' before'), ...settled];
  return { ...one, predicate: { kind: 'evaluate', body, result, type: BOOLEAN, span } };
}

/** The variables that statements assign to. */
function changedBy(body: readonly Statement[], variables: readonly Variable[]): readonly Variable[] {
  const assigns = (name: string): boolean =>
    body.some((statement) =>
      hasNode(
        statement,
        (node) => node.kind === 'assign' && node.target.root.kind === 'variable' && node.target.root.name === name,
      ),
    );
  return variables.filter(({ name }) => assigns(name));
}

/** Everything with integers in place of the values of each domain. */
function integers(system: System, { counted }: Holders): System {
  const most = new Map(counted.map((one) => [one.serial.name, one.most]));
  const known = new WeakMap<object, unknown>();
  const go = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || (!Array.isArray(part) && !isPlain(part))) return part;
    const before = known.get(part);
    if (before !== undefined) return before;
    const made = Array.isArray(part)
      ? changedList(part, part.map(go))
      : inside(part as Readonly<Record<string, unknown>>);
    known.set(part, made);
    return made;
  };
  const inside = (part: Readonly<Record<string, unknown>>): unknown => {
    if (part['kind'] === 'serial' && typeof part['alive'] === 'number') {
      return { kind: 'int', min: 0, max: most.get(part['name'] as string) ?? MOST_SERIALS - 1 } satisfies Domain;
    }
    const entries = Object.entries(part).map(([key, inner]) => [key, OPAQUE.has(key) ? inner : go(inner)] as const);
    return entries.every(([key, inner]) => inner === part[key]) ? part : Object.fromEntries(entries);
  };
  return go(system) as System;
}

/** Spans, and the author's texts. */
const OPAQUE = new Set(['span', 'files', 'doc', 'declaration', 'schemas', 'parameters', 'constants', 'model']);

function changedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((one, at) => one === before[at]) ? before : after;
}

function isPlain(part: object): boolean {
  return Object.getPrototypeOf(part) === Object.prototype;
}
