import type { ts as TS } from 'ts-morph';
import { outsideLanguage } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { ts } from './typescript.ts';

/** What to say about a piece of TypeScript that is not part of the language. Whatever is not lowered ends here. */
export function refusalOf(node: TS.Node, span: Span): Diagnostic {
  const [construct, help] = words(node);
  return outsideLanguage(smallest(node, span), construct, help);
}

function words(node: TS.Node): [construct: string, help: string] {
  switch (node.kind) {
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.ClassExpression:
      return ['a class', 'use plain objects and functions'];
    case ts.SyntaxKind.RegularExpressionLiteral:
      return ['a regular expression', 'compare with the texts themselves: `x === "idle" || x === "done"`'];
    case ts.SyntaxKind.BigIntLiteral:
      return ['a big integer', 'numbers of a spec are 32-bit integers'];
    case ts.SyntaxKind.DeleteExpression:
      return ['`delete`', 'records are total and fields are fixed: use `null`, `undefined` or a set instead'];
    case ts.SyntaxKind.TryStatement:
      return ['`try`', 'nothing is thrown in a spec: say when a step is possible with `when(…)`'];
    case ts.SyntaxKind.ThrowStatement:
      return ['`throw`', 'write `verify(false, "message")` for what must not happen, `when(false)` for what cannot'];
    case ts.SyntaxKind.ForInStatement:
      return ['`for … in`', 'go through the key domain: `for (const key of Keys)`'];
    case ts.SyntaxKind.DebuggerStatement:
      return ['`debugger`', 'remove it; `fairlead explore` steps through behaviors'];
    case ts.SyntaxKind.ThisKeyword:
      return ['`this`', THIS];
    case ts.SyntaxKind.SuperKeyword:
      return ['`super`', 'use plain objects and functions'];
    case ts.SyntaxKind.TaggedTemplateExpression:
      return ['a tagged template', 'call the function with its arguments'];
    case ts.SyntaxKind.MetaProperty:
      return [`\`${node.getText()}\``, NOTHING_ELSE];
    case ts.SyntaxKind.ImportKeyword:
      return ['`import(…)`', 'import at the top of the file: `import { x } from "./x.ts"`'];
    case ts.SyntaxKind.EnumDeclaration:
      return ['an enum inside of a function', 'use texts: `z.enum(["idle", "busy"])`'];
    case ts.SyntaxKind.BinaryExpression:
      return [
        `\`${(node as TS.BinaryExpression).operatorToken.getText()}\``,
        operatorHelp(node as TS.BinaryExpression),
      ];
    case ts.SyntaxKind.PrefixUnaryExpression:
      return ['`~`', 'use sets instead of bit masks: `s.flags.has("stop")`'];
    default:
      return [
        `this (${kindName(node)})`,
        'use assignments, `if`, loops over finite collections, and functions of your own',
      ];
  }
}

/** What to do about what waits. */
export const NO_WAITING = 'leave out `async` and `await`: a step is atomic, there is nothing to wait for';

/** What to write instead of `this`. */
export const THIS =
  'name what is meant: the state is the first argument of a body, `(s) => { … }`; any other object has a name, or is given as an argument';

function operatorHelp(node: TS.BinaryExpression): string {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return 'write the product out';
    case ts.SyntaxKind.InstanceOfKeyword:
      return 'give objects a field that tells them apart: `{ kind: "request", … }`';
    default:
      return 'use sets instead of bit masks: `s.flags.has("stop")`';
  }
}

/** For `try`, a class and the like the keyword is enough; the body would bury it. */
function smallest(node: TS.Node, span: Span): Span {
  if (!ts.isStatement(node) && !ts.isClassExpression(node) && !ts.isDeleteExpression(node)) {
    if (ts.isBinaryExpression(node)) {
      return { ...span, start: node.operatorToken.getStart(), end: node.operatorToken.getEnd() };
    }
    return span;
  }
  const keyword = /^[a-z]+/.exec(node.getText())?.[0].length ?? 1;
  return { ...span, end: span.start + keyword };
}

function kindName(node: TS.Node): string {
  return ts.SyntaxKind[node.kind].replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** What to do about a name that is JavaScript's own; undefined for other names. */
export function outsideHelp(name: string): string | undefined {
  return OUTSIDE_WORLD.get(name) ?? (Object.hasOwn(globalThis, name) ? NOTHING_ELSE : undefined);
}

const NOTHING_ELSE = 'a spec sees nothing but its own state';

/** Names of JavaScript that bring in what no model checker can repeat, with what to do instead. */
export const OUTSIDE_WORLD: ReadonlyMap<string, string> = new Map([
  ['Date', 'model time as a bounded counter: `z.int().min(0).max(10)`'],
  ['console', 'run `fairlead check` and read the trace; `verify(condition, "message")` reports what must not happen'],
  ['process', 'pass what differs between runs as a parameter of the spec'],
  ['setTimeout', 'model a timer as an action that may happen'],
  ['setInterval', 'model a timer as an action that may happen'],
  ['queueMicrotask', 'declare another action or process'],
  ['Promise', 'declare another action or process'],
  ['fetch', 'model the network as a variable'],
  ['performance', 'model time as a bounded counter: `z.int().min(0).max(10)`'],
  ['crypto', 'write `pick(…)` where anything may happen'],
  ['Symbol', 'use texts or `ids`'],
  ['Map', 'declare a record: `z.record(Keys, value)`'],
  ['WeakMap', 'declare a record: `z.record(Keys, value)`'],
  ['WeakSet', 'declare a set: `z.set(element)`'],
  ['JSON', 'compare with `equal(a, b)`'],
  ['String', 'text is fixed: compare it, do not make it'],
  ['RegExp', 'compare with the texts themselves'],
  ['Error', 'write `verify(false, "message")`'],
  ['NaN', 'numbers of a spec are 32-bit integers'],
  ['Infinity', 'numbers of a spec are 32-bit integers; use `null` for "none"'],
  ['parseInt', 'numbers of a spec are integers already'],
  ['parseFloat', 'numbers of a spec are integers already'],
  ['isNaN', 'numbers of a spec are integers already'],
  ['BigInt', 'numbers of a spec are 32-bit integers'],
  ['structuredClone', 'write `{ ...x }` for a copy, or `[...items]` of an array'],
]);
