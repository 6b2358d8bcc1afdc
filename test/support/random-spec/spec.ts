import { boolean, expression, literal } from './expression.ts';
import { generator } from './random.ts';
import { block, type Written } from './statement.ts';
import { kept, returned, threadBlock, type Threading } from './thread.ts';
import { CLIENT, randomScalar, randomType, RING, schemaText, SMALL, startingText, type Type } from './type.ts';
import { quiet, type Place, type RandomProcess, type Writing } from './writing.ts';

/**
 * The text of a module with a random spec for each seed: well-typed by construction, small enough to be explored, with
 * every kind of domain and most of what a body can be made of. Equal seeds give equal texts; a larger size gives more of
 * everything. The spec of a seed is the const `spec` and its number.
 */
export function randomSpecs(seeds: readonly number[], size: number): string {
  return [PRELUDE, ...seeds.map((seed) => randomSpec(seed, size))].join('\n');
}

const PRELUDE = `
import { all, anyOf, count, either, equal, ids, implies, local, mayTimeOut, pick, record, some, spec, verify, values, when, z } from 'fairlead';
import { atomic, barrier, broadcast, compareAndSwap, condvar, down, enter, enterReader, enterWriter, exit, exitReader, exitWriter, fetchAdd, meet, mutex, post, rwlock, semaphore, signal, signals, swap, tryDown, tryEnter, tryRead, tryWrite, up, wait, waitInterruptible, waitTimed } from 'fairlead/sync';
const Ring = ids('Ring', 2);
const Client = ids('Client', 2);
const Mode = z.enum(['low', 'mid', 'high']);
function larger(a: number, b: number) { if (a > b) return a; return b; }
function within(low: number, n: number, high: number) { return Math.min(high, larger(low, n)); }
function nearest(n: number, all: readonly number[]) { for (const one of all) if (n <= one) return one; return all[0]!; }
function bumped(n: number, by = 1, times = by > 2 ? 1 : 2) { let total = n; for (let i = 0; i < times; i++) total += by; return total; }
const either2 = (first: boolean, a: any, b: any) => { if (first) return a; return b; };
function firstOf(list: readonly any[], holds: (one: any) => boolean, otherwise: any) {
  for (const one of list) if (holds(one)) return one;
  return otherwise;
}
function changed(whole: any, change: (whole: any) => void) { change(whole); }
function twice(run: () => void) { run(); run(); }
`;

function randomSpec(seed: number, size: number): string {
  const random = generator(seed);
  const variables = Array.from({ length: 2 + random.below(2 + size) }, (_, index) => ({
    text: `s.v${index}`,
    type: randomType(random, 2),
    assignable: true,
  }));
  const name = `spec${seed}`;
  const fresh = { next: 0 };
  const writing = (choices: number): Writing => ({ random, step: true, fresh, choices: { left: choices } });
  const processes = Array.from({ length: size > 0 ? random.below(3) : 0 }, (_, index): RandomProcess => ({
    name: `process${seed}_${index}`,
    alone: random.chance(0.2),
  }));
  const synchronized = processes.length > 0 && random.chance(0.4);
  const state = variables.map((one) => `${one.text.slice(2)}: ${startingText(random, one.type)}`);
  if (synchronized) {
    state.push('lock: mutex(Ring), cv: condvar(Ring), places: semaphore(1), word: atomic(z.int().min(0).max(2))');
    state.push('rw: rwlock(Ring, Ring), bar: barrier(Ring), sig: signals(Ring)');
  }
  const limit = random.below(4);
  const constants = constantsOf(writing(0));
  const fixed = [LIMIT, ...constants.map(({ place }) => place)];
  // What is up to a parameter: its value here is the default.
  const upToLimit: Type = { kind: 'int', min: 0, max: limit };
  state.push('upTo: z.int().min(0).max(p.most)');
  variables.push({ text: 's.upTo', type: upToLimit, assignable: true });
  const lines = [
    `export const ${name} = spec('${name}', {`,
    `  params: { limit: z.int().min(0).max(3).default(${limit}) },`,
    `  constants: (p) => {`,
    `    const [someRing, otherRing] = [...Ring];`,
    `    const [someClient] = [...Client];`,
    `    return { most: p.limit, ${constants.map(({ place, value }) => `${place.text.slice(2)}: ${value}`).join(', ')} };`,
    `  },`,
    `  state: (p) => ({ ${state.join(', ')} }),`,
    `  init: (s, p) => {`,
    ...block({ ...writing(2), gentle: true }, [...variables, ...fixed], 1),
    `  },`,
    `});`,
  ];
  for (let index = 0; index < 1 + random.below(1 + size); index += 1) {
    const arguments_ = Array.from({ length: random.below(3) }, (_, at) => ({
      text: `a${at}`,
      type: random.chance(0.5) ? RING : random.chance(0.8) ? randomScalar(random) : random.of(LARGER),
      assignable: false,
    }));
    const schemas = arguments_.map((one) => `${one.text}: ${schemaText(one.type)}`);
    const parametric = arguments_.length > 0 && random.chance(0.2);
    if (parametric) {
      schemas.push('most: z.int().min(0).max(p.most)');
      arguments_.push({ text: 'most', type: upToLimit, assignable: false });
    }
    const names = arguments_.map((one) => one.text).join(', ');
    const object = `{ ${schemas.join(', ')} }`;
    const given = parametric ? `(p) => (${object})` : object;
    const header = arguments_.length === 0 ? '(s, p)' : `${given}, (s, { ${names} }, p)`;
    const body = block({ ...writing(2), processes }, [...variables, ...arguments_, ...fixed], Math.min(3, 1 + size));
    lines.push(`export const action${seed}_${index} = ${name}.action(${header} => {`, ...body, `});`);
  }
  const asks: string[] = [];
  for (const [index, { name: thread, alone }] of processes.entries()) {
    const me: Place = { text: 'me', type: RING, assignable: false };
    const helper = `helper${seed}_${index}`;
    const others = processes
      .filter((one) => one.name !== thread || !alone)
      .map((one) => ({ ...one, own: one.name === thread }));
    const helping: Threading = { ...writing(1), processes: others, labels: [], helper: undefined, synchronized };
    const steps: Threading = { ...writing(2), processes: others, labels: [], helper, synchronized };
    const scope = [...variables, me, ...fixed];
    lines.push(
      `function* ${helper}(s: any, me: any, p: any): any {`,
      ...threadBlock(helping, scope, 1).map((line) => (line === 'return;' ? 'return true;' : line)),
      returned(helping, scope),
      '}',
    );
    const header = alone ? 'function* (s, p)' : '{ me: Ring }, function* (s, { me }, p)';
    const remembered: Written = random.chance(0.5) ? kept({ ...steps, step: false }, scope) : { text: [], added: [] };
    const first = [...(alone ? ['const me = pick(Ring);'] : []), ...remembered.text, `yield 'first';`];
    lines.push(
      `export const ${thread} = ${name}.process(${header} {`,
      ...first,
      ...threadBlock(steps, [...scope, ...remembered.added], 2),
      `});`,
    );
    const label = random.of(['first', 'done', ...steps.labels]);
    const of = alone ? '' : '{ me: r }';
    asks.push(
      random.chance(0.7) ? `${thread}.at(${of}${alone ? '' : ', '}'${label}')` : `${thread}.pc(${of}) !== '${label}'`,
    );
  }
  const r: Place = { text: 'r', type: RING, assignable: false };
  for (const kind of ['invariant', 'sometimes']) {
    const holds = boolean({ ...quiet(writing(0)), predicate: true }, [...variables, ...fixed, r], 3);
    const asked = random.chance(0.7) ? [holds, ...asks] : [holds];
    const quantified = `${random.of(['all', 'some'])}(Ring, (r) => ${asked.join(random.of([' && ', ' || ']))})`;
    lines.push(`export const ${kind}${seed} = ${name}.${kind}((s, p) => ${quantified});`);
  }
  if (random.chance(0.3)) {
    const next = variables.map((one) => ({ ...one, text: one.text.replace('s.', 'next.') }));
    const scope = [...variables, ...next, ...fixed];
    const part = expression(quiet(writing(0)), scope, { kind: 'boolean' }, 3) ?? 'true';
    lines.push(`export const step${seed} = ${name}.step((s, next, p) => ${part});`);
  }
  return lines.join('\n') + '\n';
}

const LIMIT: Place = { text: 'p.limit', type: SMALL, assignable: false };

/** Constants, with how they are computed: from a parameter and the ids that there are. */
function constantsOf(write: Writing): { readonly place: Place; readonly value: string }[] {
  const { random } = write;
  const scope = [
    LIMIT,
    { text: 'someRing', type: RING, assignable: false },
    { text: 'otherRing', type: RING, assignable: false },
    { text: 'someClient', type: CLIENT, assignable: false },
  ];
  return Array.from({ length: random.below(3) }, (_, index) => ({ type: randomType(random, 2), index })).flatMap(
    ({ type, index }) => {
      const value = literal({ ...quiet(write), fixed: true }, scope, type, 3);
      return value === undefined ? [] : [{ place: { text: `p.c${index}`, type, assignable: false }, value }];
    },
  );
}

/** Domains of arguments that are no scalars. */
const LARGER: readonly Type[] = [
  { kind: 'set', of: RING },
  { kind: 'tuple', items: [RING, { kind: 'boolean' }] },
  { kind: 'nullable', of: RING },
  { kind: 'object', fields: [['x', { kind: 'boolean' }], ['y', RING]] }, // prettier-ignore
];
