import type { Diagnostic, Label } from './diagnostic.ts';
import type { Span } from './span.ts';
import { NO_SPAN } from './span.ts';
import { suggest } from './suggest.ts';

/**
 * Every diagnostic there is: a function from the facts to the words. Passes find what is wrong; what to say about it
 * stands here and nowhere else. Each code has a page in `docs/diagnostics` and a case in `test/cases`.
 */

type Code = Diagnostic['code'];

function error(code: Code, span: Span, message: string, text: string, help?: string): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    primary: { span, text },
    related: [],
    ...(help === undefined ? {} : { help }),
  };
}

/** With other places that took part. */
function relatedTo(diagnostic: Diagnostic, ...related: readonly Label[]): Diagnostic {
  return { ...diagnostic, related };
}

function warning(code: Code, span: Span, message: string, text: string, help?: string): Diagnostic {
  return { ...error(code, span, message, text, help), severity: 'warning' };
}

// Reading a spec

export function fileMissing(path: string): Diagnostic {
  return error('FL001', NO_SPAN, `cannot read \`${path}\``, '', 'check the path; specs are TypeScript files');
}

export function syntaxError(span: Span, message: string): Diagnostic {
  return error('FL002', span, lowerFirst(message), 'TypeScript stops here');
}

export function typeError(span: Span, message: string, code: number, help?: string): Diagnostic {
  return error('FL003', span, lowerFirst(message), `TypeScript error ${code}`, help);
}

export function textForId(span: Span, name: string): Diagnostic {
  const message = `a text is no id of \`${name}\`, whatever it says`;
  const help = `take an id from where there are ids: an argument, the state, \`pick(${name})\``;
  return error('FL003', span, message, 'a text', help);
}

export function textForSerial(span: Span, name: string): Diagnostic {
  const message = `a text is no value of \`${name}\`, whatever it says`;
  return error('FL003', span, message, 'a text', `make one with \`fresh(${name})\`, or take it from the state`);
}

export function importMissing(span: Span, specifier: string): Diagnostic {
  return error('FL004', span, `cannot find the module \`${specifier}\``, 'imported here');
}

export function evaluationFailed(span: Span, message: string): Diagnostic {
  return error('FL005', span, `evaluating the spec failed: ${message}`, 'thrown from here');
}

export function nothingToDo(span: Span, name: string): Diagnostic {
  return error(
    'FL006',
    span,
    `the spec "${name}" has no action and no process`,
    'nothing can ever happen in it',
    'declare a step on it: `export const tick = clock.action((s) => { … });`',
  );
}

export function nestedTooDeeply(span: Span, message: string, label = 'the innermost'): Diagnostic {
  const help =
    'name parts of it by constants and functions, or ask a list: `[1, 2, 3].includes(s.x)`, `all(…)`, `some(…)`';
  return error('FL007', span, message, label, help);
}

// Declarations

export function unnamed(span: Span, kind: string): Diagnostic {
  return error(
    'FL010',
    span,
    `this ${kind} has no name`,
    '',
    'assign it to a const of its own at the top level of the module; that const is its name in every report',
  );
}

export function duplicateName(span: Span, name: string, first: Span): Diagnostic {
  return relatedTo(
    error('FL011', span, `two declarations of one spec are called \`${name}\``, 'second', 'rename one of them'),
    { span: first, text: 'first' },
  );
}

export function bodyNotFound(span: Span, kind: string): Diagnostic {
  return error(
    'FL012',
    span,
    `the body of this ${kind} cannot be read`,
    'not a function whose source is at hand',
    'write the function here, or name a function that is declared in this module or one it imports',
  );
}

export function unknownParameter(
  span: Span,
  name: string,
  near: string | undefined,
  known: readonly string[],
): Diagnostic {
  const list = known.length === 0 ? 'it has no parameters' : `it has ${known.map((one) => `\`${one}\``).join(', ')}`;
  return error('FL013', span, `the spec has no parameter \`${name}\``, list, near && `did you mean \`${near}\`?`);
}

export function parameterRefused(span: Span, name: string, message: string): Diagnostic {
  return error('FL014', span, `the value of parameter \`${name}\` is refused: ${lowerFirst(message)}`, '');
}

export function unknownModel(span: Span, name: string, near: string | undefined, known: readonly string[]): Diagnostic {
  const list = known.map((one) => `\`${one}\``).join(', ');
  return error('FL015', span, `there is no model \`${name}\``, `models: ${list}`, near && `did you mean \`${near}\`?`);
}

export function wrongExpectation(span: Span, model: string, list: string, position: number): Diagnostic {
  return error(
    'FL016',
    span,
    `model \`${model}\` expects something of what is not declared on its spec`,
    `entry ${position + 1} of \`${list}\``,
    list === 'violates'
      ? '`violates` takes invariants, step properties and properties of the same spec'
      : '`unreachable` takes what was declared with `sometimes` on the same spec',
  );
}

export function wrongDeadlocks(span: Span, isModel: boolean): Diagnostic {
  const what = isModel ? 'what the model says about deadlocks' : 'what the spec says about deadlocks';
  const model = '`true` (there is one), `false` (there is none) or `"ignored"` (it does not matter)';
  return error('FL016', span, `${what} is no answer`, '', `write ${isModel ? model : '`deadlocks: "ignored"`'}`);
}

export function wrongFairness(span: Span, message: string): Diagnostic {
  return error(
    'FL017',
    span,
    message,
    '',
    `fairness is assumed of actions and processes of the same spec: ${FAIRNESS}`,
  );
}

const FAIRNESS =
  "`weak(a, b)`, `weak.any(a, b)`, or with options at the end: `weak.any(a, b, { per: ['r'], when: (s, { r }) => … })`";

export function noTimeouts(span: Span, process: string): Diagnostic {
  const help = `begin one with \`const timedOut = yield* mayTimeOut("asleep")\`, or leave \`${process}.timeouts\` out`;
  return error('FL017', span, `\`${process}\` has no step that may time out`, '', help);
}

/** @param known - the arguments that could be named. */
export function wrongPer(
  span: Span,
  message: string,
  near: string | undefined,
  known: readonly string[],
  areMany: boolean,
): Diagnostic {
  const names = known.map((one) => `\`${one}\``).join(', ');
  const which = areMany ? 'arguments that all of them have' : 'its arguments';
  const none = areMany ? 'there are none: `per` names arguments that all of them have' : 'it has none: leave `per` out';
  const help = known.length === 0 ? none : `\`per\` names ${which}: ${names}`;
  return error('FL017', span, message, '', near === undefined ? help : `did you mean \`${near}\`?`);
}

export function specNotEvaluated(span: Span, message: string): Diagnostic {
  return error('FL018', span, `the variables of the spec cannot be evaluated: ${message}`, '');
}

export function constantsNotEvaluated(span: Span, message: string): Diagnostic {
  return error('FL019', span, `the constants of the spec cannot be computed: ${message}`, '');
}

/** @param found - what is no value, in words. */
export function constantRefused(span: Span, path: string, found: string): Diagnostic {
  return error(
    'FL019',
    span,
    `the constant \`${path}\` is ${found}`,
    '',
    'a constant is made of booleans, 32-bit integers, texts, ids, null, undefined, and arrays, sets and plain objects of them',
  );
}

// Domains

export function unboundedDomain(span: Span, path: string, what: string, help: string): Diagnostic {
  return error('FL020', span, `\`${path}\` ranges over ${what}, which has no end`, '', help);
}

export function unsupportedSchema(span: Span, path: string, what: string, help: string): Diagnostic {
  return error('FL021', span, `\`${path}\` is declared with ${what}, which describes no finite domain`, '', help);
}

export function defaultOfArgument(span: Span, name: string): Diagnostic {
  const help = 'an argument has every value of its domain in turn; leave the default out';
  return error(
    'FL021',
    span,
    `\`${name}\` is declared with a default, which only parameters and variables have`,
    '',
    help,
  );
}

export function wrongStart(span: Span, path: string, value: string): Diagnostic {
  return error(
    'FL024',
    span,
    `\`${path}\` cannot start with ${value}, which its domain does not have`,
    '',
    'give a value that the schema allows, or widen the schema',
  );
}

export function serialMisused(span: Span, message: string, help: string): Diagnostic {
  return error('FL056', span, message, '', help);
}

export function wrongSerial(span: Span, message: string, help: string): Diagnostic {
  return error('FL057', span, message, '', help);
}

export function emptyDomain(span: Span, path: string): Diagnostic {
  return error(
    'FL022',
    span,
    `\`${path}\` has no possible value`,
    '',
    'make sure that its minimum is not above its maximum, and that sets of ids are not empty',
  );
}

export function hugeDomain(span: Span, path: string, size: string): Diagnostic {
  return error(
    'FL023',
    span,
    `\`${path}\` would have to be gone through value by value, and has ${size} of them`,
    '',
    'make the bounds as tight as the protocol allows; a model of a few values finds nearly every bug that a large one does',
  );
}

// The language

export function outsideLanguage(span: Span, construct: string, help: string): Diagnostic {
  return error('FL030', span, `${construct} cannot be used in a spec`, '', help);
}

export function looseEquality(span: Span, operator: string): Diagnostic {
  return error(
    'FL031',
    span,
    `\`${operator}\` converts its operands before it compares them`,
    '',
    `write \`${operator}=\``,
  );
}

export function division(span: Span): Diagnostic {
  return error(
    'FL032',
    span,
    '`/` can yield a fraction, and all numbers of a spec are integers',
    '',
    'write `Math.floor(a / b)` or `Math.trunc(a / b)`',
  );
}

export function notBoolean(span: Span, found: string, help: string): Diagnostic {
  return error('FL033', span, `a condition has to be a boolean, and this is ${found}`, found, help);
}

/** @param found - one word for what is compared; only objects have fields to compare one by one. */
export function identityComparison(span: Span, operator: string, found: string): Diagnostic {
  const byFields = found === 'object' ? 'compare their fields, or ' : '';
  return error(
    'FL034',
    span,
    `\`${operator}\` asks whether two ${found}s are the same one, not whether they are equal`,
    found,
    `${byFields}write \`${operator === '!==' ? '!' : ''}equal(a, b)\``,
  );
}

export function outsideWorld(span: Span, name: string, help: string): Diagnostic {
  return error('FL035', span, `\`${name}\` is outside of what a spec can see`, '', help);
}

export function unknownMember(
  span: Span,
  name: string,
  owner: string,
  near: string | undefined,
  help?: string,
): Diagnostic {
  return error(
    'FL036',
    span,
    `\`${name}\` of ${owner} is not part of the language`,
    '',
    near === undefined ? help : `did you mean \`${near}\`?`,
  );
}

export function foreignCall(span: Span, name: string): Diagnostic {
  return error(
    'FL037',
    span,
    `\`${name}\` cannot be called in a body: its source is not at hand`,
    '',
    'call a function that is declared by a name of its own, in this file or in one that it imports',
  );
}

export function recursion(span: Span, name: string): Diagnostic {
  return error(
    'FL038',
    span,
    `\`${name}\` calls itself`,
    'already being expanded',
    'functions of a spec are expanded where they are called; use a loop over a finite domain',
  );
}

export function tooManyCalls(span: Span, name: string, most: number): Diagnostic {
  return error(
    'FL055',
    span,
    `this body is too large: more than ${most.toLocaleString('en')} calls stand in it, with those in what it calls`,
    `one more call of \`${name}\``,
    'functions are written out where they are called: where one is called twice with the same, keep what it gives in a const',
  );
}

export function tooManyPlaces(span: Span, most: number): Diagnostic {
  return error(
    'FL055',
    span,
    `this process is too large: it has more than ${most.toLocaleString('en')} places where a thread may stand`,
    'one more',
    'a function with a `yield` is written out where it is called: go through what it is called for in a loop',
  );
}

export function valueTooLarge(span: Span, what: string, most: number): Diagnostic {
  return error(
    'FL055',
    span,
    `${what} is too large: it has more than ${most.toLocaleString('en')} parts`,
    '',
    'a value is a tree, so what is in it twice is there twice: keep the parts in an array, and name them by their index',
  );
}

export function notAnInteger(span: Span, text: string): Diagnostic {
  return error(
    'FL039',
    span,
    `\`${text}\` is no 32-bit integer`,
    '',
    'scale the quantity so that it is a small integer',
  );
}

export function effectInPredicate(span: Span, what: string): Diagnostic {
  return error(
    'FL040',
    span,
    `${what}, where only a value is asked for`,
    '',
    'change the state in the statements of an action, an `init` or a process',
  );
}

export function notAssignable(span: Span, what: string, help: string): Diagnostic {
  return error('FL041', span, `${what} cannot be assigned`, '', help);
}

export function objectInTwoPlaces(span: Span, put: Span): Diagnostic {
  return relatedTo(
    error(
      'FL054',
      span,
      'in JavaScript this changes an object that is in two places by now',
      '',
      'put a copy there: `{ ...x }`; or change the object before it is put into a second place, or after it has left the first',
    ),
    { span: put, text: 'here it is put into a second place' },
  );
}

/** @param name - as it is written in the spec; undefined for an object without a name. */
export function staleReference(span: Span, name: string | undefined, change: Span): Diagnostic {
  const help =
    name === undefined
      ? 'make the change in a statement of its own, before this one or after it'
      : `read the state again instead of using \`${name}\`, or copy what you need into a const of its own before the change`;
  return relatedTo(
    error(
      'FL042',
      span,
      `it is not certain which object ${name === undefined ? 'this' : `\`${name}\``} stands for here`,
      '',
      help,
    ),
    { span: change, text: 'its object was replaced or changed here' },
  );
}

export function unknownName(span: Span, name: string, near: string | undefined): Diagnostic {
  return error('FL043', span, `cannot find \`${name}\``, '', near && `did you mean \`${near}\`?`);
}

export function notAValue(span: Span, what: string, help: string): Diagnostic {
  return error('FL044', span, `${what} is not a value that a state can hold or an operator can take`, '', help);
}

export function unrelatedShapes(span: Span, left: string, right: string): Diagnostic {
  return error(
    'FL045',
    span,
    `this is either ${left} or ${right}, and nothing tells them apart`,
    '',
    'give both the same fields, or a field with a different literal in each',
  );
}

export function wrongOperand(span: Span, operator: string, found: string, wanted: string): Diagnostic {
  return error('FL046', span, `\`${operator}\` takes ${wanted}, and this is ${found}`, found);
}

export function moduleVariable(span: Span, name: string): Diagnostic {
  return error(
    'FL047',
    span,
    `\`${name}\` is a variable of the module, whose value can change behind the checker's back`,
    '',
    'make it a `const`, or a variable of the spec',
  );
}

export function temporalMisuse(span: Span, what: string, help: string): Diagnostic {
  return error('FL048', span, what, '', help);
}

export function changedWhileIterated(span: Span, loop: Span): Diagnostic {
  return relatedTo(
    error(
      'FL049',
      span,
      'this changes the collection that the loop goes through',
      '',
      'go through a copy: `for (const x of [...items])`',
    ),
    { span: loop, text: 'iterated here' },
  );
}

export function wordMisused(span: Span, word: string, help: string): Diagnostic {
  return error('FL050', span, `\`${word}\` has no meaning here`, '', help);
}

/** @param change - `restart` or `stop`. */
export function threadOfItself(span: Span, change: string): Diagnostic {
  const help =
    change === 'stop'
      ? 'a thread ends with `return`'
      : 'a thread begins anew by itself with a loop around all that it does, and `continue`';
  return error('FL050', span, `a thread cannot ${change} itself in the middle of a step`, '', help);
}

export function enabledInInit(span: Span): Diagnostic {
  const help = 'no step is possible before there is a state; `init` and what stands before a first `yield` make one';
  return error('FL050', span, '`enabled` has no meaning here', '', help);
}

/** @param circle - the names of steps each of which asks for the next, the last one being the first. */
export function enabledOfItself(span: Span, circle: readonly string[]): Diagnostic {
  const [first] = circle;
  const way = circle.length === 2 ? '' : `: ${circle.join(' → ')}`;
  return error(
    'FL071',
    span,
    `whether \`${first}\` is enabled depends on whether it is enabled${way}`,
    '',
    'write the condition that is meant into a function, and ask that in both places',
  );
}

export function wrongArguments(span: Span, what: string, help: string): Diagnostic {
  return error('FL051', span, what, '', help);
}

export function notACollection(span: Span, found: string): Diagnostic {
  return error(
    'FL052',
    span,
    `only sets, arrays and schemas can be gone through, and this is ${found}`,
    found,
    'name a collection of the state, or a domain: `for (const r of Ring)`, `values(Mode)`',
  );
}

export function notIterable(span: Span, schema: string): Diagnostic {
  const what = `the schema \`${schema}\` is no collection: only \`ids\` can be gone through by their name`;
  return error('FL052', span, what, '', `write \`values(${schema})\``);
}

export function doesNothing(span: Span, help: string): Diagnostic {
  return error('FL053', span, 'this statement does nothing', 'its value is not used', help);
}

// Processes

export function yieldMisplaced(span: Span): Diagnostic {
  return error(
    'FL060',
    span,
    'a step cannot end inside of an expression',
    '',
    'write `yield "label";` as a statement of its own; the result of another generator goes to a const first: `const got = yield* tryBoth(…);`',
  );
}

export function localDomainUnknown(span: Span, what: string, help: string): Diagnostic {
  return error('FL061', span, `${what} is needed after a \`yield\`, and what it can be has no end`, '', help);
}

export function localNotKept(span: Span, name: string): Diagnostic {
  return error(
    'FL062',
    span,
    `\`${name}\` is used after a \`yield\`, and stands for an object of the state that may be another by then`,
    '',
    'read it from the state again after the `yield`, or copy what is needed into a const of its own',
  );
}

export function startChangesState(span: Span): Diagnostic {
  return error(
    'FL063',
    span,
    'what a process does before its first `yield` belongs to the initial state, and cannot change variables',
    '',
    'put it after a `yield "start"`, or into `init`',
  );
}

export function threadName(span: Span, name: string): Diagnostic {
  return error(
    'FL064',
    span,
    `the argument \`${name}\` of a process has to be an id, text or an integer`,
    '',
    'threads are told apart by their arguments, which are keys of records; give other data by a variable of the state',
  );
}

export function nameOfProcess(span: Span, name: string, process: string): Diagnostic {
  return error(
    'FL068',
    span,
    `the variable \`${name}\` has a name like those in which the process \`${process}\` keeps its locals`,
    '',
    `name it without \`${process}.\` at the beginning`,
  );
}

export function labelOfEnd(span: Span): Diagnostic {
  return error(
    'FL069',
    span,
    'a label cannot be called `done`',
    '',
    'a thread that has ended stands at `"done"`; call this step something else, such as `"finish"`',
  );
}

export function noSuchLocal(span: Span, name: string, process: string, known: readonly string[]): Diagnostic {
  const near = suggest(name, known);
  const names = known.map((one) => `\`${one}\``).join(', ');
  const others = known.length === 0 ? 'no local of it is in scope at a label' : `at its labels it has ${names}`;
  return error(
    'FL070',
    span,
    `\`${process}\` remembers nothing under the name \`${name}\``,
    '',
    near === undefined ? others : `did you mean \`${near}\`?`,
  );
}

export function ambiguousLocal(span: Span, name: string, process: string): Diagnostic {
  return error(
    'FL070',
    span,
    `\`${process}\` has more than one local of the name \`${name}\``,
    '',
    'give the one that is meant a name of its own',
  );
}

export function localWithoutValue(span: Span, name: string): Diagnostic {
  return error(
    'FL070',
    span,
    `the local \`${name}\` stands for something that is no value`,
    '',
    'only what a state can hold can be read: numbers, texts, booleans, arrays, sets and objects of them',
  );
}

export function localUnassigned(span: Span, name: string): Diagnostic {
  return error(
    'FL070',
    span,
    `\`${name}\` has no value before it is assigned, and a predicate reads it`,
    '',
    'give it one where it is declared',
  );
}

export function localOutOfReach(span: Span): Diagnostic {
  return error(
    'FL070',
    span,
    'only actions and predicates can read what a thread remembers',
    '',
    'what threads are to know of each other, and `init`, is a variable of the state',
  );
}

export function endlessProcess(span: Span, name: string): Diagnostic {
  return error(
    'FL065',
    span,
    `\`${name}\` never reaches a \`yield\``,
    '',
    'each `yield "label"` starts an atomic step; without one the process does nothing, and an action is what is meant',
  );
}

export function changingCollection(span: Span): Diagnostic {
  return error(
    'FL066',
    span,
    'a loop with a `yield` in it goes through objects of the state that were picked out before',
    '',
    'go through all of them, and test each: `for (const job of s.jobs) if (!job.done) …`, or go through their indices',
  );
}

export function yieldUnlabeled(span: Span): Diagnostic {
  return error('FL067', span, 'a `yield` needs a label', '', 'name the step that begins here: `yield "waiting"`');
}

// Warnings

export function changesNothing(span: Span, name: string): Diagnostic {
  return warning('FL090', span, `\`${name}\` never assigns anything`, 'its steps leave the state as it is');
}

export function constantGuard(span: Span, value: boolean): Diagnostic {
  return warning(
    'FL091',
    span,
    `this guard is always ${String(value)}`,
    '',
    value ? 'remove it, or correct what it compares' : 'the step is never possible; correct what it compares',
  );
}

export function neverRead(span: Span, name: string): Diagnostic {
  return warning(
    'FL092',
    span,
    `the variable \`${name}\` is never read`,
    '',
    'a variable that nobody reads only costs states',
  );
}

export function neverUsed(span: Span, kind: 'parameter' | 'constant', name: string): Diagnostic {
  return warning('FL093', span, `the ${kind} \`${name}\` is never used`, '');
}

export function initialOnly(span: Span, name: string): Diagnostic {
  return warning(
    'FL094',
    span,
    `the property \`${name}\` speaks of the initial state only`,
    '',
    'what is true of every state is an `invariant`, or `always(…)`; what becomes true is `eventually(…)`',
  );
}

/** What zod and TypeScript say, as a part of a sentence. */
function lowerFirst(text: string): string {
  const phrase = text.replace(/\.$/, '');
  return /^[A-Z][a-z' ]/.test(phrase) ? phrase.slice(0, 1).toLowerCase() + phrase.slice(1) : phrase;
}
