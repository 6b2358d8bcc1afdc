import { local, pick, spec, when, z, type StateOf } from 'fairlead';

/* What a name stands for while the objects around it change. */

const Small = z.int().min(0).max(3);
const Box = z.object({ x: Small });
const Key = z.enum(['a', 'b']);

export const references = spec('references', {
  state: () => ({
    n: Small,
    m: Small,
    first: Box,
    second: Box,
    nested: z.object({ box: Box, rest: z.object({ y: Small }) }),
    items: z.array(Box).max(2),
    rows: z.array(Small).length(3),
    counts: z.record(Key, Small),
    boxes: z.record(Key, Box),
    maybe: z.object({ box: Box }).nullable(),
  }),
  init(s) {
    s.items = [{ x: 1 }, { x: 2 }];
    s.first.x = pick([0, 1, 2]);
  },
});

type State = StateOf<typeof references>;

const wrap = (s: State) => ({ count: s.n, box: s.first });

export const objectOfReferences = references.action((s) => {
  when(s.items.length === 2);
  s.n = 0;
  const pair = { count: s.n, box: s.items[s.n]! };
  s.n = 1;
  s.m = pair.count;
  pair.box.x = 3;
});

export const objectOfReplaced = references.action((s) => {
  const pair = wrap(s);
  s.first = { x: 3 };
  s.n = (pair.count + 1) % 4;
  s.m = pair.box.x;
});

export const listOfReferences = references.action((s) => {
  when(s.items.length === 2);
  s.n = 0;
  s.m = 0;
  for (const box of [s.items[s.n]!, s.items[s.m]!]) {
    s.m = 1;
    box.x = (box.x + 1) % 4;
  }
});

export const listOfScalarsAndReferences = references.action((s) => {
  const [before, box] = [s.n, s.second];
  s.n = (s.n + 1) % 4;
  box.x = before;
});

export const entriesAreTaken = references.action((s) => {
  s.counts.a = 1;
  let total = 0;
  for (const [key, count] of Object.entries(s.counts)) {
    s.counts.b = key === 'a' ? 3 : 2;
    total += count;
  }
  s.n = Math.min(total, 3);
});

export const entriesAreReferences = references.action((s) => {
  for (const [key, box] of Object.entries(s.boxes)) box.x = key === 'a' ? s.n : s.m;
});

export const countsFromWhereItBegan = references.action((s) => {
  let from = 0;
  s.m = 0;
  for (let i = from; i < 3; i += 1) {
    from = 3;
    s.m += 1;
  }
});

function isThree(n: number, leave: boolean): number {
  switch (n) {
    case 3:
      if (leave) break;
      return 3;
    default:
      return 2;
  }
  return 1;
}

export const breakOfItsOwn = references.action((s) => {
  s.m = 0;
  for (const n of s.rows) {
    s.m = isThree(n, s.n === 1);
    s.n = (s.n + 1) % 4;
  }
});

export const namesIntoOneThatLeft = references.action((s) => {
  const { nested } = s;
  const { rest } = s.nested;
  s.nested = { box: { x: 1 }, rest: { y: 1 } };
  nested.rest.y = 2;
  s.n = rest.y;
  rest.y = 3;
  s.m = nested.rest.y;
});

export const nameOfALocal = references.action((s) => {
  let box = { x: 1 };
  const old = box;
  box = { x: 2 };
  old.x = 3;
  s.n = box.x;
  s.m = old.x;
});

export const defaultOnlyWhereNeeded = references.action((s) => {
  const given: { at?: number } = s.n === 0 ? {} : { at: 2 };
  const { at = (s.m = 3) } = given;
  s.n = at;
});

export const longChain = references.action((s) => {
  s.m = s.maybe?.box!.x ?? 2;
  s.maybe = s.maybe === null ? { box: { x: s.n } } : null;
});

export const positionsFromTheEnd = references.action((s) => {
  s.rows = s.rows.with(-1, s.n).with(0, s.m);
});

export const elementOfTheRound = references.action((s) => {
  for (const [at, n] of s.rows.entries()) s.rows[at] = (n + 1) % 4;
});

export const numberThatMayBeMissing = references.action((s) => {
  const found = s.rows.find((n) => n > 1);
  if (found !== undefined) s.n = found - 1;
  s.m = Math.max(s.rows.at(-1)!, 1) - 1;
});

export const assignsLater = references.process(function* (s) {
  while (true) {
    yield 'choose';
    let n: number;
    if (s.m === 1) n = 2;
    else n = 3;
    yield 'use';
    s.n = n;
    for (let i = local(Small, s.m); i < 3; i += 1) {
      yield 'count';
      s.m = i;
    }
  }
});

export const objectThatWasFound = references.action((s) => {
  const found = s.items.find((box) => box.x > s.n);
  if (found !== undefined) found.x -= 1;
  else s.items.push({ x: 3 });
  s.items.at(-1)!.x = s.m;
});

export const objectThatMayNotBeThere = references.action((s) => {
  const last = s.items.at(s.n - 2);
  s.m = last?.x ?? 3;
  if (last) {
    s.items.push({ x: 0 });
    last.x = (last.x + 1) % 4;
  }
});

export const objectThatWasPicked = references.action((s) => {
  const box = pick(s.items);
  s.n = box.x;
  box.x = s.m;
  for (const one of s.items.filter((each) => each.x > 2)) s.m = one.x - 1;
});

function roomy(s: State, from: number) {
  if (s.m > 1) return s.items[from];
  return s.items.find((box) => box.x < 2);
}

export const oneOfTwoElements = references.action((s) => {
  when(s.items.length === 2);
  const box = s.n === 0 ? s.items[0]! : s.items[s.m === 0 ? 1 : 0]!;
  box.x = (box.x + 1) % 4;
  const found = roomy(s, 1);
  if (found !== undefined) found.x = 3;
});

export const foundAndKept = references.process(function* (s) {
  while (true) {
    yield 'look';
    const found = s.items.find((box) => box.x === s.n);
    if (found === undefined) continue;
    const key = pick(Key);
    const other = s.m === 0 ? s.boxes.a : s.boxes[key];
    yield 'change';
    when(s.items.length === 2);
    found.x = 0;
    other.x = (other.x + 1) % 4;
  }
});

export const assignedOrNot = references.action((s) => {
  let chosen: number | undefined;
  if (s.n > 1) chosen = s.n - 1;
  s.m = chosen ?? 3;
});

export const everyBox = references.action((s) => {
  for (const box of Object.values(s.boxes)) box.x = s.n;
  s.m = Object.values(s.boxes).filter((box) => box.x > 1).length;
});

export const keptWhereItStood = references.process(function* (s) {
  yield 'begin';
  for (const key of Key.options) {
    for (const box of s.items) {
      if (key === 'a') continue;
      yield 'within';
      s.n = box.x;
    }
    s.items = [{ x: s.m }];
  }
});

/** A condition is worked out, and may fail, whichever place it chooses. */
export const onePlaceAnyway = references.action((s) => {
  const other = s.n > 2 ? s.second : s.items[s.m]!.x > 1 ? s.second : s.second;
  other.x = s.n;
});
