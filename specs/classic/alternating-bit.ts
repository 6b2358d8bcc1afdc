import { all, implies, leadsTo, pick, spec, strong, weak, when, z } from 'fairlead';

const Bit = z.int().min(0).max(1);
const Datum = z.enum(['a', 'b']);
const Position = z.int().min(0).max(3);

/**
 * Data over channels that lose messages: every value is sent until the bit that goes with it has come back.
 *
 * K. A. Bartlett, R. A. Scantlebury and P. T. Wilkinson, "A note on reliable full-duplex transmission over half-duplex
 * links", CACM 12(5), 1969; the steps are those of Lamport, "Specifying Systems", chapter 14. Channels keep the order and
 * lose at will; they are explored up to two messages each.
 *
 * @notModeled
 * Messages that are duplicated, reordered or damaged, and time: a sender may send again at any moment.
 */
export const alternatingBit = spec('alternating bit', {
  params: {
    capacity: z.int().min(1).max(3).default(2),
    /** Whether channels keep the order of what they carry. */
    ordered: z.boolean().default(true),
  },
  state: (p) => ({
    /** Room for one more than is explored: the step that fills it is looked at, not what follows. */
    messages: z.array(z.object({ bit: Bit, datum: Datum })).max(p.capacity + 1),
    acknowledgements: z.array(Bit).max(p.capacity + 1),
    sendBit: Bit,
    /** The last acknowledgement that came back. */
    heardBit: Bit,
    receiveBit: Bit,
    sent: Datum,
    received: Datum,
  }),
  init: (s) => {
    s.sendBit = pick(Bit);
    s.heardBit = s.sendBit;
    s.receiveBit = s.sendBit;
    s.sent = pick(Datum);
    s.received = pick(Datum);
  },
});

/** The last value has been acknowledged: the next one, with the other bit. */
export const sendNew = alternatingBit.action({ datum: Datum }, (s, { datum }) => {
  when(s.heardBit === s.sendBit);
  s.sent = datum;
  s.sendBit = 1 - s.sendBit;
  s.messages.push({ bit: s.sendBit, datum });
});

export const resend = alternatingBit.action((s) => {
  when(s.heardBit !== s.sendBit);
  s.messages.push({ bit: s.sendBit, datum: s.sent });
});

export const receive = alternatingBit.action((s, p) => {
  when(s.messages.length > 0);
  const next = p.ordered ? 0 : pick(Position);
  when(next < s.messages.length);
  const { bit, datum } = s.messages[next]!;
  s.messages = s.messages.filter((_, index) => index !== next);
  s.receiveBit = bit;
  s.received = datum;
});

export const acknowledge = alternatingBit.action((s) => {
  s.acknowledgements.push(s.receiveBit);
});

export const hear = alternatingBit.action((s) => {
  when(s.acknowledgements.length > 0);
  s.heardBit = s.acknowledgements.shift()!;
});

export const loseMessage = alternatingBit.action((s) => {
  const lost = pick(Position);
  when(lost < s.messages.length);
  s.messages = s.messages.filter((_, index) => index !== lost);
});

export const loseAcknowledgement = alternatingBit.action((s) => {
  const lost = pick(Position);
  when(lost < s.acknowledgements.length);
  s.acknowledgements = s.acknowledgements.filter((_, index) => index !== lost);
});

/** When the sender goes on, the receiver has got the last value, by its bit. */
export const delivered = alternatingBit.invariant((s) => implies(s.heardBit === s.sendBit, s.receiveBit === s.sendBit));

/** What is sent is received. */
export const sentLeadsToReceived = alternatingBit.property((s) =>
  all(Datum, (datum) => leadsTo(s.sent === datum && s.sendBit !== s.heardBit, s.received === datum)),
);

/** Both sides keep sending, and a channel that carries something again and again delivers again and again. */
export const transmission = alternatingBit.fairness(weak(resend, acknowledge), strong(receive, hear));

export const channels = alternatingBit.within(
  (s, p) => s.messages.length <= p.capacity && s.acknowledgements.length <= p.capacity,
);

export const two = alternatingBit.model({}, { distinct: 240 });

/** Near miss: where messages overtake each other, one bit does not tell an old one from a new one. */
export const unordered = alternatingBit.model(
  { ordered: false },
  { violates: [delivered, sentLeadsToReceived], distinct: 1784 },
);
