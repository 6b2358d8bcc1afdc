/**
 * Decides liveness on tiny graphs by brute force. Shares no code and no algorithm with the checker: formulas are kept
 * as written (no negation normal form), the tableau is the classical one over truth values of all untils, loops are
 * found by transitive closure, and strong fairness by trying every subset of assumptions that might be disabled forever.
 */
export type Formula =
  | { readonly op: 'true' }
  | { readonly op: 'atom'; readonly atom: number }
  | { readonly op: 'not' | 'always' | 'eventually'; readonly of: Formula }
  | { readonly op: 'and' | 'or' | 'implies' | 'until' | 'leadsTo'; readonly left: Formula; readonly right: Formula };

/** A graph whose edges are all there is: stuttering is added here. A step is a pair of states, whoever makes it. */
export interface Graph {
  readonly states: number;
  readonly initial: readonly number[];
  readonly edges: readonly Step[];
  /** From this state on they cannot stutter; absent: all can. */
  readonly restlessFrom?: number;
}

export interface Step {
  readonly from: number;
  readonly to: number;
}

/** What an atom says of a state and the one that comes after it. */
export type AtomTruth = (atom: number, state: number, next: number) => boolean;

export interface Assumption {
  readonly strength: 'weak' | 'strong';
  /** Whether a step that changes the state is one of its steps. */
  readonly covers: (step: Step) => boolean;
}

/** Whether some fair behavior satisfies the formula. */
export function isSatisfiable(
  graph: Graph,
  formula: Formula,
  truth: AtomTruth,
  fairness: readonly Assumption[],
): boolean {
  const steps = allSteps(graph);
  const core = desugar(formula);
  const untils = untilsOf(core);
  const enabled = fairness.map((one) =>
    Array.from({ length: graph.states }, (_, state) =>
      steps.some((step) => step.from === state && step.from !== step.to && one.covers(step)),
    ),
  );

  interface Vertex {
    readonly step: Step;
    readonly bits: number;
  }
  const vertices: Vertex[] = steps.flatMap((step) =>
    Array.from({ length: 2 ** untils.length }, (_, bits) => ({ step, bits })),
  );
  const value = (one: Core, { step, bits }: Vertex): boolean => {
    switch (one.op) {
      case 'true':
        return true;
      case 'atom':
        return truth(one.atom, step.from, step.to);
      case 'not':
        return !value(one.of, { step, bits });
      case 'and':
        return value(one.left, { step, bits }) && value(one.right, { step, bits });
      case 'until':
        return ((bits >> untils.indexOf(one)) & 1) === 1;
    }
  };
  const leadsTo = (one: Vertex, next: Vertex): boolean =>
    one.step.to === next.step.from &&
    untils.every(
      (until) => value(until, one) === (value(until.right, one) || (value(until.left, one) && value(until, next))),
    );

  const edges = vertices.map((one) => vertices.flatMap((next, index) => (leadsTo(one, next) ? [index] : [])));
  const reachable = closureFrom(
    edges,
    vertices.flatMap((one, index) => (graph.initial.includes(one.step.from) && value(core, one) ? [index] : [])),
  );

  const strong = fairness.flatMap((one, index) => (one.strength === 'strong' ? [index] : []));
  for (let disabled = 0; disabled < 2 ** strong.length; disabled += 1) {
    const isDisabled = (index: number): boolean => ((disabled >> strong.indexOf(index)) & 1) === 1;
    const allowed = vertices.map(
      ({ step }, index) => reachable.has(index) && !strong.some((one) => isDisabled(one) && enabled[one]![step.from]!),
    );
    const visits = [
      ...untils.map((until) => (one: Vertex) => !value(until, one) || value(until.right, one)),
      ...fairness.flatMap(({ strength, covers }, index) => {
        const takes = ({ step }: Vertex): boolean => step.from !== step.to && covers(step);
        if (strength === 'weak') return [(one: Vertex) => !enabled[index]![one.step.from]! || takes(one)];
        return isDisabled(index) ? [] : [takes];
      }),
    ];
    const inner = edges.map((targets, index) => (allowed[index]! ? targets.filter((target) => allowed[target]!) : []));
    const closures = inner.map((targets) => closureFrom(inner, targets));
    for (const [index, onward] of closures.entries()) {
      if (!onward.has(index)) continue;
      const around = [...onward].filter((other) => closures[other]!.has(index)).map((other) => vertices[other]!);
      if (visits.every((visit) => around.some(visit))) return true;
    }
  }
  return false;
}

/** A behavior: `letters[i]` is a step; after the last comes that of `loop`. */
export interface LassoWord {
  readonly letters: readonly Step[];
  readonly loop: number;
}

/** Whether a lasso satisfies a formula, by the definition: looking ahead until everything has been seen. */
export function holdsOn(word: LassoWord, formula: Formula, truth: AtomTruth, position = 0): boolean {
  const at = (index: number): number =>
    index < word.letters.length ? index : word.loop + ((index - word.loop) % (word.letters.length - word.loop));
  const ahead = Array.from({ length: word.letters.length * 2 }, (_, offset) => at(position + offset));
  const now = (one: Formula, index = position): boolean => holdsOn(word, one, truth, index);
  switch (formula.op) {
    case 'true':
      return true;
    case 'atom':
      return truth(formula.atom, word.letters[position]!.from, word.letters[position]!.to);
    case 'not':
      return !now(formula.of);
    case 'and':
      return now(formula.left) && now(formula.right);
    case 'or':
      return now(formula.left) || now(formula.right);
    case 'implies':
      return !now(formula.left) || now(formula.right);
    case 'always':
      return ahead.every((index) => now(formula.of, index));
    case 'eventually':
      return ahead.some((index) => now(formula.of, index));
    case 'until': {
      const first = ahead.findIndex((index) => now(formula.right, index));
      return first >= 0 && ahead.slice(0, first).every((index) => now(formula.left, index));
    }
    case 'leadsTo':
      return ahead.every((index) => !now(formula.left, index) || now({ op: 'eventually', of: formula.right }, index));
  }
}

/**
 * Whether what has been seen of a behavior can be continued so that a formula holds, by whatever truths of its atoms.
 * `letters` are those of the steps that have been made, `now` says what is known of the position after them: undefined
 * of what depends on the step there.
 */
export type Prefix = (letters: readonly AtomLetter[], now: (atom: number) => boolean | undefined) => boolean;
export type AtomLetter = (atom: number) => boolean;

/** Decided over all truths of the atoms and of the untils at a position: 2 to the power of their number. */
export function prefixesOf(formula: Formula): Prefix {
  const core = desugar(formula);
  const untils = untilsOf(core);
  const atoms = [...new Set(atomsIn(core))];
  const bit = (bits: number, index: number): boolean => ((bits >> index) & 1) === 1;
  const atomOf = (bits: number, atom: number): boolean => bit(bits, atoms.indexOf(atom));
  const value = (one: Core, bits: number): boolean => {
    switch (one.op) {
      case 'true':
        return true;
      case 'atom':
        return atomOf(bits, one.atom);
      case 'not':
        return !value(one.of, bits);
      case 'and':
        return value(one.left, bits) && value(one.right, bits);
      case 'until':
        return bit(bits, atoms.length + untils.indexOf(one));
    }
  };
  const positions = Array.from({ length: 2 ** (atoms.length + untils.length) }, (_, bits) => bits);
  const parts = positions.map((bits) =>
    untils.map((one) => ({ is: value(one, bits), left: value(one.left, bits), right: value(one.right, bits) })),
  );
  const follows = (bits: number, next: number): boolean =>
    parts[bits]!.every(({ is, left, right }, index) => is === (right || (left && parts[next]![index]!.is)));
  const edges = positions.map((bits) => positions.filter((next) => follows(bits, next)));
  const closures = edges.map((targets) => closureFrom(edges, targets));
  const isFulfilled = (bits: number): boolean => {
    const around = [...closures[bits]!].filter((other) => closures[other]!.has(bits));
    return (
      0 < around.length &&
      untils.every((_, index) => around.some((one) => !parts[one]![index]!.is || parts[one]![index]!.right))
    );
  };
  const good = new Set(positions.filter(isFulfilled));
  const alive = new Set(positions.filter((bits) => [bits, ...closures[bits]!].some((other) => good.has(other))));
  return (letters, now) => {
    const isLike = (truth: (atom: number) => boolean | undefined) => (bits: number) =>
      atoms.every((atom) => (truth(atom) ?? atomOf(bits, atom)) === atomOf(bits, atom));
    let current = [...alive].filter((bits) => value(core, bits));
    for (const letter of letters) {
      const next = new Set(current.filter(isLike(letter)).flatMap((bits) => edges[bits]!));
      current = [...next].filter((bits) => alive.has(bits));
    }
    return current.some(isLike(now));
  };
}

function atomsIn(formula: Core): number[] {
  switch (formula.op) {
    case 'true':
      return [];
    case 'atom':
      return [formula.atom];
    case 'not':
      return atomsIn(formula.of);
    case 'and':
    case 'until':
      return [...atomsIn(formula.left), ...atomsIn(formula.right)];
  }
}

/** Every pair of states that is a step, once, and stuttering. */
export function allSteps(graph: Graph): readonly Step[] {
  const changing = graph.edges.filter(({ from, to }) => from !== to);
  const pairs = new Map(changing.map(({ from, to }) => [`${from} ${to}`, { from, to }]));
  const still = Array.from({ length: graph.restlessFrom ?? graph.states }, (_, state) => ({ from: state, to: state }));
  return [...pairs.values(), ...still];
}

type Core =
  | { readonly op: 'true' }
  | { readonly op: 'atom'; readonly atom: number }
  | { readonly op: 'not'; readonly of: Core }
  | { readonly op: 'and'; readonly left: Core; readonly right: Core }
  | CoreUntil;

interface CoreUntil {
  readonly op: 'until';
  readonly left: Core;
  readonly right: Core;
}

function desugar(formula: Formula): Core {
  const not = (of: Core): Core => ({ op: 'not', of });
  const and = (left: Core, right: Core): Core => ({ op: 'and', left, right });
  const or = (left: Core, right: Core): Core => not(and(not(left), not(right)));
  const eventually = (right: Core): Core => ({ op: 'until', left: { op: 'true' }, right });
  switch (formula.op) {
    case 'true':
    case 'atom':
      return formula;
    case 'not':
      return not(desugar(formula.of));
    case 'always':
      return not(eventually(not(desugar(formula.of))));
    case 'eventually':
      return eventually(desugar(formula.of));
    case 'and':
      return and(desugar(formula.left), desugar(formula.right));
    case 'or':
      return or(desugar(formula.left), desugar(formula.right));
    case 'implies':
      return or(not(desugar(formula.left)), desugar(formula.right));
    case 'until':
      return { op: 'until', left: desugar(formula.left), right: desugar(formula.right) };
    case 'leadsTo':
      return not(eventually(and(desugar(formula.left), not(eventually(desugar(formula.right))))));
  }
}

function untilsOf(formula: Core): CoreUntil[] {
  switch (formula.op) {
    case 'true':
    case 'atom':
      return [];
    case 'not':
      return untilsOf(formula.of);
    case 'and':
      return [...untilsOf(formula.left), ...untilsOf(formula.right)];
    case 'until':
      return [...untilsOf(formula.left), ...untilsOf(formula.right), formula];
  }
}

function closureFrom(edges: readonly (readonly number[])[], starts: readonly number[]): ReadonlySet<number> {
  const seen = new Set(starts);
  for (const vertex of seen) for (const target of edges[vertex]!) seen.add(target);
  return seen;
}
