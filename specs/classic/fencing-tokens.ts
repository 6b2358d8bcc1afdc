import { all, fresh, ids, implies, leadsTo, serial, some, spec, weak, when, z } from 'fairlead';

const Client = ids('Client', (p) => p.clients);

/** Numbers of leases. Each client has one and has sent one, and the storage has one. */
const Token = serial('Token', { alive: (p) => 2 * p.clients + 1 });

/**
 * A storage that is protected by leases, and by their tokens against those who do not know that theirs has expired.
 *
 * M. Kleppmann, "How to do distributed locking", 2016; M. Burrows, "The Chubby lock service for loosely-coupled
 * distributed systems", OSDI 2006, whose sequencers the tokens are. A client may believe that it has a lease long after
 * it has expired. So a lease comes with a token above all that were given before, a write carries the token of its lease,
 * and the storage refuses one whose token is below that of the last write it accepted. Tokens grow forever, and all that
 * counts is their order.
 */
export const fencing = spec('fencing tokens', {
  params: {
    clients: z.int().min(1).max(4).default(2),
    /** Whether the storage looks at tokens. */
    fenced: z.boolean().default(true),
  },
  state: () => ({
    /** Who has the lease, as the lock service knows. */
    holder: z.nullable(Client),
    /** The token of the lease that a client believes to have. */
    held: z.record(Client, z.nullable(Token)),
    /** The token of a write that is under way. */
    sent: z.record(Client, z.nullable(Token)),
    /** The token of the last write that the storage accepted. */
    written: Token,
  }),
});

export const acquire = fencing.action({ c: Client }, (s, { c }) => {
  when(s.holder === null && s.held[c] === null);
  s.holder = c;
  s.held[c] = fresh(Token);
});

/** The lease runs out; its holder does not hear of it. */
export const expire = fencing.action((s) => {
  when(s.holder !== null);
  s.holder = null;
});

/** A client gives its lease back, or finds out that it has none any more. */
export const release = fencing.action({ c: Client }, (s, { c }) => {
  when(s.held[c] !== null);
  s.held[c] = null;
  if (s.holder === c) s.holder = null;
});

export const send = fencing.action({ c: Client }, (s, { c }) => {
  when(s.held[c] !== null && s.sent[c] === null);
  s.sent[c] = s.held[c];
});

/** A write comes to the storage, which accepts or refuses it. */
export const arrive = fencing.action({ c: Client }, (s, { c }, p) => {
  const token = s.sent[c];
  when(token !== null);
  if (!p.fenced || s.written <= token) s.written = token;
  s.sent[c] = null;
});

/** No write is accepted that is older than the last one. */
export const neverOlder = fencing.step((s, next) => s.written <= next.written);

/** Of all tokens, that of whoever has the lease is the newest. */
export const holderIsNewest = fencing.invariant((s) =>
  all(Client, (c) => {
    const token = s.held[c];
    return implies(
      s.holder === c && token !== null,
      all(Client, (o) => {
        const other = s.held[o];
        return other === null || other <= token!;
      }),
    );
  }),
);

/** A write is under way that will come too late. */
export const overtaken = fencing.sometimes((s) =>
  some(Client, (c) => {
    const token = s.sent[c];
    return token !== null && token < s.written;
  }),
);

/** Every write is answered. */
export const answered = fencing.property((s) => all(Client, (c) => leadsTo(s.sent[c] !== null, s.sent[c] === null)));

export const network = fencing.fairness(weak(arrive));

export const fenced = fencing.model({}, { distinct: 450 });

export const three = fencing.model({ clients: 3 }, { distinct: 13_295 });

/** Near miss: the storage takes every write. One that was sent under an old lease comes late and undoes a newer one. */
export const unfenced = fencing.model({ fenced: false }, { violates: [neverOlder], distinct: 450 });
