import type { Span } from '../diagnostics/span.ts';
import { positionAt } from '../diagnostics/span.ts';
import { askedFirst } from '../ir/enabled.ts';
import type { Action, Domain, Predicate, Property, System } from '../ir/index.ts';
import { defaultValue, formatValue } from '../ir/index.ts';
import { slotsOf } from '../ir/slots.ts';
import { boundedSystem } from '../ir/serials/as-integers.ts';
import { Identifiers, legalIdentifier, pascalCase } from './identifiers.ts';
import { refuseExtraFields } from './extra-field.ts';
import type { OmittedProperty, Refusal } from './refusal.ts';
import { Refusals } from './refusal.ts';
import { comment, linesOf } from './tlaplus/comment.ts';
import type { LeftOut } from './specialize/specialize.ts';
import { specialized } from './specialize/specialize.ts';
import { configText, omission, settledNote } from './tlaplus/config.ts';
import { unchangedLists, withCommonEnding, withGroups } from './tlaplus/ending.ts';
import type { Environment } from './tlaplus/environment.ts';
import { valueOf } from './tlaplus/expression.ts';
import { Fixed } from './tlaplus/fixed.ts';
import { Helpers } from './tlaplus/helper.ts';
import { idSetsOf } from './tlaplus/id-set.ts';
import { ofStates } from './tlaplus/level.ts';
import { leftOutNote } from './tlaplus/left-out.ts';
import { mixturesOf } from './tlaplus/mixture.ts';
import type { Change, Node } from './tlaplus/node.ts';
import { apply, infix, inline, junction, layout, PRECEDENCE, text, wrapped } from './tlaplus/node.ts';
import { held, whole } from './tlaplus/place.ts';
import { RESERVED } from './tlaplus/reserved.ts';
import type { Module, Scope } from './tlaplus/scope.ts';
import { stepOfStatements } from './tlaplus/step.ts';
import { fairnessNode, propertyNode } from './tlaplus/temporal.ts';
import type { Constants } from './tlaplus/value.ts';
import { Values } from './tlaplus/value.ts';
import type { VariableGroup } from './tlaplus/variable-group.ts';
import { inGroups, variableGroups } from './tlaplus/variable-group.ts';

/** A module for TLC and the other TLA+ tools, and the configuration of one model. */
export interface TlaModule {
  /** The text of `<moduleName>.tla`. */
  readonly module: string;
  /** The text of a `.cfg` file for TLC. */
  readonly config: string;
  readonly moduleName: string;
  /** Temporal properties that TLA+ or TLC cannot express; everything else is there. */
  readonly omitted: readonly OmittedProperty[];
}

/**
 * One model of a spec as a TLA+ module.
 *
 * TLC finds the same distinct states, and generates as many as there are transitions and initial states here: an action is
 * one operator whose choices are quantifiers, whose guards TLC cannot split, and which assigns every variable once.
 * Names survive where TLA+ allows them. Only the standard modules are needed.
 *
 * @param moduleName - the spec's and the model's names, when absent.
 * @returns the texts, or what TLA+ or TLC cannot be asked.
 */
export function exportTla(given: System, moduleName?: string): TlaModule | Refusal {
  const refusals = new Refusals();
  const { system, leftOut } = specialized(boundedSystem(given));
  const mixtures = mixturesOf(system);
  for (const { kinds, span } of mixtures.clashes) {
    const message =
      'TLC refuses to compare values of these two kinds: use strings for one, or objects with a `kind` for both';
    refusals.add(`a union of ${kinds[0]} and ${kinds[1]}`, message, span);
  }
  refuseExtraFields(system, refusals);
  const name = moduleName ?? moduleNameOf(system);
  const texts =
    refusals.reasons.length > 0
      ? undefined
      : write(system, leftOut, refusals, { moduleName: name, models: mixtures.models });
  if (texts === undefined || refusals.reasons.length > 0) {
    return { kind: 'refusal', target: 'TLA+', reasons: refusals.reasons };
  }
  return { ...texts, moduleName: name };
}

/** `VmmDrvLeases_corrected`: the spec's and the model's name. */
export function moduleNameOf(system: System): string {
  return legalIdentifier(`${pascalCase(system.name)}_${legalIdentifier(system.model.name)}`);
}

function write(
  system: System,
  leftOut: LeftOut,
  refusals: Refusals,
  { moduleName, models }: { readonly moduleName: string; readonly models: ReadonlySet<string> },
): Omit<TlaModule, 'moduleName'> {
  const names = new Identifiers([...RESERVED, moduleName]);
  const helpers = new Helpers();
  const named = (list: readonly { readonly name: string }[]): Map<string, string> =>
    new Map(list.map((one) => [one.name, names.take(one.name)]));
  // The only process has the usual name for where it stands.
  const counter = system.processes.length === 1 ? system.processes[0]!.counter : undefined;
  const variables = new Map(
    system.variables.map(({ name }) => [name, names.take(name === counter ? 'pc' : name)] as const),
  );
  const values = new Values(names, helpers, idSetsOf(system), models);
  values.nameDomains(system.schemas ?? []);
  const actions = named(system.actions);
  const processes = named(system.processes);
  const fairness = named(system.fairness);
  const predicates = new Map(
    [...system.invariants, ...system.steps, ...system.sometimes, ...system.terminal, ...system.within].map((one) => [
      one,
      names.take(one.name),
    ]),
  );
  const nevers = new Map(system.sometimes.map((one) => [one, names.take(`${one.name}_never`)]));
  const properties = named(system.properties);
  const fixed = new Fixed(system, names, values);
  const module: Module = {
    system,
    values,
    fixed,
    helpers,
    refusals,
    variables,
    actions,
    processes,
    where: (span) => where(system, span),
  };
  const scope = (): Scope => ({ module, names: names.inner(), onWhole: () => {} });
  const current: Environment = {
    variables: new Map(system.variables.map((one) => [one.name, held(text(variables.get(one.name)!))])),
    locals: new Map(),
    types: new Map(),
  };

  const typeInvariant = junction(
    '/\\',
    system.variables.map(({ name, domain }) => values.isIn(text(variables.get(name)!), domain)),
  );
  const assumptions = new Map(
    system.fairness.map((set) => [
      fairness.get(set.name)!,
      comment(set.doc) + definition(fairness.get(set.name)!, fairnessNode(module, scope(), current, set)),
    ]),
  );
  const steps = askedFirst(system.actions).map((action) => stepOf(module, scope(), current, action));
  const lists = steps.flatMap(({ body }) => unchangedLists(body));
  const groups = variableGroups(system, variables, names, lists);
  const body: string[] = [
    definition('TypeInvariant', typeInvariant),
    definition('Init', initNode(module, scope(), current)),
    ...steps.map(
      (one) => comment(one.action.doc) + definition(one.head, withGroups(one.body, [...variables.values()], groups)),
    ),
    ...system.processes.map((process) => {
      const inner = names.inner();
      const passed = process.arguments.map(({ name }) => text(inner.take(name)));
      const own = system.actions.filter((action) => action.process?.name === process.name);
      const steps = own.map((action) => apply(module.actions.get(action.name)!, ...passed));
      return (
        comment(process.doc) + definition(inline(apply(module.processes.get(process.name)!, ...passed)), orFalse(steps))
      );
    }),
    definition('Next', nextNode(module, names)),
    ...assumptions.values(),
  ];
  const common = system.fairness.filter(({ name }) =>
    system.properties.every((one) => one.under?.includes(name) ?? true),
  );
  const assumed = system.properties.length === 0 ? system.fairness : common;
  body.push(
    definition(
      'Spec',
      junction('/\\', [text('Init'), text('[][Next]_vars'), ...assumed.map(({ name }) => text(fairness.get(name)!))]),
    ),
  );
  const state = (one: Predicate): string =>
    comment(one.doc) + definition(predicates.get(one)!, ofStates(module, valueOf(scope(), current, one.predicate)));
  body.push(
    ...system.invariants.map(state),
    ...system.steps.map((one) => {
      const node = valueOf(scope(), current, one.predicate);
      return comment(one.doc) + definition(predicates.get(one)!, text(`[][${inline(node)}]_vars`));
    }),
    ...system.sometimes.map(state),
    ...system.sometimes.map((one) => definition(nevers.get(one)!, text(`~${predicates.get(one)!}`))),
    ...system.within.map(state),
    ...system.terminal.map(state),
    ...(system.terminal.length === 0 || system.model.deadlocks === 'ignored'
      ? []
      : [
          definition(
            'NoDeadlock',
            junction('\\/', [
              ...system.within.map((one) => text(`~${predicates.get(one)!}`, PRECEDENCE.not)),
              ...system.terminal.map((one) => text(predicates.get(one)!)),
              text('ENABLED Next', PRECEDENCE.not),
            ]),
          ),
        ]),
  );
  const omitted: OmittedProperty[] = [];
  /** Properties that hold whatever happens. */
  const settled = new Set<string>();
  for (const property of system.properties) {
    const extra = system.fairness.filter(
      ({ name }) => !assumed.some((one) => one.name === name) && isAssumed(property, name),
    );
    const own = new Refusals();
    const formula = propertyNode({ ...scope(), module: { ...module, refusals: own } }, current, property.formula);
    if (own.reasons.length > 0) {
      omitted.push({ property: property.name, reasons: own.reasons });
      body.push(`${comment(property.doc)}${comment(omission(property.name, own.reasons))}`.trimEnd());
      continue;
    }
    if (formula === true) {
      settled.add(property.name);
      body.push(`${comment(property.doc)}${comment(settledNote(property.name))}`.trimEnd());
      continue;
    }
    // TLC stops at a property that is the constant FALSE, and finds this one violated.
    if (formula === false) {
      body.push(
        `${comment(property.doc)}${comment('False of every behavior.')}${definition(properties.get(property.name)!, text('vars # vars', PRECEDENCE.comparison))}`,
      );
      continue;
    }
    const premise = junction(
      '/\\',
      extra.map(({ name }) => text(fairness.get(name)!)),
    );
    const node: Node = extra.length === 0 ? formula : { kind: 'implies', left: premise, right: formula };
    body.push(comment(property.doc) + definition(properties.get(property.name)!, node));
  }
  // Assumptions of properties that are left out themselves.
  for (const [name, content] of assumptions) {
    const isUsed = body.some((one) => one !== content && new RegExp(`\\b${name}\\b`).test(withoutComments(one)));
    if (!isUsed) body.splice(body.indexOf(content), 1);
  }
  const wordsIn = (parts: readonly string[]): ReadonlySet<string> =>
    new Set(parts.map(withoutComments).join('\n').match(/\w+/g));
  const fixedOnes = fixed.definitions(definition);
  const inBody = wordsIn([...fixedOnes, ...body]);
  const domains = values.definitions((name) => inBody.has(name));
  const definitions = [
    ...domains.map(({ operator, doc, set }) => comment(doc) + definition(operator, set)),
    ...fixedOnes,
  ];
  const words = wordsIn([...definitions, ...body]);
  const constants = values.constants((name) => words.has(name));
  const symmetric = constants.sets.filter(
    (set) => 1 < set.values.length && !set.values.some((one) => constants.mentioned.has(one)),
  );
  if (symmetric.length > 0) {
    helpers.use('TLC');
    const permutations = symmetric.map(({ name }) => apply('Permutations', text(name)));
    body.push(
      comment('Ids are interchangeable: TLC may take states that differ only in them for one (for safety only).') +
        definition(
          'Symmetry',
          permutations.length === 1 ? permutations[0]! : text(permutations.map(inline).join(' \\cup ')),
        ),
    );
  }
  return {
    module: moduleText(module, moduleName, {
      constants,
      definitions,
      groups: groups.filter(({ name }) => words.has(name)),
      leftOut,
      body,
    }),
    config: configText(module, constants, {
      predicates,
      nevers,
      properties,
      omitted,
      settled,
      isSymmetric: symmetric.length > 0,
    }),
    omitted,
  };
}

function moduleText(
  { system, helpers, variables }: Module,
  moduleName: string,
  {
    constants,
    definitions,
    groups,
    leftOut,
    body,
  }: {
    readonly constants: Constants;
    readonly definitions: readonly string[];
    readonly groups: readonly VariableGroup[];
    readonly leftOut: LeftOut;
    readonly body: readonly string[];
  },
): string {
  const declared = constants.models.map((name) => ({ name, doc: '' }));
  const list = (keyword: string, entries: readonly { readonly name: string; readonly doc: string }[]): string[] =>
    entries.length === 0
      ? []
      : [
          `${keyword}\n${entries
            .map(({ name, doc }, index) => {
              const said = doc.trim() === '' ? '' : linesOf(doc)[0]!;
              const line = `    ${name}${index === entries.length - 1 ? '' : ','}`;
              if (said === '') return line;
              const short = `${line} \\* ${said}`;
              return short.length <= 110 ? short : comment(said).replaceAll(/^/gm, '    ').trimEnd() + `\n${line}`;
            })
            .join('\n')}`,
        ];
  const title = `${system.name}, model ${system.model.name}`;
  const given = system.parameters.map(({ name, value }) => `${name} = ${formatValue(value)}`).join(', ');
  const rule = '-'.repeat(Math.max(4, Math.floor((78 - ` MODULE ${moduleName} `.length) / 2)));
  const parts = [
    `${rule} MODULE ${moduleName} ${rule}\n${comment(
      [
        title,
        slotsOf(system.doc).text,
        ...(given === '' ? [] : [`This module is for ${given}: other values need another module.`]),
        leftOutNote(leftOut),
        'Written by Fairlead.',
      ]
        .filter((one) => one !== '')
        .join('\n\n'),
    ).trimEnd()}`,
    `EXTENDS ${helpers.modules().join(', ')}`,
    // Before anything is declared: their parameters may then have any names.
    ...helpers.definitions(),
    ...list('CONSTANTS', declared),
    ...constants.sets.map(({ name, values }) => definition(name, text(`{${values.join(', ')}}`))),
    ...definitions,
    ...list(
      'VARIABLES',
      system.variables.map((one) => ({ name: variables.get(one.name)!, doc: one.doc })),
    ),
    ...(groups.length === 0 ? [] : [groupsText(groups)]),
    `vars == <<${inGroups([...variables.values()], groups).join(', ')}>>`,
    ...body,
    '='.repeat(78),
  ];
  return `${parts.map(wrapped).join('\n\n')}\n`;
}

function groupsText(groups: readonly VariableGroup[]): string {
  const said = comment('What steps leave alone together has one name; what many steps change by itself has none.');
  return said + groups.map(({ name, variables }) => `${name} == <<${variables.join(', ')}>>`).join('\n');
}

function initNode(module: Module, scope: Scope, current: Environment): Node {
  const { system, variables, values } = module;
  const start: Environment = {
    ...current,
    variables: new Map(
      system.variables.map(({ name, domain }) => [
        name,
        held(values.literal(defaultValue(domain), domain, scope.names)),
      ]),
    ),
  };
  return stepOfStatements(scope, start, system.init, (_, after) =>
    junction(
      '/\\',
      system.variables.map(({ name }) =>
        infix(text(variables.get(name)!), '=', whole(after.variables.get(name)!), PRECEDENCE.comparison),
      ),
    ),
  );
}

/** An action as an operator whose endings are still lists of all variables that they leave alone. */
interface Step {
  readonly action: Action;
  readonly head: string;
  readonly body: Node;
}

function stepOf(module: Module, scope: Scope, current: Environment, action: Action): Step {
  const { system, variables } = module;
  const given = action.arguments.map((argument) => scope.names.take(argument.name));
  const environment: Environment = {
    ...current,
    locals: new Map(action.arguments.map((argument, index) => [argument.name, held(text(given[index]!))])),
  };
  const body = stepOfStatements(scope, environment, action.body, (_, after) => {
    const changes: Change[] = [];
    const unchanged: string[] = [];
    for (const { name } of system.variables) {
      const variable = variables.get(name)!;
      const value = whole(after.variables.get(name)!);
      if (inline(value) === variable) unchanged.push(variable);
      else changes.push({ variable, value });
    }
    return { kind: 'ending', changes, unchanged };
  });
  const head = apply(module.actions.get(action.name)!, ...given.map((one) => text(one)));
  return { action, head: inline(head), body: withCommonEnding(body) };
}

/** Every action for all values of its arguments; the steps of a process together. */
function nextNode(module: Module, names: Identifiers): Node {
  const { system, values } = module;
  const forAll = (operator: string, given: readonly { readonly name: string; readonly domain: Domain }[]): Node => {
    const inner = names.inner();
    const binders = given.map(({ name, domain }) => ({ binder: inner.take(name), domain }));
    return binders.reduceRight<Node>(
      (body, { binder, domain }) => ({
        kind: 'quantifier',
        symbol: '\\E',
        binder,
        set: values.listed(domain, inner),
        body,
      }),
      apply(operator, ...binders.map(({ binder }) => text(binder))),
    );
  };
  return orFalse([
    ...system.actions
      .filter(({ process }) => process === undefined)
      .map((one) => forAll(module.actions.get(one.name)!, one.arguments)),
    ...system.processes.map((one) => forAll(module.processes.get(one.name)!, one.arguments)),
  ]);
}

function orFalse(nodes: readonly Node[]): Node {
  return nodes.length === 0 ? text('FALSE /\\ UNCHANGED vars', PRECEDENCE.junction) : junction('\\/', nodes);
}

function definition(head: string, body: Node): string {
  const short = `${head} == ${inline(body)}`;
  const isShort = short.length <= 100 && (body.kind !== 'junction' || body.items.length === 1);
  const first = isShort ? layout(body, head.length + 4) : '';
  if (isShort && !first.includes('\n')) return `${head} == ${first}`;
  return `${head} ==\n    ${layout(body, 4, true)}`;
}

/** Without lines that are comments and without what stands in strings. */
function withoutComments(content: string): string {
  return content.replaceAll(/^\\\*.*$/gm, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}

function isAssumed(property: Property, set: string): boolean {
  return property.under?.includes(set) ?? true;
}

function where(system: System, span: Span): string {
  const file = system.files[span.file];
  if (file === undefined) return system.name;
  return `${file.path.split('/').at(-1)!}:${positionAt(file.text, span.start).line}`;
}
