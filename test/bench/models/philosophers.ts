import { spec, when, z } from 'fairlead';

/** Philosophers who take the left fork, then the right one, and put them down one by one. Made for measuring. */
export const philosophers = spec('philosophers', {
  params: { seats: z.int().min(2).max(12).default(10) },
  state: (p) => ({ taken: z.array(z.boolean()).length(p.seats) }),
});

export const philosopher = philosophers.process(
  (p) => ({
    seat: z
      .int()
      .min(0)
      .max(p.seats - 1),
  }),
  function* (s, { seat }, p) {
    const other = (seat + 1) % p.seats;
    while (true) {
      yield 'think';
      yield 'left';
      when(!s.taken[seat]);
      s.taken[seat] = true;
      yield 'right';
      when(!s.taken[other]);
      s.taken[other] = true;
      yield 'eat';
      s.taken[seat] = false;
      yield 'put';
      s.taken[other] = false;
    }
  },
);

export const ten = philosophers.model({ seats: 10 }, { deadlocks: true });
