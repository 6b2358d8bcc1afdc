import { all, ids, leadsTo, spec, weak, when, z } from 'fairlead';

const Customer = ids('Customer', (p) => p.customers);

/**
 * A barber who sleeps while nobody waits, and customers who wake him or take a chair while there is one.
 *
 * E. W. Dijkstra, "Cooperating sequential processes", 1965. The trap is the moment between the barber's look into the
 * waiting room and his falling asleep.
 *
 * @notModeled
 * How long a cut takes, and more than one barber.
 */
export const barberShop = spec('sleeping barber', {
  params: {
    customers: z.int().min(1).max(4).default(3),
    chairs: z.int().min(1).max(3).default(2),
    /** Whether the barber looks and falls asleep in one step, as under a lock. */
    atomic: z.boolean().default(true),
  },
  state: (p) => ({
    asleep: z.boolean(),
    /** Who waits, in the order of their coming. */
    chairs: z.array(Customer).max(p.chairs),
    inTheChair: z.nullable(Customer),
  }),
});

export const barber = barberShop.process(function* (s, p) {
  while (true) {
    yield 'look';
    const empty = s.chairs.length === 0;
    if (!p.atomic) yield 'turnAway';
    if (empty) s.asleep = true;
    yield 'call';
    when(!s.asleep);
    s.inTheChair = s.chairs.shift()!;
    yield 'finish';
    s.inTheChair = null;
  }
});

export const customer = barberShop.process({ c: Customer }, function* (s, { c }, p) {
  while (true) {
    yield 'enter';
    if (s.chairs.length === p.chairs) continue;
    s.chairs.push(c);
    s.asleep = false;
    yield 'wait';
    when(!s.chairs.includes(c) && s.inTheChair !== c);
  }
});

/** The barber sleeps only while nobody waits. */
export const wakeful = barberShop.invariant((s) => !(s.asleep && s.chairs.length > 0));

/** Whoever has taken a chair gets his hair cut. */
export const served = barberShop.property((s) =>
  all(Customer, (c) => leadsTo(s.chairs.includes(c), s.inTheChair === c)),
);

/** The barber works, and customers do what they came for; nobody has to come. */
export const business = barberShop.fairness(
  weak(barber),
  weak(customer, { when: (_, { c }) => !customer.at({ c }, 'enter') }),
);

export const correct = barberShop.model({}, { distinct: 94 });

/** Near miss: a customer comes when the barber has looked and does not sleep yet. */
export const dozing = barberShop.model({ atomic: false }, { violates: [wakeful, served], distinct: 174 });
