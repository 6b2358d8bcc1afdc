import type { Layout } from '../../plan/layout.ts';
import { askedInstances } from '../flat-walk.ts';
import type { FlatSystem } from '../flat-system.ts';
import { sourceWords } from './access.ts';
import { conjunction } from './condition.ts';
import { isImpossible, splitGuards } from './guards.ts';
import { emitEnabled, emitPredicate, emitStep } from './program.ts';

/**
 * Flat programs as JavaScript source: the body of a function that is given the names in {@link RUNTIME_NAMES} and
 * returns an object with `initial`, `successors` and `predicates`.
 *
 * One function for each instance (V8 does not optimize giant ones), called only when its leading guards hold; these are
 * tested by the caller, where equality tests of fields in one word are one mask and compare. A step works on copies of
 * the words it uses, in variables where every access is static, else in the array `D`, and appends a state at its end.
 */
export function emitJavaScript(flat: FlatSystem, layout: Layout): string {
  const functions: string[] = [];
  const guards = flat.instances.map((program) => splitGuards(program));

  functions.push(emitStep('init', flat.init.body, flat.init, -1, layout));
  flat.instances.forEach((program, id) => {
    const { rest } = guards[id]!;
    if (isImpossible(rest)) return;
    functions.push(emitStep(`i${id}`, rest, program, id, layout));
  });
  flat.predicates.forEach((program, id) => {
    functions.push(emitPredicate(id, program, layout));
  });
  const asked = new Set([...flat.instances, ...flat.predicates].flatMap(({ body }) => askedInstances(body)));
  for (const id of asked) functions.push(emitEnabled(id, guards[id]!, layout));

  const calls = guards.flatMap(({ conditions, rest }, id) => (isImpossible(rest) ? [] : [{ id, conditions }]));
  const dispatchers: string[] = [];
  for (let start = 0; start < calls.length; start += DISPATCHED) {
    const group = calls.slice(start, start + DISPATCHED);
    const words = new Set<number>();
    const access = sourceWords(words);
    const lines = group.map(({ id, conditions }) => {
      const call = `i${id}(S, at, out);`;
      return conditions.length === 0 ? `  ${call}` : `  if (${conjunction(conditions, access, layout)}) ${call}`;
    });
    const loads = [...words].map((word) => `  const w${word} = S[at + ${word}];`);
    dispatchers.push(`d${start}`);
    functions.push([`function d${start}(S, at, out) {`, ...loads, ...lines, '}'].join('\n'));
  }

  return [
    ...functions,
    `return {`,
    `  initial(S, at, out) { init(S, at, out); },`,
    `  successors(S, at, out) { ${dispatchers.map((name) => `${name}(S, at, out);`).join(' ')} },`,
    `  predicates: [${flat.predicates.map((_, id) => `p${id}`).join(', ')}],`,
    `};`,
  ].join('\n');
}

/** Instances whose guards one function tests. */
const DISPATCHED = 64;
