import { positionAt } from '../diagnostics/span.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Action, Domain, Predicate, System, Variable } from '../ir/index.ts';
import { defaultValue, formatValue } from '../ir/index.ts';
import { slotsOf } from '../ir/slots.ts';
import { boundedSystem } from '../ir/serials/as-integers.ts';
import { Identifiers, legalIdentifier } from './identifiers.ts';
import { atomsOf } from './promela/atom.ts';
import { Conversions, quote } from './promela/convert.ts';
import type { CValue } from './promela/c-value.ts';
import type { Writer } from './promela/scope.ts';
import { Fixed } from './promela/fixed.ts';
import { refuseEnabled } from './promela/enabled.ts';
import { conditionText } from './promela/expression.ts';
import type { PromelaInstance } from './promela/instance.ts';
import { instanceCount, instancesOf } from './promela/instance.ts';
import { comment, indented } from './promela/layout.ts';
import { brokenLines } from './promela/line.ts';
import { livenessText } from './promela/liveness.ts';
import type { Model } from './promela/model.ts';
import { functionScope } from './promela/model.ts';
import { RESERVED, RESERVED_MEMBERS } from './promela/reserved.ts';
import { MACROS, RUNTIME } from './promela/runtime.ts';
import { initializer, Shapes, Unshapable } from './promela/shape.ts';
import { grouped, makesChoices, statementLines } from './promela/statement.ts';
import { refuseExtraFields } from './extra-field.ts';
import type { OmittedProperty, Refusal } from './refusal.ts';
import { Refusals } from './refusal.ts';

/** A model for SPIN. */
interface PromelaModel {
  readonly text: string;
  /** Temporal properties that SPIN cannot be asked; everything else is there. */
  readonly omitted: readonly OmittedProperty[];
}

/**
 * One model of a spec as Promela with embedded C, for SPIN.
 *
 * One process, one control state, one atomic transition for each way each action instance can go: the states that SPIN
 * stores are exactly the reachable states, and its transitions are ours and the initial states. The variables are
 * Promela's; what a step does is a C function over a draft of them, because a step may turn out impossible half-way
 * (`when` after an effect), which Promela's `atomic` would leave as a state of its own.
 *
 * @returns the model, or what SPIN cannot be asked.
 */
export function exportPromela(system: System): PromelaModel | Refusal {
  const refusals = new Refusals();
  const model = write(boundedSystem(system), refusals);
  if (model === undefined || refusals.reasons.length > 0) {
    return { kind: 'refusal', target: 'Promela', reasons: refusals.reasons };
  }
  return model;
}

/** More instances than this make a text that no C compiler enjoys. */
const MAX_INSTANCES = 10_000;

function write(system: System, refusals: Refusals): PromelaModel | undefined {
  refuseEnabled(system, refusals);
  refuseExtraFields(system, refusals);
  const atoms = atomsOf(system, RESERVED);
  const reserved = new Set([...RESERVED, ...atoms.macros.values()]);
  const reservedMembers = new Set([...RESERVED_MEMBERS, ...atoms.macros.values()]);
  const shapes = shapesOf(system, atoms, [reserved, reservedMembers], refusals);
  const count = instanceCount(system);
  if (MAX_INSTANCES < count)
    refusals.add(`${count} action instances`, `at most ${MAX_INSTANCES} are written out`, system.span);
  if (shapes === undefined || refusals.reasons.length > 0) return undefined;

  const members = new Identifiers(reservedMembers);
  const globals = new Identifiers(reserved);
  const conversions = new Conversions(shapes);
  const steps = new Map(
    system.actions.map((action) => [action.name, globals.take(`step_${legalIdentifier(action.name)}`).slice(5)]),
  );
  const instances = instancesOf(system, conversions);
  const fixed = new Fixed(system, globals, shapes);
  const writer: Writer = {
    shapes,
    conversions,
    refusals,
    variables: new Map(system.variables.map(({ name, domain }) => [name, { member: members.take(name), domain }])),
    fixed: (expression) => fixed.read(expression),
    enabled: (action, given) => enabledText(writer, instances, steps, action, given),
    where: (span) => where(system, span),
  };
  const model: Model = { system, writer, globals, steps, instances };

  // Functions first: writing them finds the structs and conversions that must stand before them.
  const stepFunctions = system.actions.map((action) => actionFunctions(model, action));
  const initial = initFunctions(model);
  const judges = judgeFunctions(model, initial.hasChoices);
  const liveness = livenessText(model);
  const tooLong = (what: string, span: Span): void =>
    refusals.add(
      what,
      `what it comes to in C is longer than the ${MAX_BLOCK} characters that SPIN reads at once`,
      span,
    );
  const blocks = (texts: readonly string[]): string =>
    codeBlocks(texts, () => tooLong('a spec as large as this', system.span));
  const parts = [
    header(model),
    atomMacros(system, shapes),
    `#define LEAF ${shapes.leaf === 'byte' ? 'unsigned char' : shapes.leaf}\n${MACROS}`,
    liveness.switches,
    ...shapes.definitions(true).map(brokenLines),
    variablesTypedef(model),
    '',
    liveness.variables,
    RUNTIME,
    blocks([...shapes.definitions(false), ...conversions.functions, ...fixed.definitions()]),
    blocks(['static int within(struct Variables *s);']),
    codeBlocks(stepFunctions, (_, index) => tooLong('a step as long as this', system.actions[index]!.span)),
    blocks(judges.predicates),
    liveness.functions.replaceAll(/(?<=^c_code \{\n)[\s\S]*?(?=\n\};)/gm, shortLines),
    blocks([initial.functions, judges.take]),
    `c_state "int ready" "Global" "initialise()"\n`,
    processText(model, initial.hasChoices, liveness.options),
    liveness.formulas,
  ];
  const written = parts.filter((part) => part !== '').join('\n');
  return { text: `${written.trimEnd()}\n`, omitted: liveness.omitted };
}

function shapesOf(
  system: System,
  atoms: ReturnType<typeof atomsOf>,
  reserved: readonly [names: ReadonlySet<string>, members: ReadonlySet<string>],
  refusals: Refusals,
): Shapes | undefined {
  // One by one first, to name the variable that is too large.
  for (const variable of system.variables) {
    try {
      new Shapes(atoms, [variable], ...reserved);
    } catch (error) {
      if (!(error instanceof Unshapable)) throw error;
      refusals.add(error.message, `\`${variable.name}\` has more parts than SPIN's state can hold`, variable.span);
    }
  }
  return refusals.reasons.length > 0 ? undefined : new Shapes(atoms, system.variables, ...reserved);
}

function actionFunctions(model: Model, action: Action): string {
  const name = model.steps.get(action.name)!;
  const { scope, declared } = functionScope(model, action.arguments);
  const body = statementLines(scope, action.body);
  const parameters = ['struct Variables *s', ...declared].join(', ');
  const passed = ['&draft', ...action.arguments.map((argument) => scope.locals.get(argument.name)!.text)].join(', ');
  return (
    comment(action.doc) +
    indented(`static int step_${name}(${parameters}) {\n${body.join('\n')}\nreturn 1;\n}`) +
    `\nstatic int can_${name}(${['int way', ...declared].join(', ')}) { TRY(step_${name}(${passed})); }`
  );
}

function initFunctions(model: Model): { functions: string; hasChoices: boolean } {
  const { system, writer } = model;
  const { scope } = functionScope(model, []);
  const body = statementLines(scope, system.init);
  const hasChoices = system.init.some(makesChoices);
  const defaults = system.variables.map(({ name, domain }) => {
    return `.${writer.variables.get(name)!.member} = ${initializer(writer.shapes, defaultValue(domain), domain)}`;
  });
  const functions =
    `static const struct Variables defaults = { ${defaults.length === 0 ? '0' : defaults.join(', ')} };\n` +
    indented(`static int step_init(struct Variables *s) {\n${body.join('\n')}\nreturn 1;\n}`) +
    `\nstatic int can_init(int way) { TRY_FROM(defaults, step_init(&draft)); }\n\n` +
    (hasChoices ? `${possibleText(model)}\n\n` : '') +
    `/* Called by SPIN before the first state: which is the first initial state. */\n` +
    indented(
      `static int initialise(void) {\nint way;\n` +
        (hasChoices ? `int stuck = 0, others = 0;\nstruct Variables first;\n` : '') +
        `now.s = defaults;\n` +
        `for (way = 0; can_init(way); way++) {\nif (why) unmade_one = why;\n` +
        `else if (within(&draft)) {\nnow.s = draft;\n` +
        (hasChoices
          ? `#ifndef LIVENESS\nif (!possible()) {\n` +
            `if (!stuck++) first = now.s;\nelse if (memcmp(&first, &now.s, sizeof first)) others = 1;\ncontinue;\n}\n#endif\n`
          : '') +
        `return 1;\n}\n}\n` +
        (hasChoices ? `if (stuck) { now.s = first; alone = !others; return 1; }\n` : '') +
        `unmade = unmade_one ? unmade_one : "there is no initial state";\nreturn 1;\n}`,
    );
  return { functions, hasChoices };
}

/**
 * To SPIN the other initial states are steps of the first one, which therefore is no deadlock to it: so that one has to be
 * a state from which a step leads. Where none is, another is a deadlock to SPIN, unless there is no other.
 */
function possibleText({ instances, steps }: Model): string {
  const calls = instances.map(({ action, given }) => `can_${steps.get(action.name)!}(${['0', ...given].join(', ')})`);
  return (
    `/* Whether there is one initial state, and no step leads from it. */\nstatic int alone;\n\n` +
    indented(`static int possible(void) {\nint yes = ${['0', ...calls].join(' ||\n')};\nwhy = 0;\nreturn yes;\n}`)
  );
}

/** The predicates, and what is done with a step that SPIN takes. */
function judgeFunctions(model: Model, hasChoices: boolean): { predicates: string[]; take: string } {
  const { system, globals } = model;
  const names = new Map<Predicate, string>();
  const predicate = (prefix: string, one: Predicate, ofStep: boolean): string => {
    const name = globals.take(`${prefix}_${legalIdentifier(one.name)}`);
    names.set(one, name);
    const { scope } = functionScope(model, []);
    const condition = conditionText(scope, one.predicate);
    const parameters = `struct Variables *s${ofStep ? ', struct Variables *next' : ''}`;
    const otherwise = prefix === 'terminal' ? 1 : 0;
    return (
      comment(one.doc) + indented(`static int ${name}(${parameters}) { TEST(${grouped(condition)}, ${otherwise}); }`)
    );
  };
  const predicates = [
    ...system.invariants.map((one) => predicate('invariant', one, false)),
    ...system.steps.map((one) => predicate('always_step', one, true)),
    ...system.sometimes.map((one) => predicate('sometimes', one, false)),
    ...system.terminal.map((one) => predicate('terminal', one, false)),
    ...system.within.map((one) => predicate('within', one, false)),
  ];
  const all = (list: readonly Predicate[], join: string, otherwise: string): string =>
    list.length === 0 ? otherwise : list.map((one) => `${names.get(one)!}(s)`).join(join);
  predicates.push(`static int within(struct Variables *s) { return ${all(system.within, ' && ', '1')}; }`);
  const ends = system.model.deadlocks === 'ignored' ? '1' : all(system.terminal, ' || ', '0');
  predicates.push(`static int terminal(struct Variables *s) { return ${ends}; }`);

  const asserted = system.invariants.map((one) => `if (!${names.get(one)!}(s)) report("${one.name}");`);
  const reached = system.sometimes.map((one) => `if (${names.get(one)!}(s)) report("reached ${one.name}");`);
  const stepwise = system.steps.map((one) => `if (!${names.get(one)!}(&now.s, &draft)) report("${one.name}");`);
  const take =
    `/* Asserts what must be true of every state; never says that there is a step. */\n` +
    indented(
      `static int judge(struct Variables *s) {\n` +
        `if (unmade) { report(unmade); return 0; }\nif (unmade_one) { report(unmade_one); unmade_one = 0; }\n` +
        (hasChoices && system.within.length > 0
          ? `if (alone == 1) {\nint way;\nalone = 2;\n` +
            `for (way = 0; can_init(way); way++) if (!why && !within(&draft)) judge(&draft);\nwhy = 0;\n}\n`
          : '') +
        `${asserted.join('\n')}\n` +
        (reached.length === 0 ? '' : `#ifdef REACH\n${reached.join('\n')}\n#endif\n`) +
        `return 0;\n}`,
    ) +
    `\n\n/* Makes the step that was last tried. */\n` +
    indented(
      `static void take(int number, const char *label) {\n` +
        `if (readtrail) printf("%s\\n", label);\n` +
        `if (why) { report(why); return; }\n` +
        (stepwise.length === 0 ? '' : `if (memcmp(&now.s, &draft, sizeof draft)) {\n${stepwise.join('\n')}\n}\n`) +
        `if (!within(&draft)) { judge(&draft); return; }\n` +
        `#ifdef LIVENESS\nadvance(memcmp(&now.s, &draft, sizeof draft) ? number : -1);\n#endif\n` +
        `now.s = draft;\n` +
        `#ifdef LIVENESS\nkeep_promises();\n#endif\n}`,
    ) +
    `\n\nstatic void take_initial(void) {\n  if (why) { report(why); return; }\n` +
    `  if (!within(&draft)) { judge(&draft); return; }\n  now.s = draft;\n}`;
  return { predicates, take };
}

function enabledText(
  writer: Writer,
  instances: readonly PromelaInstance[],
  steps: ReadonlyMap<string, string>,
  action: string,
  given: readonly (CValue | undefined)[],
): string {
  const tests = instances
    .filter((instance) => instance.action.name === action)
    .map((instance) => {
      const equal = given.flatMap((value, index) => {
        if (value === undefined) return [];
        const { domain } = instance.action.arguments[index]!;
        return [writer.conversions.equal(value.text, value.domain, instance.given[index]!, domain)];
      });
      return [...equal, `CAN(can_${steps.get(action)!}${['', ...instance.given].join(', ')})`].join(' && ');
    });
  if (tests.length === 0) return '0';
  return `(${tests.map((test) => `(${test})`).join(' || ')})`;
}

function processText({ system, instances, steps, globals }: Model, hasChoices: boolean, promises: string): string {
  const options = instances.map((instance) => {
    const macro = instance.action.body.some(makesChoices) ? 'STEPS' : 'STEP';
    const given = ['', ...instance.given].join(', ');
    return `  :: ${macro}(${quote(instance.label)}, ${instance.number}, can_${steps.get(instance.action.name)!}${given})`;
  });
  const initial = hasChoices
    ? `\
#ifdef LIVENESS
  :: atomic { c_expr { !now.started && can_init (0) } -> way = 0;
#else
  /* The other initial states: steps of the first one, before any other. */
  :: atomic { c_expr { depth == 0 && !alone && can_init (0) } -> way = 0;
#endif
       do :: c_expr { can_init (way + 1) } -> way++ :: break od;
       d_step { c_code { can_init(way); take_initial(); }; BEGIN } }
`
    : '';
  return (
    'hidden int way;\n\n' +
    `active proctype ${globals.take(legalIdentifier(system.name))}() {\n  do\n` +
    `#ifdef LIVENESS\n  :: d_step { c_expr { now.started } -> c_code { advance(-1); } } /* stuttering */\n` +
    `#else\n  :: c_expr { judge (&now.s) } -> skip\n` +
    (system.terminal.length === 0 && system.model.deadlocks !== 'ignored'
      ? ''
      : `  :: d_step { c_expr { terminal (&now.s) } -> skip } /* no deadlock */\n`) +
    `#endif\n${initial}${promises}${options.join('\n')}\n  od\n}\n`
  );
}

function variablesTypedef({ system, writer }: Model): string {
  const lines = system.variables.map((variable: Variable) => {
    const type = writer.shapes.memberType(variable.domain, true);
    const note = comment(variable.doc.trim().split('\n')[0]!).trimEnd();
    const member = `  ${type} ${writer.variables.get(variable.name)!.member};`;
    const short = note === '' ? member : `${member} ${note}`;
    return short.length <= 120 && !note.includes('\n') ? short : `${note.replaceAll(/^/gm, '  ')}\n${member}`;
  });
  const body = lines.length === 0 ? '  byte nothing;' : lines.join('\n');
  return `\ntypedef Variables {\n${body}\n};\nVariables s;\n`;
}

/** The numbers of all values that are no numbers, by name. */
function atomMacros(system: System, shapes: Shapes): string {
  const { codes, macros } = shapes.atoms;
  const lines = [...macros].map(([atom, macro]) => `#define ${macro} ${codes.get(atom)!}`);
  const parameters = system.parameters.map(({ name, value }) => ` *   ${name} = ${formatValue(value)}`);
  const note =
    parameters.length === 0 ? '' : `/*\n * Parameters:\n${parameters.join('\n').replaceAll('*/', '* /')}\n */\n`;
  return `${note}${lines.join('\n')}\n`;
}

/** SPIN reads at most 64 KB between the braces of a `c_code`, with all macros put in. */
const MAX_BLOCK = 60_000;

/** Each text in a block of its own. */
function codeBlocks(texts: readonly string[], refuse: (text: string, index: number) => void): string {
  texts.forEach((text, index) => {
    if (MAX_BLOCK < text.length) refuse(text, index);
  });
  return texts
    .filter((text) => text.trim() !== '')
    .map((text) => `c_code {\n${shortLines(text)}\n};\n`)
    .join('\n');
}

/** Indentation counts, too: what only fits in a block without it keeps its long lines. */
function shortLines(text: string): string {
  const lines = brokenLines(text);
  return lines.length <= MAX_BLOCK ? lines : text;
}

function header({ system, writer }: Model): string {
  const title = `${system.name}, model ${system.model.name}`;
  const about = slotsOf(system.doc).text;
  const doc = about === '' ? '' : `\n\n${about}`;
  const size = vectorSize(writer, system);
  const vector = size <= 900 ? '' : ` -DVECTORSZ=${2 ** Math.ceil(Math.log2(size + 256))}`;
  const reach =
    system.sometimes.length === 0 ? '' : ' (-DREACH for spin: an error for each `sometimes` that is reached)';
  return comment(
    `${title}${doc}\n\nWritten by Fairlead.\n\n` +
      `  spin -a model.pml${reach}\n` +
      `  gcc -O2 -DSAFETY -DNOREDUCE${vector} -o pan pan.c\n` +
      `  ./pan -m1000000\n\n` +
      `Stored states are the reachable states, one to one.`,
  );
}

/** Bytes of the variables in SPIN's state vector. */
function vectorSize(writer: Writer, system: System): number {
  const { shapes } = writer;
  const leaf = { byte: 1, short: 2, int: 4 }[shapes.leaf];
  const size = (domain: Domain): number => {
    const shape = shapes.of(domain);
    const sum = (parts: readonly { readonly domain: Domain }[]): number =>
      parts.reduce((so, one) => so + size(one.domain), 0);
    switch (shape.kind) {
      case 'scalar':
        return leaf;
      case 'object':
        return Math.max(1, sum(shape.fields));
      case 'variant':
        return leaf + shape.cases.reduce((so, one) => so + sum(one.fields), 0);
      case 'tuple':
        return Math.max(1, sum(shape.items));
      case 'array':
        return leaf + Math.max(1, shape.max) * size(shape.element);
      case 'record':
        return Math.max(1, shape.keys.length) * size(shape.value);
      case 'set':
        return Math.max(1, shape.elements.length) * leaf;
      case 'union':
        return 2 * leaf + sum(shape.members);
    }
  };
  return system.variables.reduce((so, { domain }) => so + size(domain), 0);
}

function where(system: System, span: Span): string {
  const file = system.files[span.file];
  if (file === undefined) return system.name;
  return `${file.path.split('/').at(-1)!}:${positionAt(file.text, span.start).line}`;
}
