/**
 * Hands out identifiers of a target language: as close to the author's names as its rules allow, each only once.
 * A name that is free and legal survives unchanged.
 */
export class Identifiers {
  readonly #taken: Set<string>;
  readonly #outer: Identifiers | undefined;

  /**
   * @param reserved - what may never be used: keywords, names of the target's libraries.
   * @param outer - a scope whose names may not be used either.
   */
  constructor(reserved: Iterable<string>, outer?: Identifiers) {
    this.#taken = new Set(reserved);
    this.#outer = outer;
  }

  /** A scope within this one: sees what is taken here, and keeps what it takes to itself. */
  inner(): Identifiers {
    return new Identifiers([], this);
  }

  /** A new identifier for `name`; the same name twice gives two. */
  take(name: string): string {
    const free = this.free(name);
    this.#taken.add(free);
    return free;
  }

  /**
   * As {@link take}, for a name that may have been numbered to be the only one of its kind: the number is left off.
   *
   * @param others - what it may not be either.
   */
  takeLocal(name: string, others: ReadonlySet<string> = new Set()): string {
    const plain = name.replace(/_(?:[2-9]|[1-9]\d+)$/, '');
    const isFree = (one: string): boolean => !this.has(legalIdentifier(one)) && !others.has(legalIdentifier(one));
    const wanted = plain !== '' && isFree(plain) ? plain : name;
    let number = 2;
    let candidate = this.free(wanted);
    while (others.has(candidate)) {
      candidate = this.free(`${wanted}_${number}`);
      number += 1;
    }
    return this.take(candidate);
  }

  /** The identifier that `name` would get. */
  free(name: string): string {
    const legal = legalIdentifier(name);
    let candidate = legal;
    for (let attempt = 1; this.has(candidate); attempt += 1) {
      candidate = attempt === 1 && !legal.endsWith('_') ? `${legal}_` : `${legal}${attempt}`;
    }
    return candidate;
  }

  has(identifier: string): boolean {
    return this.#taken.has(identifier) || (this.#outer?.has(identifier) ?? false);
  }
}

/**
 * Letters, digits and underscores, starting with a letter, and not as TLA+'s fairness does (`WF_`): legal in TLA+, Promela
 * and C alike.
 */
export function legalIdentifier(name: string): string {
  const legal = name
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+(?=[A-Za-z0-9])/, '')
    .replace(/_+$/, '');
  if (legal === '') return 'x';
  return /^(?![SW]F_)[A-Za-z]/.test(legal) ? legal : `n${legal}`;
}

/** `vmm_drv lease` → `VmmDrvLease`. */
export function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return legalIdentifier(words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(''));
}
