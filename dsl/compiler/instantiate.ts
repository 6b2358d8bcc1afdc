import type { ts as TS } from 'ts-morph';
import {
  bodyNotFound,
  constantsNotEvaluated,
  defaultOfArgument,
  emptyDomain,
  enabledInInit,
  enabledOfItself,
  hugeDomain,
  nameOfProcess,
  nothingToDo,
  parameterRefused,
  specNotEvaluated,
  unknownParameter,
  wrongSerial,
} from '../diagnostics/catalog.ts';
import { circlesOfEnabled, enabledQuestions } from '../ir/enabled.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { wordThrown } from '../diagnostics/thrown.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Action, Argument, Expression, Parameter, Predicate, Property, System, Variable } from '../ir/index.ts';
import { cardinality, IR_VERSION, MAX_INSTANCES } from '../ir/index.ts';
import { activate, argumentsOf, serialsOfSpec, type Activation } from '../language/activate.ts';
import type { Declaration } from '../language/definition.ts';
import { DONE } from '../language/process.ts';
import { described, isOptionsObject } from '../language/given.ts';
import { isFunctionNode, moduleScope } from './access.ts';
import * as build from './build.ts';
import type { Instantiated } from './compilation.ts';
import type { Part, SpecSource } from './declaration.ts';
import { bodyOf, declarationOf, docOf, givenTo, literalOf, namedOf, propertyOf, skip } from './declaration.ts';
import { constantsOf, hostValuesOf, thrownAt, typing, type Typing } from './constants.ts';
import { Tables, type Fixed } from './fixed.ts';
import { constantValue } from './host-value.ts';
import type { Loaded } from './load.ts';
import { lowerAction, lowerInit } from './lower-action.ts';
import { definitionOfSchema, isDiagnostic, lowerDomain } from './lower-domain.ts';
import { lower } from './lower-expression.ts';
import { fairnessOf } from './lower-fairness.ts';
import type { LoweredProcess } from './lower-process.ts';
import { AskedLocals, lowerProcesses } from './lower-processes.ts';
import { lowerPredicate, lowerProperty } from './lower-property.ts';
import { modelOf } from './lower-model.ts';
import { schemasOf } from './schemas.ts';
import { serialFaults, serialsOfOneName } from './serial-use.ts';
import type { Sources } from './source.ts';
import type { Starting } from './start-value.ts';
import { spanOf } from './source.ts';
import { changes } from './changed-copy.ts';
import type { Closure, Shared, Term } from './term.ts';
import { withThreadChanges } from './thread-change.ts';
import { ts } from './typescript.ts';
import type { ModelContext, Unit } from './unit.ts';
import { warningsOf } from './warnings.ts';

/**
 * Lowers a spec for given parameter values: makes it the active one, turns schemas into domains and bodies into the IR.
 *
 * @param model - the declared model, if it is one; else the parameters alone say what it is.
 * @param given - values of parameters; those left out have their defaults.
 */
export function instantiate(
  sources: Sources,
  loaded: Loaded,
  spec: SpecSource,
  model: Part | undefined,
  given: Readonly<Record<string, unknown>>,
): Instantiated {
  // What predicates ask of processes is known when they have been lowered, which is later: then all is done again.
  // So it is with which of them steps stop, and with which objects among the constants are asked for entries that are only known in a step.
  const found: Found = { askedLocals: new AskedLocals(), tables: new Tables(), stopped: new Set() };
  const size = () => found.askedLocals.size + found.tables.size + found.stopped.size;
  for (;;) {
    const before = size();
    const made = lowerModel({ sources, loaded, spec, model }, given, found);
    if (size() === before) return made;
  }
}

/** What is only known when a model has been lowered, and is needed to lower it. */
interface Found {
  readonly askedLocals: AskedLocals;
  readonly tables: Tables;
  /** Processes of which some step stops a thread. */
  readonly stopped: Set<Declaration>;
}

/** A model with the spec and the modules that it comes from. */
interface ModelSource {
  readonly sources: Sources;
  readonly loaded: Loaded;
  readonly spec: SpecSource;
  readonly model: Part | undefined;
}

function lowerModel(
  { sources, loaded, spec, model }: ModelSource,
  given: Readonly<Record<string, unknown>>,
  { askedLocals, tables, stopped }: Found,
): Instantiated {
  const diagnostics: Diagnostic[] = [];
  const library = new Set(sources.modules.filter((module) => module.own).map((module) => module.file));
  // A mistake in a function of the author's is one, whoever calls it; in one of ours, each call is a mistake.
  const identity = (diagnostic: Diagnostic) =>
    JSON.stringify(library.has(diagnostic.primary.span.file) ? diagnostic : { ...diagnostic, related: [] });
  const reported = new Set<string>();
  const report = (diagnostic: Diagnostic) => {
    const known = identity(diagnostic);
    if (!reported.has(known)) diagnostics.push(diagnostic);
    reported.add(known);
  };
  const isStep = ({ declaration }: Part) => declaration.kind === 'action' || declaration.kind === 'process';
  if (!spec.parts.some(isStep)) report(nothingToDo(spec.span, spec.definition.name));
  const activation = activated(loaded, spec, given);
  if (activation.kind === 'invalid') {
    for (const { parameter, message } of activation.problems) {
      report(activationProblem(spec, model, parameter, message));
    }
    // What is wrong with the spec is wrong whatever the model says: with the defaults it can be seen.
    if (Object.keys(given).length > 0) {
      const { diagnostics: others } = instantiate(sources, loaded, spec, undefined, {});
      others.filter(({ severity }) => severity === 'error').forEach(report);
    }
    return { diagnostics };
  }
  if (activation.kind === 'no constants') {
    report(
      constantsNotEvaluated(thrownAt(loaded, spec, optionsOf(spec), activation.thrown), wordThrown(activation.thrown)),
    );
    return { diagnostics };
  }
  const { parameters, fixed } = activation;
  const options = optionsOf(spec);
  const typed = typing(activation.sets, tables);
  const constants = constantsOf(spec, options, activation.constants, { typed, report });
  if (diagnostics.length > 0) return { diagnostics };

  const declared = loaded.attempt(
    () => {
      const made = spec.definition.state(fixed);
      if (!isOptionsObject(made)) throw new Error(`\`state\` gives an object of schemas, and not ${described(made)}`);
      return Object.entries(made);
    },
    (thrown) => {
      report(specNotEvaluated(loaded.placeOf(thrown) ?? spec.span, wordThrown(thrown)));
      return undefined;
    },
  );
  if (declared === undefined) return { diagnostics };
  const variables: Variable[] = [];
  const starting: Starting[] = [];
  const stateLiteral = literalOf(propertyOf(options, 'state'));
  for (const [name, schema] of declared) {
    const node = propertyOf(stateLiteral, name);
    const span = node ? spanOf(spec.module.file, node.name ?? node) : spec.span;
    const domain = lowerDomain(schema, `s.${name}`, span);
    if (isDiagnostic(domain)) report(domain);
    else if (cardinality(domain) === 0) report(emptyDomain(span, `s.${name}`));
    else {
      variables.push({ name, doc: node ? docOf(node) : '', span, ...declarationOf(spec, node), domain });
      starting.push({ name, schema, domain, span, defaultSpan: (fields) => defaultSpan(spec, node, fields) });
    }
  }

  for (const name of serialsOfOneName(serialsOfSpec(spec.definition, fixed), activation.sets)) {
    report(
      wrongSerial(spec.span, `two domains are called \`${name}\``, 'give each a name of its own: `serial("Term", …)`'),
    );
  }
  const argumentsByDeclaration = new Map<Declaration, readonly Argument[]>();
  for (const part of spec.parts) {
    if (part.declaration.kind !== 'action' && part.declaration.kind !== 'process') continue;
    const given = lowerArguments(part, fixed, report);
    argumentsByDeclaration.set(part.declaration, given);
    if (part.declaration.kind === 'process') argumentsByDeclaration.set(part.declaration.timeouts, given);
  }
  for (const { declaration, name: process } of spec.parts) {
    if (declaration.kind !== 'process') continue;
    const met = variables.filter(({ name }) => name.startsWith(`${process}.`));
    for (const { name, span } of met) report(nameOfProcess(span, name, process));
  }
  if (diagnostics.length > 0) return { diagnostics };

  const names = new Map(
    spec.parts.flatMap(({ declaration, name }): (readonly [Declaration, string])[] => [
      [declaration, name],
      ...(declaration.kind === 'process' ? [[declaration.timeouts, `${name}.timeouts`] as const] : []),
    ]),
  );
  const processes = new Map<Declaration, LoweredProcess>();
  const known = new Map(variables.map((variable) => [variable.name, variable.domain]));
  const labelsOf = (declaration: Declaration) => processes.get(declaration)?.places ?? [];
  const context: ModelContext = {
    variables: known,
    declared: variables.map(({ name }) => name),
    given: fixed,
    fixed: new Map([
      ...Object.entries(parameters).map(([name, value]): [string, Fixed] => [
        name,
        typed(name, constantValue(value)?.value),
      ]),
      ...constants.map(({ name, value, domain }): [string, Fixed] => [name, { value, type: domain }]),
    ]),
    tables,
    typeOfPart: (path, value) => typed(path, value).type,
    declarations: names,
    valuesOf: loaded.valuesOf,
    packageValue: loaded.packageValue,
    argumentsOf: (declaration) => argumentsByDeclaration.get(declaration) ?? [],
    stepsOf: (declaration) => {
      if (declaration.kind !== 'process' && declaration.kind !== 'timeouts') return [names.get(declaration) ?? ''];
      const process = declaration.kind === 'process' ? declaration : declaration.process;
      const ofThem = (processes.get(process)?.actions ?? []).filter(
        ({ timeout }) => (timeout !== undefined) === (declaration.kind === 'timeouts'),
      );
      return ofThem.map(({ name }) => name);
    },
    counterOf: (declaration) => `${names.get(declaration) ?? ''}.pc`,
    changeThread: (declaration, change) => {
      if (change === 'stop') stopped.add(declaration);
      return `${names.get(declaration) ?? ''}.pc`;
    },
    placesOf: (declaration, label) =>
      label === DONE
        ? [DONE]
        : labelsOf(declaration)
            .filter((one) => one.label === label)
            .map((one) => one.place),
    renamedPlacesOf: (declaration) => labelsOf(declaration).filter((one) => one.label !== one.place),
    localOf: (declaration, name) => {
      const process = processes.get(declaration);
      if (process === undefined) return 'not lowered';
      const local = process.locals.get(name);
      if (local === undefined || !askedLocals.of(declaration).has(name)) askedLocals.add(declaration, name);
      return local ?? 'asked';
    },
    domainOf: (schema, span) => {
      const domain = lowerDomain(schema, sources.files[span.file]?.text.slice(span.start, span.end) ?? 'it', span);
      if (!isDiagnostic(domain)) return domain;
      report(domain);
      return undefined;
    },
    report,
    ifChanged: (shared, diagnostic) => void pending.push({ shared, diagnostic }),
  };
  const pending: { readonly shared: Shared; readonly diagnostic: Diagnostic }[] = [];

  const parts = (kind: Declaration['kind']) => spec.parts.filter((part) => part.declaration.kind === kind);
  const predicates = (kind: Declaration['kind']): Predicate[] =>
    parts(kind).map((part) => {
      const named = namedOf(part);
      return { ...named, predicate: lowerPredicate(context, named, kind === 'step', (unit) => bodyOf(unit, part)) };
    });
  const { statements, names: initNames } = lowerInit(context, spec.span, starting, (unit) =>
    initClosure(unit, spec, options),
  );
  const init = [
    ...statements,
    ...lowerProcesses(context, parts('process'), { processes, variables: known, askedLocals, stopped }, initNames),
  ];
  const lowered = spec.parts.flatMap((part): readonly Action[] => {
    const { declaration } = part;
    if (declaration.kind === 'process') return processes.get(declaration)?.actions ?? [];
    if (declaration.kind !== 'action') return [];
    return [lowerAction(context, namedOf(part), context.argumentsOf(declaration), (unit) => bodyOf(unit, part))];
  });
  const actions = lowered.map((action) => withThreadChanges(action, [...processes.values()]));
  const properties = parts('property').map((part): Property => {
    const named = namedOf(part);
    const formula = lowerProperty(context, named, (unit) => bodyOf(unit, part));
    const under = part.declaration.kind === 'property' ? part.declaration.under : undefined;
    return {
      ...named,
      formula,
      ...(under === undefined ? {} : { under: under.flatMap((set) => names.get(set) ?? []) }),
    };
  });
  const system: System = {
    version: IR_VERSION,
    name: spec.definition.name,
    doc: spec.doc,
    span: spec.span,
    files: sources.files,
    model: modelOf(model, spec, names, report),
    parameters: parametersOf(spec, options, parameters, typed),
    constants,
    ...schemasOf(sources, loaded),
    variables: [...variables, ...[...processes.values()].flatMap((one) => one.variables)],
    init,
    actions,
    processes: [...processes.values()].map((one) => one.process),
    invariants: predicates('invariant'),
    steps: predicates('step'),
    sometimes: predicates('sometimes'),
    properties,
    fairness: parts('fairness').map((part) => fairnessOf(context, part, report)),
    terminal: [...predicates('terminal'), ...endOf([...processes.values()])],
    within: predicates('within'),
  };
  const bodies = [system.init, ...system.actions.map(({ body }) => body)];
  for (const { shared, diagnostic } of pending) if (bodies.some((body) => changes(body, shared))) report(diagnostic);
  for (const { span } of enabledQuestions(system.init)) report(enabledInInit(span));
  for (const { names: circle, span } of circlesOfEnabled(system)) report(enabledOfItself(span, circle));
  serialFaults(system).forEach(report);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return { diagnostics };
  warningsOf(system, sources).forEach(report);
  return { system, diagnostics };
}

/**
 * When every thread has ended, having no next step is the proper end. With a process that never ends it is not: its
 * threads may be what is stuck.
 */
function endOf(processes: readonly LoweredProcess[]): Predicate[] {
  const [first] = processes;
  if (first === undefined || !processes.every((one) => one.ends)) return [];
  const { span } = first.process;
  const predicate = processes
    .map((one) => allAtEnd(one, span))
    .reduce((left, right) => build.both('and', left, right, span));
  return [{ name: processes.map((one) => one.process.name).join(' and ') + ' ended', doc: '', span, predicate }];
}

function allAtEnd({ process, variables }: LoweredProcess, span: Span): Expression {
  const counter = variables.find((variable) => variable.name === process.counter)!;
  let at: Expression = { kind: 'variable', name: counter.name, next: false, type: counter.domain, span };
  for (const { name, domain } of process.arguments) {
    at = build.index(at, build.local(`${process.name}_${name}`, domain, span), span)!;
  }
  const ended = build.operation('equal', [at, build.literal(DONE, span)], span)!;
  return process.arguments.reduceRight<Expression>((body, { name, domain }) => {
    const over: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
    return build.comprehension('all', { binder: `${process.name}_${name}` }, over, body, span)!;
  }, ended);
}

/** The value that the schema of a variable gives as the default of a part, as far as it is written there. */
function defaultSpan({ module }: SpecSource, node: TS.Node | undefined, fields: readonly string[]): Span | undefined {
  const isProperty = (part: TS.Node, name: string): boolean =>
    ts.isPropertyAssignment(part) &&
    (ts.isIdentifier(part.name) || ts.isStringLiteral(part.name)) &&
    part.name.text === name;
  const isDefault = (part: TS.Node): boolean =>
    ts.isCallExpression(part) &&
    ts.isPropertyAccessExpression(part.expression) &&
    ['default', 'prefault'].includes(part.expression.name.text);
  const first = (within: TS.Node, test: (part: TS.Node) => boolean): TS.Node | undefined =>
    ts.forEachChild(within, (part) => (test(part) ? part : first(part, test)));
  let part = node;
  for (const field of fields) part = part && first(part, (inner) => isProperty(inner, field));
  const call = part && (first(part, isDefault) as TS.CallExpression | undefined);
  const value = call?.arguments[0];
  return value && spanOf(module.file, value);
}

/** Parameters and sizes of sets of ids, which the author's functions work out. */
function activated(loaded: Loaded, spec: SpecSource, given: Readonly<Record<string, unknown>>): Activation {
  const activation = loaded.attempt(
    () => activate(spec.definition, given, hostValuesOf),
    (thrown): Activation => ({ kind: 'invalid', problems: [{ parameter: undefined, message: wordThrown(thrown) }] }),
  );
  if (activation.kind === 'no constants') loaded.passOn(activation.thrown);
  return activation;
}

function activationProblem(
  spec: SpecSource,
  model: Part | undefined,
  parameter: string | undefined,
  message: string,
): Diagnostic {
  const call = model?.node.initializer && skip(model.node.initializer);
  const literal = call && ts.isCallExpression(call) ? call.arguments[0] : undefined;
  const node = parameter === undefined ? undefined : propertyOf(literal, parameter);
  const span = node && model ? spanOf(model.module.file, node) : (model?.span ?? spec.span);
  if (parameter === undefined) return specNotEvaluated(span, message);
  const known = Object.keys(spec.definition.parameters);
  return known.includes(parameter)
    ? parameterRefused(span, parameter, message)
    : unknownParameter(span, parameter, suggest(parameter, known), known);
}

function lowerArguments(
  part: Part,
  parameters: Readonly<Record<string, unknown>>,
  report: ModelContext['report'],
): Argument[] {
  const { declaration } = part;
  if (declaration.kind !== 'action' && declaration.kind !== 'process') return [];
  const lowered: Argument[] = [];
  let instances = 1;
  for (const [name, schema] of Object.entries(argumentsOf(declaration, parameters))) {
    const node = argumentNode(part, name);
    const span = node ? spanOf(part.module.file, node) : part.span;
    const domain = isDefault(schema) ? defaultOfArgument(span, name) : lowerDomain(schema, name, span);
    if (isDiagnostic(domain)) {
      report(domain);
      continue;
    }
    instances *= cardinality(domain);
    if (MAX_INSTANCES < instances) {
      report(
        hugeDomain(
          span,
          name,
          instances === Infinity ? 'more than 9,007,199,254,740,991' : instances.toLocaleString('en-US'),
        ),
      );
      instances = 1;
    }
    lowered.push({ name, domain });
  }
  return lowered;
}

function isDefault(schema: unknown): boolean {
  const type = definitionOfSchema(schema)?.type;
  return type === 'default' || type === 'prefault';
}

function argumentNode(part: Part, name: string): TS.Node | undefined {
  const call = part.node.initializer && skip(part.node.initializer);
  return call && ts.isCallExpression(call) ? propertyOf(call.arguments[0], name)?.name : undefined;
}

/** The second argument of `spec(…)`, when it is written there. */
function optionsOf(spec: SpecSource): TS.Expression | undefined {
  const call = spec.node.initializer && skip(spec.node.initializer);
  return call && ts.isCallExpression(call) ? call.arguments[1] : undefined;
}

function initClosure(unit: Unit, spec: SpecSource, options: TS.Expression | undefined): Closure | undefined {
  if (spec.definition.init === undefined) return undefined;
  const term = initTerm(unit, spec, options);
  if (term?.kind === 'closure') return term;
  if (term?.kind !== 'error') unit.diagnostics.push(bodyNotFound(spec.span, 'init'));
  return undefined;
}

function initTerm(unit: Unit, spec: SpecSource, options: TS.Expression | undefined): Term | undefined {
  const scope = moduleScope(spec.module);
  const property = propertyOf(options, 'init');
  if (property !== undefined && isFunctionNode(property))
    return { kind: 'closure', node: property, scope, name: 'init' };
  if (property !== undefined && ts.isPropertyAssignment(property)) return lower(unit, property.initializer, scope);
  if (property !== undefined && ts.isShorthandPropertyAssignment(property)) return lower(unit, property.name, scope);
  const given = givenTo(unit, spec)?.[1]?.();
  return given?.kind === 'object' ? given.fields.get('init') : undefined;
}

function parametersOf(
  spec: SpecSource,
  options: TS.Expression | undefined,
  values: Readonly<Record<string, unknown>>,
  typed: Typing,
): Parameter[] {
  const literal = literalOf(propertyOf(options, 'params'));
  return Object.entries(values).map(([name, value]) => {
    const node = propertyOf(literal, name);
    const span = node ? spanOf(spec.module.file, node.name ?? node) : spec.span;
    const domain = lowerDomain(spec.definition.parameters[name], name, span);
    return {
      name,
      doc: node ? docOf(node) : '',
      span,
      ...declarationOf(spec, node),
      ...(!isDiagnostic(domain) && { domain }),
      value: typed(name, constantValue(value)?.value).value,
    };
  });
}
