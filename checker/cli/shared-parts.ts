/**
 * Gives models of one spec the parts that they have in common: in each of the given pieces of plain data, parts that
 * look alike in several of them become the same objects. They are as they were otherwise; in particular, what were
 * different objects of one piece are different objects still, for it matters in which statement something stands.
 *
 * Packed, the nine models of a spec of a thousand lines take a quarter of the bytes, and are read in an eighth of the time.
 *
 * @param pieces - immutable; they are copied where they have to differ.
 */
export function withSharedParts<Piece extends object>(pieces: readonly Piece[]): readonly Piece[] {
  const parts = new Parts();
  return pieces.map((piece, index) => parts.of(piece, index) as Piece);
}

/** What looks alike: as many objects as there are in the piece that has most of them. */
interface Alike {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  readonly prototype: unknown;
  readonly objects: object[];
  /** How many of them have been met in the piece that is being gone through, and which one that is. */
  met: number;
  piece: number;
  /** Another one with the same hash. */
  readonly next: Alike | undefined;
}

class Parts {
  readonly #alike = new Map<number, Alike>();
  readonly #numbers = new Map<unknown, number>();

  of(whole: object, piece: number): object {
    const known = new Map<object, object>();
    const shared = (part: object): object => {
      const before = known.get(part);
      if (before !== undefined) return before;
      const keys = Object.keys(part);
      const values: unknown[] = Object.values(part);
      let isCopy = false;
      for (let at = 0; at < values.length; at += 1) {
        const value = values[at];
        if (typeof value !== 'object' || value === null) continue;
        values[at] = shared(value);
        isCopy ||= values[at] !== value;
      }
      const made = this.#objectOf(this.#alikeTo(part, keys, values), piece, isCopy ? undefined : part);
      known.set(part, made);
      return made;
    };
    return shared(whole);
  }

  /** @param itself - something that looks so, if there is such a thing already. */
  #objectOf(alike: Alike, piece: number, itself: object | undefined): object {
    if (alike.piece !== piece) alike.met = 0;
    alike.piece = piece;
    const known = alike.objects[alike.met];
    alike.met += 1;
    if (known !== undefined) return known;
    const made = itself ?? copyOf(alike);
    alike.objects.push(made);
    this.#numbers.set(made, this.#numbers.size);
    return made;
  }

  #alikeTo(part: object, keys: readonly string[], values: readonly unknown[]): Alike {
    const prototype: unknown = Object.getPrototypeOf(part);
    let hash = keys.length;
    for (const value of values) hash = (Math.imul(hash, 31) + this.#hashOf(value)) | 0;
    const first = this.#alike.get(hash);
    for (let one = first; one !== undefined; one = one.next) {
      if (one.prototype === prototype && isSame(one.values, values) && isSame(one.keys, keys)) return one;
    }
    const made: Alike = { keys, values, prototype, objects: [], met: 0, piece: -1, next: first };
    this.#alike.set(hash, made);
    return made;
  }

  #hashOf(value: unknown): number {
    switch (typeof value) {
      case 'object':
        return this.#numbers.get(value) ?? -1;
      case 'string':
        return value.length * 961 + value.charCodeAt(0) * 31 + value.charCodeAt(value.length - 1);
      case 'number':
        return value;
      default:
        return value === true ? -2 : -3;
    }
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (!Object.is(left[at], right[at])) return false;
  return true;
}

function copyOf({ keys, values, prototype }: Alike): object {
  if (prototype === Array.prototype) return [...values];
  const copy = Object.create(prototype as object) as Record<string, unknown>;
  for (let at = 0; at < keys.length; at += 1) copy[keys[at]!] = values[at];
  return copy;
}
