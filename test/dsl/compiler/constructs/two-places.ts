import { spec, when, z } from 'fairlead';
import { enter, exit, mutex, tryEnter } from 'fairlead/sync';

/* A name for one of two objects of the state, within a step and from one step to the next. */

const Side = z.enum(['up', 'down']);
const Part = z.object({ x: z.int().min(0).max(2), of: z.set(Side) });

export const twoPlaces = spec('two places', {
  params: { ordered: z.boolean().default(false) },
  state: () => ({
    a: mutex(Side),
    b: mutex(Side),
    left: Part,
    right: Part,
    flip: z.boolean(),
    n: z.int().min(0).max(2),
  }),
});

export const turn = twoPlaces.action((s) => {
  s.flip = !s.flip;
});

export const within = twoPlaces.action({ side: Side }, (s, { side }) => {
  const part = s.flip ? s.left : s.right;
  s.flip = !s.flip;
  when(part.x < 2);
  part.x += 1;
  part.of.add(side);
  const other = side === 'up' ? part : s.left;
  s.n = other.x;
  if (part.of.size === 2 && ![...part.of].includes('up')) s.n = 0;
});

export const replaced = twoPlaces.action((s) => {
  const part = s.n === 0 ? s.left : s.right;
  s.left = { x: 2, of: new Set() };
  s.n = part.x;
});

export const thread = twoPlaces.process({ side: Side }, function* (s, { side }, p) {
  const first = side === 'up' || p.ordered ? s.a : s.b;
  const second = side === 'up' || p.ordered ? s.b : s.a;
  yield 'first';
  enter(first, side);
  const part = s.flip ? s.left : s.right;
  yield 'second';
  if (!tryEnter(second, side)) {
    exit(first, side);
    return;
  }
  part.x = (part.x + 1) % 3;
  yield 'leave';
  exit(second, side);
  exit(first, side);
  part.of.delete(side);
});

export const few = twoPlaces.within((s) => s.left.x + s.right.x < 3);
