import { equalDomains } from './domain.ts';
import { contains } from './enumerate.ts';
import type { Action, Argument, System, Written } from './system.ts';
import { circlesOfEnabled } from './enabled.ts';
import { IR_VERSION } from './system.ts';
import { Check, checkOnce, namesOf } from './validate/check.ts';
import { checkDomain } from './validate/domain.ts';
import { checkBoolean } from './validate/expression.ts';
import { checkFormula } from './validate/formula.ts';
import { declareArguments, INIT, PREDICATE, Scope, STEP } from './validate/scope.ts';
import { checkStatements } from './validate/statement.ts';

/**
 * What is wrong with a system as IR, one line each; empty for what every reader of the IR may rely on:
 *
 * - names resolve: variables, parameters, locals, actions, processes, fairness sets, expected properties; labels of
 *   `exit` have their `block`; arguments have the right number;
 * - each name is declared once where it could be confused: variables, actions, and the locals of one action or predicate,
 *   which are also declared before they are used;
 * - types fit: conditions and operands of logic are boolean, collections are collections, literals are in their type,
 *   only mutable locals are assigned to, and nothing assigns state where only a value is computed;
 * - domains are not empty, unions not nested, keys of records scalar; spans lie within their files.
 *
 * A spec author can cause none of this: a problem here is a bug of a pass, or a damaged file.
 */
export function validateSystem(system: System): string[] {
  const check = new Check(system);
  if (system.version !== IR_VERSION) check.problem(`version ${String(system.version)} is not ${IR_VERSION}`);
  checkNames(check, system);
  for (const parameter of system.parameters) check.span(parameter.span);
  for (const { name, value, domain, span } of system.constants) {
    check.inside(`constant \`${name}\``, () => {
      check.span(span);
      checkDomain(check, domain);
      if (!contains(domain, value)) check.problem('its value is not in its domain');
    });
  }
  for (const { name, domain, span } of system.schemas ?? []) {
    check.inside(`schema \`${name}\``, () => {
      check.span(span);
      checkDomain(check, domain);
    });
  }
  for (const variable of system.variables) {
    check.inside(`variable \`${variable.name}\``, () => {
      check.span(variable.span);
      checkDomain(check, variable.domain);
      if (variable.process !== undefined && !system.processes.some(({ name }) => name === variable.process)) {
        check.problem(`there is no process \`${variable.process}\``);
      }
      checkWritten(check, variable.written);
    });
  }
  check.inside('init', () => checkStatements(check, system.init, new Scope(), INIT));
  for (const action of system.actions) check.inside(`action \`${action.name}\``, () => checkAction(check, action));
  for (const { names, span } of circlesOfEnabled(system)) {
    check.problem(
      `whether ${names.map((name) => `\`${name}\``).join(' is enabled depends on whether ')} is enabled`,
      span,
    );
  }
  for (const process of system.processes) {
    check.inside(`process \`${process.name}\``, () => {
      check.span(process.span);
      checkOnce(check, 'label', process.labels);
      const counter = system.variables.find(({ name }) => name === process.counter);
      if (counter === undefined) check.problem(`there is no variable \`${process.counter}\` for its counter`);
      for (const written of process.written ?? []) checkWritten(check, written ?? undefined);
      if (process.written !== undefined && process.written.length !== process.labels.length)
        check.problem('`written` is not for each of the labels');
      if (process.kept === undefined) return;
      if (process.kept.length !== process.labels.length) check.problem('`kept` is not for each of the labels');
      const own = new Set(system.variables.filter((one) => one.process === process.name).map(({ name }) => name));
      for (const name of process.kept.flat())
        if (!own.has(name)) check.problem(`it has no variable \`${name}\` to keep`);
    });
  }
  for (const kind of ['invariants', 'steps', 'sometimes', 'terminal', 'within'] as const) {
    for (const { name, predicate, span } of system[kind]) {
      check.inside(`${kind} \`${name}\``, () => {
        check.span(span);
        checkBoolean(check, predicate, new Scope(), { ...PREDICATE, next: kind === 'steps' });
      });
    }
  }
  for (const property of system.properties) {
    check.inside(`property \`${property.name}\``, () => {
      check.span(property.span);
      checkFormula(check, property.formula, new Scope());
      for (const set of property.under ?? []) {
        if (!system.fairness.some(({ name }) => name === set)) check.problem(`there is no fairness set \`${set}\``);
      }
    });
  }
  checkFairness(check, system);
  checkModel(check, system);
  return check.problems;
}

function checkNames(check: Check, system: System): void {
  checkOnce(check, 'parameter or constant', namesOf([...system.parameters, ...system.constants]));
  checkOnce(check, 'variable', namesOf(system.variables));
  checkOnce(check, 'action', namesOf(system.actions));
  checkOnce(check, 'process', namesOf(system.processes));
  checkOnce(check, 'fairness set', namesOf(system.fairness));
  const { invariants, steps, sometimes, properties } = system;
  checkOnce(check, 'property', namesOf([...invariants, ...steps, ...sometimes, ...properties]));
}

function checkWritten(check: Check, written: Written | undefined): void {
  if (written === undefined) return;
  for (const { span } of written.way) check.span(span);
  if (written.way.length === 0) check.problem(`no way leads to \`${written.name}\``);
}

function checkAction(check: Check, action: Action): void {
  check.span(action.span);
  const scope = new Scope();
  declareArguments(check, scope, action.arguments);
  checkStatements(check, action.body, scope, STEP);
  const standing = action.process ?? action.timeout;
  if (action.process !== undefined && action.timeout !== undefined) check.problem('it is a step and a time-out');
  if (standing === undefined) return;
  const { name, label } = standing;
  const process = check.system.processes.find((candidate) => candidate.name === name);
  if (process === undefined) check.problem(`there is no process \`${name}\``);
  else {
    if (!process.labels.includes(label)) check.problem(`process \`${name}\` has no label \`${label}\``);
    if (!sameArguments(process.arguments, action.arguments))
      check.problem(`its arguments are not those of \`${name}\``);
  }
}

function sameArguments(left: readonly Argument[], right: readonly Argument[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ name, domain }, index) => name === right[index]!.name && equalDomains(domain, right[index]!.domain))
  );
}

function checkFairness(check: Check, system: System): void {
  for (const set of system.fairness) {
    check.inside(`fairness \`${set.name}\``, () => {
      check.span(set.span);
      for (const group of set.assumptions.flatMap(({ groups }) => groups)) {
        const actions = group.actions.flatMap((name) => {
          const action = system.actions.find((candidate) => candidate.name === name);
          if (action === undefined) check.problem(`\`${group.name}\` is about action \`${name}\`, which there is not`);
          return action === undefined ? [] : [action];
        });
        if (group.actions.length === 0) check.problem(`\`${group.name}\` is about no action`);
        for (const per of group.per) {
          const domains = actions.map((action) => action.arguments.find(({ name }) => name === per)?.domain);
          const [first] = domains;
          if (first === undefined || !domains.every((domain) => domain !== undefined && equalDomains(domain, first))) {
            check.problem(`\`${group.name}\` is split by \`${per}\`, which not all of its actions have alike`);
          }
        }
        if (group.when === undefined) continue;
        for (const action of actions) {
          const scope = new Scope();
          declareArguments(check, scope, action.arguments);
          checkBoolean(check, group.when, scope, PREDICATE);
        }
      }
    });
  }
}

function checkModel(check: Check, system: System): void {
  const judged = {
    violates: namesOf([...system.invariants, ...system.steps, ...system.properties]),
    unreachable: namesOf(system.sometimes),
  };
  check.inside(`model \`${system.model.name}\``, () => {
    check.span(system.model.span);
    if (system.model.deadlocks === 'ignored' && system.model.expectations.some(({ kind }) => kind === 'deadlocks')) {
      check.problem('it expects a deadlock, and does not look for one');
    }
    for (const expectation of system.model.expectations) {
      if (!('property' in expectation)) continue;
      if (judged[expectation.kind].includes(expectation.property)) continue;
      check.problem(`there is no property \`${expectation.property}\` that it could expect of "${expectation.kind}"`);
    }
  });
}
