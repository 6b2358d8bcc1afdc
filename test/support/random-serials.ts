// Random systems with values of which only the order counts: written as a spec, and carried out here on integers that
// grow, without a word of ours. States are taken together by the order of what they hold, afterwards.
import { randomOf } from './random-number.ts';

/** A value of one of two domains; integers of different domains are never compared. */
class Serial {
  constructor(
    readonly domain: 'Term' | 'Ballot',
    readonly value: number,
  ) {}
}

/** Sets are lists without duplicates. */
interface State {
  x: Serial;
  y: Serial | null;
  b: Serial;
  q: Serial[];
  held: Record<'n0' | 'n1', Serial>;
  seen: Serial[];
  sent: { term: Serial; from: 'n0' | 'n1' }[];
  flag: boolean;
}

/** What runs of bodies need: fresh values are above all that was ever made. */
interface Run {
  state: State;
  readonly next: State;
  readonly n: 'n0' | 'n1';
  fresh(domain: Serial['domain']): Serial;
}

interface Piece<Result> {
  readonly text: string;
  readonly run: (run: Run) => Result;
}

/** A random system: its spec, and what it does. */
export interface RandomSerials {
  readonly text: string;
  readonly alive: number;
  readonly actions: readonly { readonly name: string; readonly body: readonly Piece<boolean>[] }[];
  readonly invariants: readonly Piece<boolean>[];
  readonly steps: readonly Piece<boolean>[];
}

/** What one state can become, on integers. */
export interface Step {
  /** `act0(n1)`. */
  readonly label: string;
  /** Undefined: the step fails, because too many values would be alive. */
  readonly to: State | undefined;
  readonly made: Made;
}

/** The largest integers that were made so far. */
type Made = Readonly<Record<Serial['domain'], number>>;

/** What each instance leads to. @param made - the largest integers that were made before. */
export function stepsFrom({ actions, alive }: RandomSerials, from: State, made: Made): readonly Step[] {
  return actions.flatMap(({ name, body }) =>
    (['n0', 'n1'] as const).flatMap((n): Step[] => {
      const count = { ...made };
      const state = copied(from);
      const run: Run = { state, next: state, n, fresh: (domain) => new Serial(domain, (count[domain] += 1)) };
      if (!body.every((piece) => piece.run(run))) return [];
      const isWithin = (['Term', 'Ballot'] as const).every((domain) => aliveIn(state, domain).length <= alive);
      return [{ label: `${name}(${n})`, to: isWithin ? state : undefined, made: count }];
    }),
  );
}

export function holdsIn(piece: Piece<boolean>, state: State, next: State = state): boolean {
  return piece.run({ state, next, n: 'n0', fresh: () => new Serial('Term', 0) });
}

export function start(): State {
  const [term, ballot] = [new Serial('Term', 0), new Serial('Ballot', 0)];
  return { x: term, y: null, b: ballot, q: [], held: { n0: term, n1: term }, seen: [], sent: [], flag: false };
}

/** A state as a text that is the same for all states of one order. */
export function orderOf(state: State): string {
  const ranks = { Term: aliveIn(state, 'Term'), Ballot: aliveIn(state, 'Ballot') };
  return textOf(state, (one) => (one.value === 0 ? 0 : ranks[one.domain].indexOf(one.value) + 1));
}

/** A state as a text, with its integers. */
export function textOf(state: State, numberOf: (one: Serial) => number = ({ value }) => value): string {
  const { seen, sent } = state;
  const sorted = (list: readonly unknown[]): unknown[] => [...list].sort((a, b) => (text(a) < text(b) ? -1 : 1));
  const text = (part: unknown): string =>
    JSON.stringify(part, (_, one: unknown) => (one instanceof Serial ? numberOf(one) : one));
  return text({ ...state, seen: sorted(seen), sent: sorted(sent) });
}

function aliveIn(state: State, domain: Serial['domain']): readonly number[] {
  const { x, y, b, q, held, seen, sent } = state;
  const all = [x, y, b, ...q, held.n0, held.n1, ...seen, ...sent.map(({ term }) => term)];
  const values = all.filter((one) => one?.domain === domain).map((one) => one!.value);
  return [...new Set(values)].filter((value) => value !== 0).sort((left, right) => left - right);
}

function copied(state: State): State {
  const { held, q, seen, sent } = state;
  return { ...state, held: { ...held }, q: [...q], seen: [...seen], sent: sent.map((one) => ({ ...one })) };
}

/** A random system of two nodes; the same for the same seed. */
export function randomSerials(seed: number): RandomSerials {
  const random = randomOf(seed);
  const oneOf = <One>(list: readonly One[]): One => list[random(list.length)]!;
  const alive = 1 + (seed % 3);

  const places = (s: 's' | 'next'): readonly Piece<Serial>[] => {
    const of = (run: Run): State => (s === 's' ? run.state : run.next);
    return [
      { text: `${s}.x`, run: (run) => of(run).x },
      { text: `${s}.held.n0`, run: (run) => of(run).held.n0 },
      { text: `${s}.held.n1`, run: (run) => of(run).held.n1 },
    ];
  };
  const mine: Piece<Serial> = { text: 's.held[n]', run: ({ state, n }) => state.held[n] };
  const term = (): Piece<Serial> => {
    switch (random(4)) {
      case 0:
        return { text: 'fresh(Term)', run: (run) => run.fresh('Term') };
      case 1:
        return { text: 'first(Term)', run: () => new Serial('Term', 0) };
      default:
        return oneOf([...places('s'), mine]);
    }
  };
  const comparison = (left: Piece<Serial>, right: Piece<Serial>): Piece<boolean> => {
    const operator = oneOf(['<', '<=', '>', '>=', '===', '!==']);
    const compare = (one: number, other: number): boolean =>
      operator === '<'
        ? one < other
        : operator === '<='
          ? one <= other
          : operator === '>'
            ? one > other
            : operator === '>='
              ? one >= other
              : (operator === '===') === (one === other);
    return {
      text: `${left.text} ${operator} ${right.text}`,
      run: (run) => compare(left.run(run).value, right.run(run).value),
    };
  };
  const has = (list: readonly Serial[], one: Serial): boolean => list.some(({ value }) => value === one.value);
  const condition = (inAction: boolean): Piece<boolean> => {
    const one = oneOf(inAction ? [...places('s'), mine] : places('s'));
    const other = oneOf(inAction ? [...places('s'), mine] : places('s'));
    switch (random(inAction ? 8 : 6)) {
      case 0:
        return {
          text: `(s.y !== null && s.y < ${one.text})`,
          run: (run) => run.state.y !== null && run.state.y.value < one.run(run).value,
        };
      case 1:
        return { text: `s.seen.has(${one.text})`, run: (run) => has(run.state.seen, one.run(run)) };
      case 2:
        return {
          text: `all(s.sent, (m) => m.term <= ${one.text})`,
          run: (run) => run.state.sent.every((m) => m.term.value <= one.run(run).value),
        };
      case 3:
        return {
          text: `s.q.every((t) => ${one.text} !== t)`,
          run: (run) => run.state.q.every((t) => t.value !== one.run(run).value),
        };
      case 6:
        return {
          text: '!s.flag',
          run: (run) => !run.state.flag,
        };
      case 7:
        return { text: 's.b !== first(Ballot)', run: (run) => run.state.b.value !== 0 };
      default:
        return comparison(one, other);
    }
  };
  const set = (text: string, value: Piece<Serial>, store: (run: Run, one: Serial) => void): Piece<boolean> => ({
    text: text.replace('?', value.text),
    run: (run) => {
      store(run, value.run(run));
      return true;
    },
  });
  const effect = (): Piece<boolean> => {
    switch (random(13)) {
      case 0:
        return set('s.x = ?;', term(), (run, one) => (run.state.x = one));
      case 1:
      case 2:
        return set('s.held[n] = ?;', term(), (run, one) => (run.state.held[run.n] = one));
      case 3:
        return set('s.y = ?;', term(), (run, one) => (run.state.y = one));
      case 4:
        return {
          text: 's.y = null;',
          run: (run) => {
            run.state.y = null;
            return true;
          },
        };
      case 5:
        return set('if (s.q.length < 2) s.q.push(?);', places('s')[random(3)]!, (run, one) => {
          if (run.state.q.length < 2) run.state.q.push(one);
        });
      case 6:
        return {
          text: 's.q.shift();',
          run: (run) => {
            run.state.q.shift();
            return true;
          },
        };
      case 7:
        return set('s.seen.add(?);', oneOf([...places('s'), mine]), (run, one) => {
          if (!has(run.state.seen, one)) run.state.seen.push(one);
        });
      case 8: {
        const bound = oneOf(places('s'));
        return {
          text: `s.seen = new Set([...s.seen].filter((t) => ${bound.text} < t));`,
          run: (run) => {
            const limit = bound.run(run).value;
            run.state.seen = run.state.seen.filter(({ value }) => limit < value);
            return true;
          },
        };
      }
      case 9:
        return set('s.sent.add({ term: ?, from: n });', oneOf([...places('s'), mine]), ({ state, n }, one) => {
          if (!state.sent.some(({ term: t, from }) => t.value === one.value && from === n))
            state.sent.push({ term: one, from: n });
        });
      case 10:
        return {
          text: 's.sent = new Set();',
          run: (run) => {
            run.state.sent = [];
            return true;
          },
        };
      case 11:
        return set('s.b = ?;', { text: 'fresh(Ballot)', run: (run) => run.fresh('Ballot') }, (run, one) => {
          run.state.b = one;
        });
      default:
        return {
          text: 's.flag = !s.flag;',
          run: (run) => {
            run.state.flag = !run.state.flag;
            return true;
          },
        };
    }
  };
  const list = <One>(count: number, make: () => One): One[] => Array.from({ length: count }, make);
  const actions = list(3 + random(3), () => {
    const guards = list(random(3) === 0 ? 1 : 0, () => {
      const one = condition(true);
      return { text: `when(${one.text});`, run: one.run };
    });
    return [...guards, ...list(1 + random(2), effect)];
  }).map((body, at) => ({ name: `act${at}`, body }));
  const invariants = list(2, () => condition(false));
  const steps = list(2, () => comparison(oneOf(places('s')), oneOf(places('next'))));
  const text = `
    const Node = ids('Node', 2);
    const Term = serial('Term', { alive: ${alive} });
    const Ballot = serial('Ballot', { alive: ${alive} });
    export const order = spec('order', {
      state: () => ({
        x: Term, y: z.nullable(Term), b: Ballot, q: z.array(Term).max(2), held: z.record(z.enum(['n0', 'n1']), Term),
        seen: z.set(Term), sent: z.set(z.object({ term: Term, from: z.enum(['n0', 'n1']) })), flag: z.boolean(),
      }),
      deadlocks: 'ignored',
    });
    ${actions
      .map(
        ({ name, body }) =>
          `export const ${name} = order.action({ n: z.enum(['n0', 'n1']) }, (s, { n }) => { ${body.map((one) => one.text).join(' ')} });`,
      )
      .join('\n    ')}
    ${invariants.map((one, at) => `export const invariant${at} = order.invariant((s) => ${one.text});`).join('\n    ')}
    ${steps.map((one, at) => `export const step${at} = order.step((s, next) => ${one.text});`).join('\n    ')}
    export const model = order.model({});
  `;
  return { text, alive, actions, invariants, steps };
}

export type { State };
