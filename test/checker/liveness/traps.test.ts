import { describe, expect, it } from 'vitest';
import { askChecker } from './ask.ts';
import type { TinyAnswer } from './ask.ts';
import type { Formula } from './oracle.ts';
import { states, tiny } from './tiny-graph.ts';

/**
 * Mistakes that liveness checkers have made, each on the smallest graph that shows it.
 *
 * A case is a graph, the states of each predicate, the fairness as in `'WF(a) SF(b|c)'` and a formula. The answer is
 * `holds`, or a lasso: `0 a 1 ( b 2 c 1 )`, `( )` for stuttering; without brackets whatever follows.
 */
function judge(
  notation: string,
  predicates: Readonly<Record<string, string>>,
  fairness: string,
  formula: string,
): string {
  const graph = tiny(notation);
  const names = Object.keys(predicates);
  const number = (name: string): number => {
    if (!graph.actions.includes(name)) throw new Error(`no action ${name}`);
    return graph.actions.indexOf(name);
  };
  const taken = [...formula.matchAll(/taken\((\w+)\)/g)].map((match) => [number(match[1]!)]);
  const enabled = [...formula.matchAll(/enabled\((\w+)\)/g)].map((match) => [number(match[1]!)]);
  let [takenSoFar, enabledSoFar] = [0, 0];
  const leaf = (token: string): Formula => {
    if (token.startsWith('taken')) return { op: 'atom', atom: names.length + takenSoFar++ };
    if (token.startsWith('enabled')) return { op: 'atom', atom: names.length + taken.length + enabledSoFar++ };
    if (!names.includes(token)) throw new Error(`no predicate ${token}`);
    return { op: 'atom', atom: names.indexOf(token) };
  };
  const answer = askChecker(
    {
      graph,
      predicates: Object.values(predicates).map(states),
      taken,
      enabled,
      fairness: [...fairness.matchAll(/([WS])F\(([\w|]+)\)/g)].map(([, strength, members]) => ({
        strength: strength === 'W' ? 'weak' : 'strong',
        instances: members!.split('|').map(number),
      })),
    },
    parse(formula, leaf),
  );
  return answer.kind === 'found' ? lassoText(answer, graph.actions) : 'holds';
}

function lassoText({ states: visited, instances, loop }: TinyAnswer, actions: readonly string[]): string {
  const words = [String(visited[0])];
  instances.forEach((instance, index) => {
    if (index === loop) words.push('(');
    words.push(instance < 0 ? '-' : actions[instance]!, String(visited[index + 1]));
  });
  if (loop === instances.length) words.push('(');
  return loop === undefined ? words.join(' ') : `${words.join(' ')} )`;
}

/** Fully bracketed prefix notation: `[] (p => <> q)`, binary operators `& | => U ~>`. */
function parse(text: string, leaf: (token: string) => Formula): Formula {
  const tokens = text.match(/\[\]|<>|=>|~>|[!&|U()]|taken\(\w+\)|enabled\(\w+\)|\w+/g)!;
  const binary = { '&': 'and', '|': 'or', '=>': 'implies', '~>': 'leadsTo', U: 'until' } as const;
  const unary = { '!': 'not', '[]': 'always', '<>': 'eventually' } as const;
  const operand = (): Formula => {
    const token = tokens.shift()!;
    if (token in unary) return { op: unary[token as keyof typeof unary], of: operand() };
    if (token !== '(') return leaf(token);
    const inside = expression();
    tokens.shift();
    return inside;
  };
  const expression = (): Formula => {
    const left = operand();
    const op = binary[tokens[0] as keyof typeof binary];
    if (op === undefined) return left;
    tokens.shift();
    return { op, left, right: operand() };
  };
  return expression();
}

describe('stuttering', () => {
  it('can go on forever where nothing is fair', () => {
    expect(judge('0 -a> 1', { p: '1' }, '', '<> p')).toBe('0 ( )');
  });

  it('is excluded by weak fairness of a step that stays possible', () => {
    expect(judge('0 -a> 1', { p: '1' }, 'WF(a)', '<> p')).toBe('holds');
  });

  it('is no step of a fair action, even of one that could leave the state as it is', () => {
    expect(judge('0 -a> 0, 0 -b> 1', { p: '1' }, 'WF(a)', '<> p')).toBe('0 ( )');
    expect(judge('0 -a> 0, 0 -a> 1', { p: '1' }, 'WF(a)', '<> p')).toBe('holds');
  });

  it('satisfies a fair action whose only steps change nothing: it is never enabled', () => {
    expect(judge('0 -a> 0', { p: '' }, 'SF(a)', '[] <> p')).toBe('0 ( )');
  });

  it('goes on where a run has ended', () => {
    expect(judge('0 -a> 1', { p: '0' }, 'WF(a)', '[] <> p')).toBe('0 a 1 ( )');
    expect(judge('0 -a> 1', { p: '1' }, 'WF(a)', '<> [] p')).toBe('holds');
  });
});

describe('weak fairness', () => {
  it('filters loops and never reports one by itself', () => {
    expect(judge('0 -a> 1, 1 -b> 0', { p: '0 1' }, 'WF(a) WF(b)', '[] p')).toBe('holds');
    expect(judge('0 -a> 1, 1 -b> 0', { p: '0' }, 'WF(a) WF(b)', '[] <> p')).toBe('holds');
  });

  it('is satisfied by a step that is enabled again and again but not for good', () => {
    expect(judge('0 -a> 1, 1 -b> 0, 0 -c> 2', { p: '2' }, 'WF(a) WF(b) WF(c)', '<> p')).toBe('0 ( a 1 b 0 )');
  });

  it('of one of two inverse actions lets the other undo it forever', () => {
    expect(judge('0 -up> 1, 1 -down> 0', { p: '1' }, 'WF(up)', '<> [] p')).toBe('0 ( up 1 down 0 )');
    expect(judge('0 -up> 1, 1 -down> 0', { p: '1' }, 'WF(up)', '[] <> p')).toBe('holds');
    expect(judge('0 -up> 1, 1 -down> 0', { p: '0' }, 'WF(up)', '[] <> p')).toBe('0 up 1 ( )');
  });

  it('is asked of a loop, not of the component around it: a step taken elsewhere does not help', () => {
    // The loop 1-2 keeps `out` enabled and never takes it; the whole component does take it, by way of 0 and p.
    expect(judge('0 -a> 1, 1 -b> 2, 2 -c> 1, 1 -out> 0, 2 -out> 0', { p: '0' }, 'WF(out)', '[] <> p')).toBe('holds');
    expect(judge('0 -a> 1, 1 -b> 2, 2 -c> 1, 1 -out> 0', { p: '0' }, 'WF(out) WF(c)', '[] <> p')).toBe(
      '0 a 1 ( b 2 c 1 )',
    );
  });

  it('of each of two actions asks more than of their disjunction', () => {
    const graph = '0 -a> 1, 1 -a> 0, 0 -b> 2, 1 -b> 2';
    expect(judge(graph, { p: '2' }, 'WF(a) WF(b)', '<> p')).toBe('holds');
    expect(judge(graph, { p: '2' }, 'WF(a|b)', '<> p')).toBe('0 ( a 1 a 0 )');
  });

  it('of each value of an argument asks more than of any one of them', () => {
    const graph = '0 -t0> 1, 1 -t0> 0, 0 -t1> 2, 1 -t1> 3';
    expect(judge(graph, { p: '2 3' }, 'WF(t0) WF(t1)', '<> p')).toBe('holds');
    expect(judge(graph, { p: '2 3' }, 'WF(t0|t1)', '<> p')).toBe('0 ( t0 1 t0 0 )');
  });
});

describe('strong fairness', () => {
  it('boils the kettle that weak fairness leaves cold', () => {
    // Turning the stove off and on again keeps `boil` from staying enabled.
    const kettle = '0 -on> 1, 1 -off> 0, 1 -boil> 2';
    expect(judge(kettle, { hot: '2' }, 'WF(on) WF(boil)', '<> hot')).toBe('0 ( on 1 off 0 )');
    expect(judge(kettle, { hot: '2' }, 'WF(on) SF(boil)', '<> hot')).toBe('holds');
  });

  it('finds no loop in a component that is fair as a whole when all of its parts are unfair', () => {
    // Visiting 0 again and again enables `a`, whose steps all pass through p; staying away from 0 means staying at 1-2,
    // where `b` is enabled and never taken.
    const graph = '0 -a> 3, 3 -x> 0, 0 -c> 1, 1 -d> 2, 2 -d> 1, 1 -b> 0';
    expect(judge(graph, { p: '3' }, 'SF(a) SF(b) WF(c) WF(d) WF(x)', '[] <> p')).toBe('holds');
    expect(judge(graph, { p: '3' }, 'SF(a) WF(b) WF(c) WF(d) WF(x)', '[] <> p')).toBe('0 c 1 ( d 2 d 1 )');
  });

  it('finds the fair loop that is left when what an unfair component enables is removed, twice over', () => {
    const graph = '0 -x> 1, 1 -x> 2, 2 -x> 3, 3 -x> 2, 3 -y> 1, 1 -y> 0, 0 -a> 4, 1 -b> 4';
    expect(judge(graph, { p: '4' }, 'SF(a) SF(b) WF(x)', '<> p')).toBe('0 x 1 x 2 ( x 3 x 2 )');
  });

  it('is satisfied by what is never enabled again', () => {
    expect(judge('0 -a> 1, 0 -b> 2', { p: '1' }, 'SF(a) WF(b)', '<> p')).toBe('0 b 2 ( )');
  });
});

describe('formulas', () => {
  it('does not drop `eventually always`', () => {
    expect(judge('0 -a> 1, 1 -b> 0', { p: '1' }, 'WF(a) WF(b)', '<> [] p')).toBe('0 ( a 1 b 0 )');
    expect(judge('0 -a> 1, 1 -b> 2, 2 -c> 1', { p: '1 2' }, 'WF(a)', '<> [] p')).toBe('holds');
  });

  it('violates one of two contradictory `eventually always`, whatever happens', () => {
    const graph = '0 -a> 1, 1 -b> 0';
    expect(judge(graph, { p: '1' }, 'WF(a) WF(b)', '(<> [] p) & (<> [] ! p)')).toBe('0');
    expect(judge(graph, { p: '1' }, 'WF(a) WF(b)', '(<> [] p) | (<> [] ! p)')).toBe('0 ( a 1 b 0 )');
    expect(judge(graph, { p: '1' }, 'WF(a)', '(<> [] p) | (<> [] ! p)')).toBe('0 ( a 1 b 0 )');
  });

  it('answers every request of `leads to`, not only the first', () => {
    const graph = '0 -ask> 1, 1 -give> 2, 2 -ask> 3, 3 -lose> 4';
    expect(judge(graph, { asked: '1 3', given: '2' }, 'WF(ask|give|lose)', 'asked ~> given')).toBe(
      '0 ask 1 give 2 ask 3 lose 4 ( )',
    );
    expect(judge(graph, { asked: '1', given: '2' }, 'WF(ask|give|lose)', 'asked ~> given')).toBe('holds');
  });

  it('wants the left side of `until` at every moment before the right', () => {
    expect(judge('0 -a> 1, 1 -b> 2', { p: '0', q: '2' }, 'WF(a) WF(b)', 'p U q')).toBe('0 a 1');
    expect(judge('0 -a> 1, 1 -b> 2', { p: '0 1', q: '2' }, 'WF(a) WF(b)', 'p U q')).toBe('holds');
    expect(judge('0 -a> 1, 1 -b> 2', { p: '0 1', q: '2' }, 'WF(a)', 'p U q')).toBe('0 a 1 ( )');
  });

  it('tells a violated safety property by the finite run that shows it', () => {
    expect(judge('0 -a> 1, 1 -b> 2, 0 -c> 2', { p: '0 1' }, 'WF(a)', '[] p')).toBe('0 c 2');
  });

  it('asks whether an action is enabled of all of its steps, also of those that change nothing', () => {
    expect(judge('0 -a> 0', {}, '', '[] enabled(a)')).toBe('holds');
    expect(judge('0 -a> 1', {}, 'WF(a)', '<> [] ! enabled(a)')).toBe('holds');
    expect(judge('0 -a> 1', {}, '', '<> [] ! enabled(a)')).toBe('0 ( )');
  });

  it('asks whether an action is taken of the step, not of the state after it', () => {
    const graph = '0 -a> 1, 0 -b> 2, 1 -c> 0, 2 -c> 0';
    expect(judge(graph, {}, 'WF(a|b) WF(c)', '[] <> taken(c)')).toBe('holds');
    expect(judge(graph, {}, 'WF(a|b) WF(c)', '[] <> taken(a)')).toBe('0 ( b 2 c 0 )');
    expect(judge(graph, {}, 'SF(a) WF(c)', '[] <> taken(a)')).toBe('holds');
  });

  it('takes an action by each step that leads where one of its steps does', () => {
    const graph = '0 -a> 1, 0 -b> 1, 1 -c> 0';
    expect(judge(graph, {}, 'WF(b) WF(c)', '[] <> taken(a)')).toBe('holds');
    expect(judge('0 -a> 1, 0 -b> 1, 1 -c> 0, 1 -d> 2, 2 -d> 1', {}, 'SF(b) WF(c)', '<> [] ! taken(a)')).toBe(
      '0 ( a 1 c 0 )',
    );
    expect(judge('0 -a> 1', {}, 'WF(a)', 'taken(a)')).toBe('0 - 0');
  });
});

describe('the steps of a counterexample', () => {
  it('are none where everything may stay as it is from the start, also when the formula speaks of steps', () => {
    expect(judge('0 -flip> 1, 1 -flip> 0', {}, '', '([] <> enabled(flip)) => ([] <> taken(flip))')).toBe('0 ( )');
    expect(judge('0 -set> 1', {}, '', '[] <> taken(set)')).toBe('0 ( )');
    expect(judge('0 -a> 1, 1 -b> 0', {}, '', '[] taken(a)')).toBe('0 ( )');
  });

  it('end where it may stay as it is, without stuttering first', () => {
    const graph = '0 -go> 1, 1 -go> 2, 2 -go> 3, 1 -back> 0';
    expect(judge(graph, {}, '', '(<> [] enabled(back)) => ([] <> taken(back))')).toBe('0 go 1 ( )');
  });

  it('go round from an initial state where they can', () => {
    const graph = '0 -other> 3, 0 -flip> 1, 1 -flip> 0, 2 -other> 1, 2 -flip> 3, 3 -flip> 2';
    expect(judge(graph, {}, 'WF(flip)', '[] <> taken(other)')).toBe('0 ( flip 1 flip 0 )');
  });

  it('go round once where a formula is about what comes before and after in the loop', () => {
    // In the loop each of p and q comes before the other: an automaton that waits for one after the other goes round twice.
    const graph = '0 -a> 1, 1 -b> 0';
    expect(judge(graph, { p: '0', q: '1' }, 'WF(a) WF(b)', '! ((<> (q & (<> p))) & ([] <> (p & (<> q))))')).toBe(
      '0 ( a 1 b 0 )',
    );
  });

  it('stutter where a step of nobody is what is wrong, and only there', () => {
    expect(judge('0 -a> 1, 1 -b> 0', {}, 'WF(a) WF(b)', '[] taken(a)')).toBe('0 - 0');
    expect(judge('0 -a> 1, 1 -b> 0', { p: '1' }, 'WF(a) WF(b)', '[] (p => taken(a))')).toBe('0 a 1 b 0');
  });
});

describe('what is violated already', () => {
  it('is told up to there, also where one of two sides is violated whatever comes', () => {
    const graph = '0 -a> 1, 1 -b> 0';
    expect(judge(graph, { p: '1', q: '0' }, 'WF(a) WF(b)', '! ((<> (p & ([] q))) | (<> (p & (<> ! q))))')).toBe(
      '0 a 1',
    );
    expect(judge('0 -a> 1, 1 -b> 2', {}, '', '[] ! taken(b)')).toBe('0 a 1 b 2');
    expect(judge('0 -a> 1, 1 -b> 2', { p: '1' }, '', '! (<> (p & enabled(b)))')).toBe('0 a 1');
  });

  it('is told before a loop that is as long, and not when a loop is shorter', () => {
    expect(judge('0 -a> 1, 1 -b> 1', { p: '0' }, '', '[] p')).toBe('0 a 1');
    // To see a, b and a again takes three steps, to go round two.
    const again = '! (taken(a) & (taken(a) U ((! taken(a)) & ((! taken(a)) U taken(a)))))';
    expect(judge('0 -a> 1, 1 -b> 0', {}, 'WF(a) WF(b)', again)).toBe('0 ( a 1 b 0 )');
  });

  it('is asked of the formula, not of what the system can still do', () => {
    expect(judge('0 -a> 1, 1 -b> 0', { p: '' }, '', '<> p')).toBe('0 ( )');
  });
});

describe('of counterexamples that are as short', () => {
  it('the one is told in which who moves changes least, on the way and in the loop', () => {
    // Two threads, each with two steps of its own: a grid in which every way to the corner has four steps.
    const grid =
      '0 -b> 3, 0 -a> 1, 1 -b> 4, 1 -a> 2, 2 -b> 5, 3 -b> 6, 3 -a> 4, 4 -b> 7, 4 -a> 5, 5 -b> 8, 6 -a> 7, 7 -a> 8';
    expect(judge(grid, { corner: '8' }, '', '[] ! corner')).toBe('0 b 3 b 6 a 7 a 8');
    const round = `${grid}, 8 -b> 7, 8 -a> 5, 5 -a> 4, 7 -b> 4`;
    expect(judge(round, { corner: '8' }, 'WF(a) WF(b)', '! ([] <> corner)')).toBe('0 b 3 b 6 a 7 ( a 8 b 7 )');
  });

  it('a change at the start of the loop counts as well', () => {
    const graph = '0 -b> 2, 0 -a> 1, 2 -a> 3, 1 -b> 3, 3 -b> 4, 4 -b> 3';
    expect(judge(graph, { p: '9' }, 'WF(a) WF(b)', '<> p')).toBe('0 a 1 b 3 ( b 4 b 3 )');
  });
});

describe('quantified properties and fairness', () => {
  it('a promise to everyone needs fairness to each: to any of them is not enough', () => {
    const graph = '0 -t0> 1, 1 -t0> 0, 0 -t1> 2, 1 -t1> 2, 2 -back> 0';
    const everyone = '([] <> one) & ([] <> two)';
    expect(judge(graph, { one: '1', two: '2' }, 'SF(t0) SF(t1) WF(back)', everyone)).toBe('holds');
    const broken = judge(graph, { one: '1', two: '2' }, 'SF(t0|t1) WF(back)', everyone);
    expect(['0 ( t0 1 t0 0 )', '0 ( t1 2 back 0 )']).toContain(broken);
  });
});
