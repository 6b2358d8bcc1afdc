import { spec, when, z } from 'fairlead';

/**
 * Sorting on a line of processes: each keeps the smallest number that it has seen, and hands the others on.
 *
 * The first process sends the numbers that are to be sorted, one after another. After that the processes hold them in
 * ascending order. Each channel has one sender and one receiver, so the order of nearly all steps does not matter: see what
 * `--reduction order` makes of it.
 *
 * @notModeled
 * Numbers that are larger than what is to be sorted needs, and messages that are lost or overtake each other.
 */
export const lineSort = spec('line sort', {
  params: {
    /** How many numbers there are to sort, and processes to hold them. */
    size: z.int().min(2).max(10).default(4),
    /** How many numbers a channel can hold. */
    capacity: z.int().min(1).max(10).default(1),
    /** What a process hands on of two numbers. */
    handsOn: z.enum(['larger', 'latest']).default('larger'),
  },
  state: ({ size, capacity }) => {
    const Num = z
      .int()
      .min(0)
      .max(size - 1);
    return {
      /** Numbers under way to a process. */
      channel: z.array(z.array(Num).max(capacity)).length(size),
      /** How many numbers have been sent. */
      sent: z.int().min(0).max(size),
      holds: z.array(z.nullable(Num)).length(size),
      /** How many numbers a process has handed on. */
      handed: z.array(z.int().min(0).max(size)).length(size),
      result: z.enum(['unknown', 'ascending', 'unsorted']),
    };
  },
});

/** The numbers in the order in which they are sent: no number twice. */
function numberAt(position: number, size: number): number {
  return 2 * position < size ? size - 1 - 2 * position : 2 * position - size;
}

export const source = lineSort.process(function* (s, { size, capacity }) {
  while (s.sent < size) {
    yield 'send';
    when(s.channel[0]!.length < capacity);
    s.channel[0]!.push(numberAt(s.sent, size));
    s.sent += 1;
  }
});

const self = ({ size }: { readonly size: number }) => ({
  i: z
    .int()
    .min(0)
    .max(size - 1),
});

/** Takes the first number; then of each that comes and the one that it holds, it hands one on. */
export const sorter = lineSort.process(self, function* (s, { i }, { size, capacity, handsOn }) {
  yield 'take the first';
  when(s.channel[i]!.length > 0);
  s.holds[i] = s.channel[i]!.shift()!;
  while (s.handed[i]! < size - 1 - i) {
    yield 'take';
    when(s.channel[i]!.length > 0);
    const number = s.channel[i]!.shift()!;
    const other: number = handsOn === 'larger' && number < s.holds[i] ? s.holds[i] : number;
    if (other !== number) s.holds[i] = number;
    yield 'hand on';
    when(s.channel[(i + 1) % size]!.length < capacity);
    s.channel[(i + 1) % size]!.push(other);
    s.handed[i]! += 1;
  }
});

/** Reads the numbers when all have ended. */
export const reader = lineSort.process(function* (s, { size }) {
  yield 'read';
  for (let i = 0; i < size; i += 1) when(sorter.at({ i }, 'done'));
  s.result = s.holds.every((number, i) => number === i) ? 'ascending' : 'unsorted';
});

/** When all have ended, every process holds the number of its place. */
export const sorts = lineSort.invariant((s) => s.result !== 'unsorted');

export const four = lineSort.model({}, { distinct: 36 });
export const latest = lineSort.model({ handsOn: 'latest' }, { violates: [sorts], distinct: 36 });
