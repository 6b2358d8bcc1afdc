import type { IntList } from '../search/int-list.ts';
import { atom as literalOf, isPropositional, negate } from './ltl.ts';
import type { Ltl } from './ltl.ts';
import { strongComponents } from './scc.ts';

/**
 * A generalized Büchi automaton that reads one letter a transition and is accepted by its transitions: a run is
 * accepting when it takes transitions of every mark infinitely often.
 *
 * States are numbered so that those of one strongly connected component are neighbors, and no transition leads to a
 * lower component. Only states from which something is accepted are left.
 */
export interface Automaton {
  readonly states: number;
  /** -1: the language is empty. */
  readonly initial: number;
  /** How many marks there are, at most {@link MAX_MARKS}. */
  readonly marks: number;
  /** In the order of `from`. */
  readonly transitions: readonly Transition[];
  readonly components: readonly AutomatonComponent[];
  /** The state that accepts every word, or -1. */
  readonly universal: number;
}

export interface Transition {
  readonly from: number;
  readonly to: number;
  /** All of them must be true of the letter. */
  readonly label: readonly Literal[];
  /** Bit `i`: the transition has mark `i`. */
  readonly marks: number;
}

export interface Literal {
  readonly atom: number;
  readonly negated: boolean;
}

export interface AutomatonComponent {
  readonly first: number;
  readonly last: number;
  /** Whether a run that stays in it can be accepting. */
  readonly accepting: boolean;
}

const MAX_MARKS = 30;
const MAX_TRANSITIONS = 100_000;
const MAX_WAYS = 4096; // from one state; telling which of them others cover takes their square

/** A formula whose automaton would be too large. */
export class FormulaTooLarge extends Error {}

/**
 * The words that satisfy a formula, as an automaton.
 *
 * States are sets of obligations. A set is expanded into the ways to meet it now: each is a conjunction of literals,
 * the obligations left for the rest of the word, and the untils whose right side was put off. Mark `i` is on every
 * transition that does not put off until `i`. Where a right side is propositional it is put off only when it is false,
 * which keeps the automaton closer to deterministic. Then ways that another way covers are dropped, states from which
 * nothing is accepted are removed, and equivalent states are merged.
 *
 * @throws FormulaTooLarge when there are more than {@link MAX_MARKS} untils, 4096 ways to meet one set or a hundred
 * thousand transitions.
 * @remarks Exponential in the number of temporal operators in the worst case; a handful of states for formulas that
 * people write.
 * @see Couvreur, "On-the-fly verification of linear temporal logic", FM 1999; Gerth, Peled, Vardi, Wolper, "Simple
 * on-the-fly automatic verification of linear temporal logic", PSTV 1995.
 */
export function automatonOf(formula: Ltl): Automaton {
  return arrange(merge(prune(tableau(formula))));
}

/** While it is being made: state numbers are arbitrary, and dead states are still there. */
interface Draft {
  readonly states: number;
  readonly initial: number;
  readonly marks: number;
  readonly transitions: readonly Transition[];
  readonly universal: number;
}

/** One way to meet a set of obligations now. */
interface Way {
  readonly label: ReadonlyMap<number, boolean>;
  readonly next: readonly Ltl[];
  /** Keys of the untils put off. */
  readonly postponed: ReadonlySet<string>;
}

function tableau(formula: Ltl): Draft {
  const numbers = new Map<string, number>();
  const queue: (readonly Ltl[])[] = [];
  const numberOf = (obligations: readonly Ltl[]): number => {
    const key = obligations.map((one) => one.key).join(';');
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
      queue.push(obligations);
    }
    return number;
  };
  const drafts: { from: number; to: number; way: Way }[] = [];
  const untils = new Map<string, number>();

  const initial = numberOf(formula.kind === 'true' ? [] : [formula]);
  for (let from = 0; from < queue.length; from += 1) {
    for (const way of withoutCovered(waysToMeet(queue[from]!))) {
      drafts.push({ from, to: numberOf(way.next), way });
      for (const key of way.postponed) if (!untils.has(key)) untils.set(key, untils.size);
    }
    if (MAX_TRANSITIONS < drafts.length || MAX_MARKS < untils.size) throw new FormulaTooLarge();
  }

  const all = 2 ** untils.size - 1;
  const transitions = drafts.map(({ from, to, way }) => {
    let marks = all;
    for (const key of way.postponed) marks &= ~(1 << untils.get(key)!);
    const label = [...way.label].map(([atom, value]) => ({ atom, negated: !value }));
    return { from, to, marks, label: label.sort((a, b) => a.atom - b.atom) };
  });
  return { states: queue.length, initial, marks: untils.size, transitions, universal: numbers.get('') ?? -1 };
}

function waysToMeet(obligations: readonly Ltl[]): Way[] {
  const ways: Way[] = [];
  expand([...obligations], new Set(), new Map(), new Map(), new Set());
  return ways;

  /** Takes over its arguments; a branch works on copies. */
  function expand(
    todo: Ltl[],
    done: Set<string>,
    label: Map<number, boolean>,
    next: Map<string, Ltl>,
    postponed: Set<string>,
  ): void {
    const branch = (...more: Ltl[]): void =>
      expand([...todo, ...more], new Set(done), new Map(label), new Map(next), new Set(postponed));
    for (let formula = todo.pop(); formula !== undefined; formula = todo.pop()) {
      if (done.has(formula.key)) continue;
      done.add(formula.key);
      switch (formula.kind) {
        case 'true':
          break;
        case 'false':
          return;
        case 'literal':
          if (label.get(formula.atom) === formula.negated) return;
          label.set(formula.atom, !formula.negated);
          break;
        case 'and':
          todo.push(formula.left, formula.right);
          break;
        case 'or':
          branch(formula.left);
          todo.push(...unless(formula.left), formula.right);
          break;
        case 'until':
          branch(formula.right);
          postponed.add(formula.key);
          next.set(formula.key, formula);
          todo.push(...unless(formula.right), formula.left);
          break;
        case 'release':
          branch(formula.left, formula.right);
          next.set(formula.key, formula);
          todo.push(...unless(formula.left), formula.right);
          break;
      }
    }
    if (MAX_WAYS <= ways.length) throw new FormulaTooLarge();
    ways.push({ label, next: reduced([...next.values()]), postponed });
  }
}

/** The other alternative need only be taken when this one is impossible: said when it is a matter of the letter. */
function unless(formula: Ltl): Ltl[] {
  return isPropositional(formula) ? [negate(formula)] : [];
}

/** Without the obligations that another one brings along: `b` beside `a release b`. In canonical order. */
function reduced(obligations: readonly Ltl[]): readonly Ltl[] {
  const implied = new Set(obligations.flatMap((one) => (one.kind === 'release' ? [one.right.key] : [])));
  return obligations
    .filter((one) => !implied.has(one.key))
    .sort((left, right) => (left.key < right.key ? -1 : left.key === right.key ? 0 : 1));
}

/** Drops each way that some other one covers: asks no more of this letter or of the rest, and puts off no more. */
function withoutCovered(ways: readonly Way[]): readonly Way[] {
  const covers = (one: Way, other: Way): boolean =>
    [...one.label].every(([atom, value]) => other.label.get(atom) === value) &&
    one.next.every((obligation) => other.next.some(({ key }) => key === obligation.key)) &&
    [...one.postponed].every((key) => other.postponed.has(key));
  return ways.filter(
    (way, index) =>
      !ways.some((other, place) => place !== index && covers(other, way) && (place < index || !covers(way, other))),
  );
}

/** Removes states from which nothing is accepted, marks that say nothing, and marks outside of loops. */
function prune(draft: Draft): Draft {
  const component = componentsOf(draft);
  const isInner = ({ from, to }: Transition): boolean => component.of[from] === component.of[to];
  const inner = draft.transitions.filter(isInner);
  const seen = new Int32Array(component.count);
  const hasLoop = new Uint8Array(component.count);
  for (const transition of inner) {
    seen[component.of[transition.from]!]! |= transition.marks;
    hasLoop[component.of[transition.from]!] = 1;
  }
  const all = 2 ** draft.marks - 1;
  const accepting = (state: number): boolean => {
    const own = component.of[state]!;
    return hasLoop[own] === 1 && seen[own] === all;
  };

  const alive = new Uint8Array(draft.states);
  for (let state = 0; state < draft.states; state += 1) if (accepting(state)) alive[state] = 1;
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to } of draft.transitions) {
      if (alive[from] === 1 || alive[to] === 0) continue;
      alive[from] = 1;
      changed = true;
    }
  }

  const kept = draft.transitions.filter(({ from, to }) => alive[from] === 1 && alive[to] === 1);
  const loops = kept.filter((transition) => isInner(transition) && accepting(transition.from));
  const needed = neededMarks(draft.marks, loops);
  // With no mark left every loop would be accepting: then one mark tells those that are from those that are not.
  const hasRejecting = kept.some((transition) => isInner(transition) && !accepting(transition.from));
  const isBare = needed.length === 0 && hasRejecting;
  const transitions = kept.map((transition) => {
    const isLoop = isInner(transition) && accepting(transition.from);
    return { ...transition, marks: !isLoop ? 0 : isBare ? 1 : select(transition.marks, needed) };
  });
  const initial = alive[draft.initial] === 1 ? draft.initial : -1;
  return { ...draft, initial, transitions, marks: isBare ? 1 : needed.length };
}

/** Marks without those that every loop has anyway: on all transitions, or wherever some other mark is. */
function neededMarks(count: number, loops: readonly Transition[]): readonly number[] {
  let needed = Array.from({ length: count }, (_, mark) => mark);
  const has = (transition: Transition, mark: number): boolean => ((transition.marks >> mark) & 1) === 1;
  for (const mark of [...needed]) {
    const others = needed.filter((other) => other !== mark);
    const isImplied =
      loops.every((transition) => has(transition, mark)) ||
      others.some((other) => loops.every((transition) => !has(transition, other) || has(transition, mark)));
    if (isImplied) needed = others;
  }
  return needed;
}

function select(marks: number, kept: readonly number[]): number {
  return kept.reduce((result, mark, index) => result | (((marks >> mark) & 1) << index), 0);
}

/** Merges states with the same transitions, up to merging: the coarsest partition that refinement reaches. */
function merge(draft: Draft): Draft {
  let current = simplified(draft);
  for (;;) {
    let classOf: Int32Array = new Int32Array(current.states);
    let classes = 1;
    for (;;) {
      const signatures = new Map<string, number>();
      const outgoing = groupByState(current);
      const refined = new Int32Array(current.states);
      for (let state = 0; state < current.states; state += 1) {
        const ways = outgoing[state]!.map((one) => `${labelKey(one)}>${classOf[one.to]}:${one.marks}`);
        const signature = `${classOf[state]}|${[...new Set(ways)].sort().join()}`;
        if (!signatures.has(signature)) signatures.set(signature, signatures.size);
        refined[state] = signatures.get(signature)!;
      }
      classOf = refined;
      if (signatures.size === classes) break;
      classes = signatures.size;
    }
    const merged = simplified({
      ...current,
      states: classes,
      initial: current.initial < 0 ? -1 : classOf[current.initial]!,
      universal: current.universal < 0 ? -1 : classOf[current.universal]!,
      transitions: current.transitions.map((one) => ({ ...one, from: classOf[one.from]!, to: classOf[one.to]! })),
    });
    if (merged.states === current.states) return merged;
    current = merged;
  }
}

/** Joins transitions that differ in one literal, drops those that a weaker label with at least their marks covers. */
function simplified(draft: Draft): Draft {
  const groups = groupByState(draft).map((outgoing) => {
    let ways = [...outgoing];
    for (let joined = true; joined;) {
      joined = false;
      ways = ways.filter(
        (way, index) =>
          !ways.some(
            (other, place) =>
              place !== index && coversTransition(other, way) && (place < index || !coversTransition(way, other)),
          ),
      );
      search: for (const [index, one] of ways.entries()) {
        for (const other of ways.slice(index + 1)) {
          const label = joinedLabel(one, other);
          if (label === undefined) continue;
          ways = [...ways.filter((way) => way !== one && way !== other), { ...one, label }];
          joined = true;
          break search;
        }
      }
    }
    return ways;
  });
  return { ...draft, transitions: groups.flat() };
}

function coversTransition(one: Transition, other: Transition): boolean {
  return (
    one.to === other.to &&
    (one.marks & other.marks) === other.marks &&
    one.label.every(({ atom, negated }) => other.label.some((also) => also.atom === atom && also.negated === negated))
  );
}

function joinedLabel(one: Transition, other: Transition): readonly Literal[] | undefined {
  if (one.to !== other.to || one.marks !== other.marks || one.label.length !== other.label.length) return undefined;
  const differing = one.label.filter((literal, index) => {
    const also = other.label[index]!;
    return also.atom !== literal.atom || also.negated !== literal.negated;
  });
  if (differing.length !== 1 || one.label.some(({ atom }, index) => other.label[index]!.atom !== atom))
    return undefined;
  return one.label.filter((literal) => literal !== differing[0]);
}

/** Leaves out what the initial state does not reach and numbers the rest by component. */
function arrange(draft: Draft): Automaton {
  if (draft.initial < 0) {
    return { states: 0, initial: -1, marks: 0, transitions: [], components: [], universal: -1 };
  }
  const component = componentsOf(draft);
  const reached = Array.from({ length: draft.states }, (_, state) => state).filter(
    (state) => 0 <= component.of[state]!,
  );
  reached.sort((left, right) => component.of[right]! - component.of[left]! || left - right);
  const numbers = new Map(reached.map((state, number) => [state, number]));
  const transitions = draft.transitions
    .filter(({ from }) => numbers.has(from))
    .map((one) => ({ ...one, from: numbers.get(one.from)!, to: numbers.get(one.to)! }))
    .sort((left, right) => left.from - right.from);

  const components: AutomatonComponent[] = [];
  for (let first = 0, last = 0; first < reached.length; first = last + 1) {
    last = first;
    while (last + 1 < reached.length && component.of[reached[last + 1]!] === component.of[reached[first]!]) last += 1;
    const [low, high] = [first, last];
    const inside = (state: number): boolean => low <= state && state <= high;
    const loops = transitions.filter(({ from, to }) => inside(from) && inside(to));
    const seen = loops.reduce((marks, one) => marks | one.marks, 0);
    components.push({ first, last, accepting: 0 < loops.length && seen === 2 ** draft.marks - 1 });
  }
  return {
    states: reached.length,
    initial: numbers.get(draft.initial)!,
    marks: draft.marks,
    transitions,
    components,
    universal: numbers.get(draft.universal) ?? -1,
  };
}

/** The component of each state that the initial one reaches, -1 for others; later components reach earlier ones. */
function componentsOf(draft: Draft): { readonly of: Int32Array; readonly count: number } {
  const outgoing = groupByState(draft);
  const of = new Int32Array(draft.states).fill(-1);
  let count = 0;
  const successors = (state: number, into: IntList): void => {
    for (const { to } of outgoing[state]!) into.push(to);
  };
  if (0 <= draft.initial) {
    strongComponents(
      { size: draft.states, successors },
      [draft.initial],
      new Int32Array(draft.states),
      (members, from) => {
        for (let index = from; index < members.length; index += 1) of[members.at(index)] = count;
        count += 1;
      },
    );
  }
  return { of, count };
}

function groupByState(draft: Draft): readonly (readonly Transition[])[] {
  const groups: Transition[][] = Array.from({ length: draft.states }, () => []);
  for (const transition of draft.transitions) groups[transition.from]!.push(transition);
  return groups;
}

function labelKey({ label }: Transition): string {
  return label.map(({ atom, negated }) => literalOf(atom, negated).key).join('&');
}
