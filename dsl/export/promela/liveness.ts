import type { Formula, Property } from '../../ir/index.ts';
import { formatValue, valuesOf } from '../../ir/index.ts';
import { legalIdentifier } from '../identifiers.ts';
import type { OmittedProperty, RefusalReason } from '../refusal.ts';
import { conditionText } from './expression.ts';
import type { AssumedSteps } from './fairness.ts';
import { assumptionsOf, isAssumed } from './fairness.ts';
import type { Bindings } from './formula.ts';
import { asksWhen, FormulaWriter } from './formula.ts';
import type { PromelaInstance } from './instance.ts';
import { comment, indented } from './layout.ts';
import type { Model } from './model.ts';
import { functionScope } from './model.ts';
import { grouped, makesChoices } from './statement.ts';

/** The parts of a model that only a check of a temporal property needs. */
interface LivenessText {
  /** Properties that are not among the formulas. */
  readonly omitted: readonly OmittedProperty[];
  /** Macros that say which property is checked, and what a step is then. */
  readonly switches: string;
  readonly variables: string;
  readonly functions: string;
  /** More options of the process. */
  readonly options: string;
  readonly formulas: string;
}

/**
 * Temporal properties as `ltl` formulas, one for each value that a property is quantified over at its outside.
 *
 * Fairness is a premise: `waiting` goes through the assumptions in turn, moving on when the one it waits for is
 * satisfied by a step (its action is taken, or could not be), and reaches their number again and again exactly in fair
 * runs. A strong assumption may also be satisfied by a promise, made once, that its action is never enabled again;
 * a run that breaks one goes nowhere. So one premise does for any number of assumptions.
 * Any state may stutter, as in TLA; fairness alone makes runs go on.
 */
export function livenessText(model: Model): LivenessText {
  const { system } = model;
  if (system.properties.length === 0) {
    return { omitted: [], switches: SAFETY_SWITCHES, variables: '', functions: '', options: '', formulas: '' };
  }
  const assumptions = assumptionsOf(model);
  const isLateStart = system.init.some(makesChoices);
  const writer = new FormulaWriter(model);
  const switches: string[] = [];
  const formulas: string[] = [];
  const omitted: OmittedProperty[] = [];
  for (const property of system.properties) {
    const name = legalIdentifier(property.name);
    const assumed = assumptions.flatMap((one, index) => (isAssumed(property, one.set) ? [index] : []));
    // What a formula remembers of the last step multiplies the states: such a property is checked alone.
    const isShared = assumed.length === assumptions.length && !asksWhen(property.formula);
    const isAsked = `#if defined(PROPERTY_${name})${isShared ? ' || defined(PROPERTIES)' : ''}`;
    writer.isAsked = isAsked;
    switches.push(
      `${isAsked}\n#define LIVENESS\n#define ASSUMPTIONS ${assumed.length}\n` +
        `#define ASSUMED ${assumed.length === 0 ? '0' : assumed.join(', ')}\n#endif`,
    );
    const claims = claimsOf(model, property, 0 < assumed.length, isLateStart, writer);
    if ('reasons' in claims) {
      omitted.push({ property: property.name, reasons: claims.reasons });
      const why = claims.reasons.map(({ construct, message }) => `${construct}: ${message}`).join('; ');
      formulas.push(`#ifdef PROPERTY_${name}\n#error ${property.name} is left out (${why})\n#endif`);
      continue;
    }
    formulas.push(`${isAsked}\n${comment(property.doc)}${claims.join('\n')}\n#endif`);
  }
  const promises = assumptions
    .map(({ strength }, index) => (strength === 'strong' ? index : -1))
    .filter((one) => one >= 0);
  const options = promises.map((index) => {
    return `  :: d_step { c_expr { may_promise (${index}) } -> c_code { now.gone[${index}] = 1; advance(-1); } }`;
  });
  return {
    omitted,
    switches: `${comment(GUIDE)}${switches.join('\n')}\n\n#ifdef LIVENESS\n${LIVENESS_SWITCHES}\n#else\n${SAFETY_SWITCHES}\n#endif`,
    variables: variablesText(assumptions.length, writer, isLateStart),
    functions: functionsText(model, assumptions, writer),
    options: options.length === 0 ? '' : `#ifdef LIVENESS\n${options.join('\n')}\n#endif\n`,
    formulas: formulas.join('\n\n'),
  };
}

const GUIDE = `\
To check a temporal property p:

  spin -a -DPROPERTY_p model.pml
  gcc -O2 -DNOREDUCE -o pan pan.c
  ./pan -a -N p -m1000000

with p_r0, p_r1 and so on after -N where the property is quantified. -DPROPERTIES instead of -DPROPERTY_p makes one
verifier for all properties that assume every fairness set. Among the states are then also how far the fairness
assumptions are, so there are more of them.`;

const SAFETY_SWITCHES = `\
#define MAY_STEP 1
#define IS_STEP 1
#define FAILURES_COUNT 1
#define BEGIN skip`;

const LIVENESS_SWITCHES = `\
#define MAY_STEP (now.started && !now.broken)
#define IS_STEP (asking || within(&draft))
#define FAILURES_COUNT 0
#define BEGIN started = 1`;

function variablesText(
  assumptions: number,
  { taken, before, isEverLate }: FormulaWriter,
  isLateStart: boolean,
): string {
  const past = `bool began;                        /* a step was made */
bool was[${Math.max(1, before.length)}];                       /* what was true before it */
`;
  return `\
#ifdef LIVENESS
bool started = ${isLateStart ? 0 : 1};
bool broken;                       /* a promise was */
${assumptions < 255 ? 'byte' : 'int'} waiting;                      /* the assumption that is to be satisfied next */
bool gone[${Math.max(1, assumptions)}];                      /* promised never to be enabled again */
bool took[${Math.max(1, taken.length)}];                      /* by the last step */
${isEverLate ? past : ''}#endif
`;
}

/**
 * The formulas of one property: split where it is quantified at its outside, so that each can be checked alone; or why
 * there are none.
 */
function claimsOf(
  model: Model,
  property: Property,
  isFair: boolean,
  isLateStart: boolean,
  writer: FormulaWriter,
): string[] | { readonly reasons: readonly RefusalReason[] } {
  const split = (formula: Formula, bindings: Bindings, suffix: string): string[] => {
    if (formula.kind === 'forAll') {
      return [...valuesOf(formula.domain)].flatMap((value) => {
        const inner = new Map([...bindings, [formula.binder, { value, domain: formula.domain }]]);
        return split(formula.body, inner, `${suffix}_${legalIdentifier(formatValue(value))}`);
      });
    }
    const text = writer.claim(formula, bindings, isLateStart);
    const premised = isFair ? `([]<> (waiting == ASSUMPTIONS)) -> ${text}` : text;
    const name = model.globals.take(`${legalIdentifier(property.name)}${suffix}`);
    const claim = `ltl ${name} { ${premised} }`;
    return [claim.length <= 120 ? claim : [`ltl ${name} {`, ...formulaLines(premised), '}'].join('\n')];
  };
  const { reasons } = model.writer.refusals;
  const known = reasons.length;
  const claims = split(property.formula, new Map(), '');
  return reasons.length === known ? claims : { reasons: reasons.splice(known) };
}

/** A formula over several lines, each as long as it may be. SPIN reads no line break within a `c_expr { … }`. */
function formulaLines(formula: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of formula.match(/[^ {}]+(?: \{[^}]*\}[^ ]*)?/g) ?? []) {
    if (line !== '' && 2 + line.length + 1 + piece.length > 120) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return [...lines, line].map((text) => `  ${text}`);
}

function functionsText(model: Model, assumptions: readonly AssumedSteps[], writer: FormulaWriter): string {
  const conditions = new Map<string, string>();
  const text: string[] = [];
  /** C for whether an instance counts for an assumption in this state. */
  const counts = ({ group }: AssumedSteps, instance: PromelaInstance): string => {
    if (group.when === undefined) return '1';
    const key = `${model.system.fairness.findIndex((set) => set.assumptions.some(({ groups }) => groups.includes(group)))} ${group.name} ${instance.action.name}`;
    let name = conditions.get(key);
    if (name === undefined) {
      name = `counts_${conditions.size}`;
      conditions.set(key, name);
      const { scope, declared } = functionScope(model, instance.action.arguments);
      const condition = conditionText(scope, group.when);
      text.push(
        `static int ${name}(${['struct Variables *s', ...declared].join(', ')}) { TEST(${grouped(condition)}, 0); }`,
      );
    }
    return `${name}(${['&now.s', ...instance.given].join(', ')})`;
  };
  const ask = (question: string, instance: PromelaInstance): string =>
    `${question}(can_${model.steps.get(instance.action.name)!}${['', ...instance.given].join(', ')})`;
  /** C for whether one of some steps is made: the one with that number, or another that leads to the same state. */
  const isMade = (steps: readonly { readonly instance: PromelaInstance; readonly counting: string }[]): string => {
    const either = (test: (number: number) => string): string =>
      steps
        .map(({ instance, counting }) => (counting === '1' ? '' : `${counting} && `) + test(instance.number))
        .join(' ||\n');
    if (steps.length === 0) return '0';
    return `number >= 0 && (${either((number) => `number == ${number}`)} ||\n${either((number) => `makes(${number})`)})`;
  };

  const enabled = assumptions.map((one, index) => {
    const tests = one.members.map((instance) => {
      const counting = counts(one, instance);
      const can = ask('CHANGES', instance);
      return counting === '1' ? can : `(${counting} && ${can})`;
    });
    return `case ${index}: return ${tests.join(' ||\n')}; /* ${one.label.replaceAll('*/', '* /')} */`;
  });
  const takes = assumptions.map((one, index) => {
    const steps = one.members.map((instance) => ({ instance, counting: counts(one, instance) }));
    return `case ${index}: return ${isMade(steps)};`;
  });
  const taken = writer.taken.map(({ isAsked, members }, index) => {
    const steps = members.map((instance) => ({ instance, counting: '1' }));
    return `${isAsked}\nnow.took[${index}] = ${isMade(steps)};\n#endif`;
  });
  for (const [index, { isAsked, name }] of writer.before.entries()) {
    taken.push(`${isAsked}\nnow.was[${index}] = ${name}(&now.s);\n#endif`);
  }
  if (writer.isEverLate) taken.push('now.began = 1;');
  const asked = new Set([...assumptions.flatMap((one) => one.members), ...writer.taken.flatMap((one) => one.members)]);
  const twins = [...asked].map((instance) => `case ${instance.number}: return ${ask('MAKES', instance)};`);
  const strong = assumptions.flatMap(({ strength }, index) => (strength === 'strong' ? [`i == ${index}`] : []));
  const functions = [
    ...text,
    `/* Whether a step of the assumption changes this state. */\nstatic int is_enabled(int i) {\nswitch (i) {\n${enabled.join('\n')}\n}\nreturn 0;\n}`,
    `/* The state that the step leads to which is being made. */\nstatic struct Variables made;\n/* Whether a step of this instance leads there too. */\nstatic int makes(int number) {\nswitch (number) {\n${twins.join('\n')}\n}\nreturn 0;\n}`,
    `/* Whether a step that changes the state is one of the assumption. */\nstatic int takes(int i, int number) {\nswitch (i) {\n${takes.join('\n')}\n}\nreturn 0;\n}`,
    `static int is_strong(int i) { return ${strong.length === 0 ? '0' : strong.join(' || ')}; }`,
    `static int satisfied(int i, int number) {\nreturn takes(i, number) || (is_strong(i) ? now.gone[i] : !is_enabled(i));\n}`,
    ADVANCE.replace('TAKEN', taken.join('\n')),
    PROMISES,
  ];
  const blocks = [...writer.atoms, ...functions].map((one) => `c_code {\n${indented(one)}\n};`);
  return `#ifdef LIVENESS\n${blocks.join('\n\n')}\n#endif\n`;
}

const ADVANCE = `\
static const int assumed[] = { ASSUMED };

/* Before a step of this instance is made; -1: before one that changes nothing. */
static void advance(int number) {
made = draft;
TAKEN
if (!now.started || now.broken) return;
if (now.waiting == ASSUMPTIONS) now.waiting = 0;
while (now.waiting < ASSUMPTIONS && satisfied(assumed[now.waiting], number)) now.waiting++;
draft = made;
}`;

const PROMISES = `\
static int is_assumed(int i) {
int k;
for (k = 0; k < ASSUMPTIONS; k++) if (assumed[k] == i) return 1;
return 0;
}

static int may_promise(int i) {
return MAY_STEP && is_assumed(i) && !now.gone[i] && !is_enabled(i);
}

static void keep_promises(void) {
int k;
for (k = 0; k < ASSUMPTIONS; k++) if (is_strong(assumed[k]) && now.gone[assumed[k]] && is_enabled(assumed[k])) now.broken = 1;
if (now.broken) { now.waiting = 0; memset(now.gone, 0, sizeof now.gone); }
}`;
