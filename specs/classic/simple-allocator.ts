import { all, ids, leadsTo, spec, strong, weak, when, z } from 'fairlead';

const Client = ids('Client', (p) => p.clients);
const Resource = ids('Resource', (p) => p.resources);

/**
 * Clients ask for sets of resources, get them piece by piece, and give them back.
 *
 * Stephan Merz's example of what fairness can and cannot promise, from the TLA+ examples. A client may give back what it
 * has before it has all; if it need not, two clients can each hold what the other one waits for.
 *
 * @notModeled
 * Clients that fail, and messages: asking and giving are steps of both.
 */
export const allocator = spec('simple allocator', {
  params: { clients: z.int().min(1).max(4).default(3), resources: z.int().min(1).max(3).default(2) },
  state: () => ({
    /** What a client still waits for. */
    wanted: z.record(Client, z.set(Resource)),
    held: z.record(Client, z.set(Resource)),
  }),
});

export const request = allocator.action({ c: Client, what: z.set(Resource) }, (s, { c, what }) => {
  when(s.wanted[c].size === 0 && s.held[c].size === 0 && what.size > 0);
  s.wanted[c] = what;
});

/** Some of what the client wants, and nobody has, is given to it. */
export const allocate = allocator.action({ c: Client, what: z.set(Resource) }, (s, { c, what }) => {
  when(what.size > 0 && what.isSubsetOf(s.wanted[c]));
  when(all(Client, (other) => s.held[other].intersection(what).size === 0));
  s.held[c] = s.held[c].union(what);
  s.wanted[c] = s.wanted[c].difference(what);
});

export const giveBack = allocator.action({ c: Client, what: z.set(Resource) }, (s, { c, what }) => {
  when(what.size > 0 && what.isSubsetOf(s.held[c]));
  s.held[c] = s.held[c].difference(what);
});

/** No resource is given to two clients. */
export const noSharing = allocator.invariant((s) =>
  all(Client, (c) => all(Client, (other) => c === other || s.held[c].intersection(s.held[other]).size === 0)),
);

/** A client gives back all that it has, and gets something whenever it can get something again and again. */
export const polite = allocator.fairness(
  weak(giveBack, { per: ['c'], when: (s, { c, what }) => what.size === s.held[c].size }),
  strong(allocate, { per: ['c'] }),
);

/** The same, but a client gives back only when it has got everything. */
export const stubborn = allocator.fairness(
  weak(giveBack, { per: ['c'], when: (s, { c, what }) => s.wanted[c].size === 0 && what.size === s.held[c].size }),
  strong(allocate, { per: ['c'] }),
);

/** The same as `polite`, but an allocation that is possible only now and then may never be made. */
export const forgetful = allocator.fairness(
  weak(giveBack, { per: ['c'], when: (s, { c, what }) => what.size === s.held[c].size }),
  weak(allocate, { per: ['c'] }),
);

/** A client that has all it wanted gives it back. */
export const returns = allocator.property(
  (s) => all(Client, (c) => leadsTo(s.wanted[c].size === 0, s.held[c].size === 0)),
  { under: [polite] },
);

/** What a client wants it gets. */
export const obtains = allocator.property(
  (s) => all(Client, (c) => all(Resource, (r) => leadsTo(s.wanted[c].has(r), s.held[c].has(r)))),
  { under: [polite] },
);

/** Near miss: clients that give back only when they have everything wait for each other. */
export const obtainsFromStubborn = allocator.property(
  (s) => all(Client, (c) => all(Resource, (r) => leadsTo(s.wanted[c].has(r), s.held[c].has(r)))),
  { under: [stubborn] },
);

/** Near miss: a resource that others take and give back is not free for long enough. */
export const obtainsFromForgetful = allocator.property(
  (s) => all(Client, (c) => all(Resource, (r) => leadsTo(s.wanted[c].has(r), s.held[c].has(r)))),
  { under: [forgetful] },
);

export const threeClients = allocator.model(
  {},
  { violates: [obtainsFromStubborn, obtainsFromForgetful], distinct: 400 },
);
