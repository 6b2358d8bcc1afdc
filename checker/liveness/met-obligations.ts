import type { Obligations } from './obligations.ts';

/** The obligations that a loop of one component may or may not have met, one bit each; two where they are conditional. */
export class MetObligations {
  readonly bits: number;
  readonly places: readonly ObligationPlace[];
  private readonly states = new Map<number, number>(); // what inState has said
  private readonly scratch: Int32Array;
  private required = 0;

  constructor(
    private readonly obligations: Obligations,
    wanted: Int32Array,
    conditional: Int32Array,
  ) {
    this.scratch = new Int32Array(obligations.words);
    const places: ObligationPlace[] = [];
    let bits = 0;
    wanted.forEach((all, word) => {
      for (let bit = 0; bit < 32; bit += 1) {
        const mask = 1 << bit;
        if ((all & mask) === 0) continue;
        const isConditional = (conditional[word]! & mask) !== 0;
        const met = 2 ** bits++;
        const seen = isConditional ? 2 ** bits++ : 0;
        if (!isConditional) this.required += met;
        places.push({ word, mask, met, seen });
      }
    });
    this.places = places;
    this.bits = bits;
  }

  inState(state: number): number {
    const known = this.states.get(state);
    if (known !== undefined) return known;
    this.scratch.fill(0);
    this.obligations.addState(state, this.scratch);
    let bits = this.read('met');
    this.scratch.fill(0);
    this.obligations.addEnabled(state, this.scratch);
    bits |= this.read('seen');
    this.states.set(state, bits);
    return bits;
  }

  onEdge(state: number, step: number, marks: number): number {
    this.scratch.fill(0);
    this.obligations.addEdge(state, step, marks, this.scratch);
    return this.read('met');
  }

  areEnough(bits: number): boolean {
    if ((bits & this.required) !== this.required) return false;
    return this.places.every(({ met, seen }) => (bits & seen) === 0 || (bits & met) !== 0);
  }

  private read(which: 'met' | 'seen'): number {
    let bits = 0;
    for (const place of this.places) if ((this.scratch[place.word]! & place.mask) !== 0) bits |= place[which];
    return bits;
  }
}

interface ObligationPlace {
  readonly word: number;
  readonly mask: number;
  /** The bit for having met it. */
  readonly met: number;
  /** The bit for having come by where it is asked for; 0: it is in any case. */
  readonly seen: number;
}
