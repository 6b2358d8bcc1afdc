import type { Random } from './random-spec/random.ts';
import { generator } from './random-spec/random.ts';

/**
 * The text of a module with a spec for each seed whose steps are loops: of guards, of searches with early exits, of what
 * is gathered round by round, of counters; over ranges with fixed and open ends, ids, sets and arrays. Equal seeds give
 * equal texts.
 */
export function loopSpecs(seeds: readonly number[]): string {
  return [PRELUDE, ...seeds.map(loopSpec)].join('\n');
}

const PRELUDE = `
import { ids, pick, spec, when, z } from 'fairlead';
const Ring = ids('Ring', 2);
const Slot = z.int().min(0).max(2);
`;

export const SHAPES = [
  'guard',
  'guardIf',
  'guardThenWrite',
  'question',
  'twoWays',
  'first',
  'firstId',
  'firstOfSet',
  'countedUp',
  'countedWhile',
  'sum',
  'sumOfState',
  'largest',
  'smallest',
  'counted',
  'flag',
  'added',
  'taken',
  'takenInPairs',
  'several',
  'latest',
  'reduced',
  'constants',
] as const;

export type LoopShape = (typeof SHAPES)[number];

/** The shape of the loop that a seed's spec has. */
export function shapeOf(seed: number): LoopShape {
  return SHAPES[seed % SHAPES.length]!;
}

function loopSpec(seed: number): string {
  const random = generator(seed);
  const name = `spec${seed}`;
  return `
export const ${name} = spec('${name}', {
  state: () => ({
    a: z.array(z.int().min(0).max(2)).length(3), n: z.int().min(-1).max(5), on: z.record(Ring, z.boolean()),
    set: z.set(Ring), slots: z.set(Slot), who: Ring.nullable(), over: z.boolean(),
  }),
  init: (s) => {
    s.a = [pick(Slot), pick(Slot), ${random.below(3)}];
    s.n = ${random.below(4) - 1};
    for (const r of Ring) s.on[r] = pick(z.boolean());
    for (const r of Ring) if (${random.of(['s.on[r]', '!s.on[r]', 'true'])}) s.set.add(r);
    for (const x of s.a) if (x !== ${random.below(4)}) s.slots.add(x);
  },
});
export const loop${seed} = ${name}.action({ b: Slot, r: Ring }, (s, { b, r }) => {
  when(!s.over);
  s.over = true;
  ${bodyOf(random, shapeOf(seed))}
});
export const holds${seed} = ${name}.invariant((s) => { ${predicateOf(random)} });
export const model${seed} = ${name}.model({});`;
}

function bodyOf(random: Random, shape: LoopShape): string {
  const [low, high] = [random.of(['0', '1', 'b', 'b + 1', '-1 + b']), random.of(['3', 'b', 's.a[b]!', '2'])];
  const start = low.startsWith('-') ? '0' : low;
  const inner = (): string => conditionOn(random, 'i');
  const skip = (): string => (random.chance(0.4) ? `if (${inner()}) continue; ` : '');
  const leave = (): string => (random.chance(0.3) ? `if (${inner()}) break; ` : '');
  const range = `for (let i = ${start}; i < ${random.of([high, high, 's.a.length'])} && i < 3; i += 1)`;
  const plain = `for (let i = ${start}; i < ${high}; i += 1)`;
  const upTo = `for (let i = ${start}; i <= ${random.of(['b', '2', 's.a[b]!'])}; i += 1)`;
  const over = random.of([range, plain, upTo]);
  switch (shape) {
    case 'guard':
      return `${over} { ${skip()}when(${inner()}); } s.n = b;`;
    case 'guardIf':
      return `${over} { if (${inner()}) when(${inner()}); else when(${inner()}); } s.on[r] = true;`;
    case 'guardThenWrite':
      return `${over} { when(${inner()}); s.a[i] = ${random.of(['0', 'b', '(s.a[i]! + 1) % 3'])}; }`;
    case 'question':
      return `const found = (() => { ${over} { ${skip()}if (${inner()}) return true; } return false; })(); when(found); s.n = b;`;
    case 'twoWays':
      return `const found = (() => { ${over} { if (${inner()}) return true; if (${inner()}) return false; } return ${random.chance(0.5)}; })(); s.on[r] = found;`;
    case 'first':
      return `const at = (() => { ${over} { ${skip()}if (${inner()}) return i; } return -1; })(); s.n = at;`;
    case 'firstId':
      return `for (const one of Ring) { ${random.chance(0.4) ? 'if (one === r) continue; ' : ''}if (${conditionOnId(random)}) { s.who = one; break; } }`;
    case 'firstOfSet':
      return `for (const one of s.${random.of(['set', 'set', 'slots'])}) { ${random.of(['', 'if (s.n > 0) '])}{ s.n = s.set.size; ${random.of(['break;', 'return;'])} } } s.n = b;`;
    case 'countedUp':
      return `let i = ${start}; while (i < ${high} && i < 3) { ${leave()}s.a[i] = b; i += 1; }`;
    case 'countedWhile':
      return `let i = ${start}; while (true) { if (i >= ${high}) break; if (${conditionOn(random, 'i % 3')}) { s.n = i; return; } i += 1; } s.n = -1;`;
    case 'sum':
      return `let total = 0; for (const x of s.a) { ${random.chance(0.4) ? 'if (x === b) continue; ' : ''}total += x; } s.n = total;`;
    case 'sumOfState':
      return `when(s.n < 2); for (const x of ${random.of(['s.a', 's.slots'])}) s.n += x;`;
    case 'largest':
      return `let most = ${random.of(['0', '-1', 'b'])}; ${random.of([
        'for (const x of s.a) most = Math.max(most, x);',
        'for (const x of s.slots) most = Math.max(most, x + 1);',
        'for (const x of s.a) if (x > most) most = x;',
      ])} s.n = most;`;
    case 'smallest':
      return `let least = ${random.of(['5', '2', 'b'])}; for (const x of ${random.of(['s.a', 's.slots'])}) least = Math.min(x, least); s.n = least;`;
    case 'counted':
      return `let found = 0; ${random.of([
        `${over} if (${inner()}) found += 1;`,
        `for (const one of Ring) if (${conditionOnId(random)}) found += 1;`,
        `for (const x of s.a) found += x === b ? 1 : 0;`,
      ])} s.n = Math.min(found, 5);`;
    case 'flag':
      return `let found = ${random.chance(0.5)}; ${over} { if (${inner()}) found = ${random.chance(0.5)}; } s.on[r] = found;`;
    case 'added':
      return random.of([
        `for (const one of Ring) if (${conditionOnId(random)}) s.set.add(one);`,
        `${over} { ${skip()}s.slots.add(i); }`,
        `for (const x of s.slots) s.slots.add(${random.of(['2 - x', 'b', '(x + 1) % 3'])});`,
      ]);
    case 'taken':
      return random.of([
        `for (const one of Ring) if (${conditionOnId(random)}) s.set.delete(one);`,
        `${over} { s.slots.delete(i); ${random.chance(0.5) ? 's.slots.delete(b);' : ''} }`,
      ]);
    case 'takenInPairs':
      return `for (const x of ${random.of(['s.slots', 's.a'])}) for (const y of ${random.of(['[0, 1]', '[2, 0]', 's.a'])}) s.slots.${random.of(['delete', 'add'])}((x + y) % 3);`;
    case 'several':
      return `for (const one of Ring) { ${random.of(['', `when(${conditionOnId(random)}); `])}s.on[one] = ${random.of(['true', '!s.on[one]'])}; ${random.of(['s.set.delete(one);', 's.set.add(one);', 's.who = one;'])} }`;
    case 'latest':
      return `let found = b; ${over} { for (const one of Ring) found = s.set.has(one) && ${inner()} ? i % 3 : found; } s.n = found;`;
    case 'reduced':
      return random.of([
        's.n = s.a.reduce((found, x) => Math.max(found, x), 0);',
        's.n = s.a.reduce((found, x) => found + x, 0);',
        's.n = s.a.reduce((found, x, i) => found + (x === i ? 1 : 0), 0);',
        's.on[r] = s.a.reduce((found, x) => found && x >= b, true);',
        's.on[r] = s.a.reduce((found, x) => found || x > b, s.on[r]);',
      ]);
    case 'constants':
      return `for (const x of ${random.of(['[0, 1, 2]', '[1, 2]', '[2, 0]', '[0, 2]'])}) { if (s.slots.has(x)) { s.n = x; return; } ${random.chance(0.5) ? 'if (s.a[x] === b) return; ' : ''}} s.n = -1;`;
  }
}

function conditionOn(random: Random, i: string): string {
  return random.of([
    `s.a[${i}]! > ${random.below(3)}`,
    `s.a[${i}] === b`,
    `${i} !== b`,
    `s.slots.has(${i})`,
    `s.a[${i}]! <= s.a[b]! && ${i} < 2`,
    `s.n < ${i}`,
  ]);
}

function conditionOnId(random: Random): string {
  return random.of([
    's.on[one]',
    '!s.on[one] && one !== r',
    's.set.has(one)',
    'one === s.who',
    's.on[one] === s.on[r]',
  ]);
}

function predicateOf(random: Random): string {
  return random.of([
    'for (let i = 0; i < 3; i += 1) { if (s.a[i]! > 1) return true; if (s.slots.has(i)) return false; } return s.n < 5;',
    'for (const one of Ring) if (s.on[one] && s.who === one) return false; return true;',
    'let total = 0; for (const x of s.a) total += x; return total < 5;',
    'for (const x of s.slots) if (x > s.a[0]!) return s.n < 3; return true;',
    'return s.a.reduce((found, x) => Math.max(found, x), 0) < 2;',
    'return s.a.every((x, i) => x <= i) || s.a.some((x) => x === 0);',
  ]);
}
