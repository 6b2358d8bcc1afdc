import { describe, expect, it } from 'vitest';
import { check } from '../../checker/check.ts';
import type { CheckOptions } from '../../checker/options.ts';
import type { CheckResult, Trace, Verdict } from '../../checker/verdict/verdict.ts';
import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import type { AssumptionGroup, Expression, FairnessSet, Formula, Property, System } from '../../dsl/ir/index.ts';
import { systemOf } from '../dsl/compiler/compiled.ts';
import * as ir from '../support/ir.ts';
import { formatStep } from '../../checker/plan/step-name.ts';
import { wordWarning } from '../../checker/verdict/warning-words.ts';
import { place } from '../support/named.ts';

const ENGINES = ['webassembly', 'javascript', 'interpreted'] as const;

/** Two tokens that each go round a track of three places; `blocked` stops them all for good. */
const PLACE = ir.intDomain(0, 2);
const TOKEN = ir.idsDomain('Token', 2);
const TRACK = { kind: 'record', key: TOKEN, value: PLACE } as const;
const at = (token: Expression): Expression => ir.index(ir.variable('at', TRACK), token);
const t = ir.local('t', TOKEN);
const blocked = ir.variable('blocked', ir.BOOLEAN);

const move = ir.action(
  'move',
  { t: TOKEN },
  ir.when(ir.not(blocked)),
  ir.assign(
    ir.part(ir.variablePlace('at', TRACK), t),
    ir.conditional(ir.equal(at(t), ir.literal(2)), ir.literal(0), ir.add(at(t), ir.literal(1))),
  ),
);
const block = ir.action(
  'block',
  {},
  ir.when(ir.not(blocked)),
  ir.assign(ir.variablePlace('blocked', ir.BOOLEAN), ir.literal(true)),
);
const rest = ir.action('rest', {}, ir.when(blocked));

function tokens(parts: Partial<System>): System {
  const base = ir.system({ at: TRACK, blocked: ir.BOOLEAN }, { actions: [move, block, rest] });
  return { ...base, ...parts };
}

function now(predicate: Expression): Formula {
  return { kind: 'now', predicate, span: NO_SPAN };
}

function unary(kind: 'always' | 'eventually' | 'not', operand: Formula): Formula {
  return { kind, operand, span: NO_SPAN };
}

function binary(kind: 'and' | 'or' | 'implies' | 'until' | 'leadsTo', left: Formula, right: Formula): Formula {
  return { kind, left, right, span: NO_SPAN };
}

function forEveryToken(body: Formula): Formula {
  return { kind: 'forAll', binder: 't', domain: TOKEN, body, span: NO_SPAN };
}

function property(name: string, formula: Formula, under?: readonly string[]): Property {
  return { name, doc: '', span: NO_SPAN, formula, ...(under === undefined ? {} : { under }) };
}

function fairness(name: string, strength: 'weak' | 'strong', ...groups: AssumptionGroup[]): FairnessSet {
  return { name, doc: '', span: NO_SPAN, assumptions: [{ strength, groups, span: NO_SPAN }] };
}

const moving: AssumptionGroup = { name: 'move', actions: ['move'], per: ['t'] };

function verdictOf(result: CheckResult, name: string): Verdict {
  return result.verdicts.find((verdict) => verdict.name === name)!;
}

/** `holds`, or the steps of the trace with brackets around its loop. */
function answer(result: CheckResult, name: string): string {
  const { outcome } = verdictOf(result, name);
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return outcome.kind;
  return `${outcome.kind}: ${story(outcome.trace)}`;
}

function story({ steps, loop }: Trace): string {
  const labels = steps.map(formatStep);
  if (loop === undefined) return labels.join(' ');
  return [...labels.slice(0, loop), '(', ...labels.slice(loop), ')'].join(' ');
}

describe.each(ENGINES)('a model checked with the %s engine', (engine) => {
  const run = (parts: Partial<System>, options: CheckOptions = {}): CheckResult =>
    check(tokens(parts), { engine, ...options });

  it('says which engine ran, what it counted and what it found by default', () => {
    const result = run({}, { reduction: 'none' });
    expect(result.statistics).toMatchObject({ engine, initial: 1, distinct: 18, transitions: 36, depth: 5 });
    expect(result.verdicts.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
      ['deadlock', 'holds'],
      ['evaluation', 'holds'],
    ]);
    expect(result.asExpected).toBe(true);
    expect(result.coverage.map((one) => [formatStep(one), one.fired, one.discovered])).toEqual([
      ['move(t0)', 9, 2],
      ['move(t1)', 9, 6],
      ['block', 9, 9],
      ['rest', 9, 0],
    ]);
  });

  it('judges properties of every kind in one run, each on its own', () => {
    const result = run({
      invariants: [
        ir.predicate('apart', ir.not(ir.equal(at(ir.literal('t0')), at(ir.literal('t1'))))),
        ir.predicate('together', ir.operation('less', at(ir.literal('t0')), ir.literal(2))),
      ],
      steps: [ir.predicate('blockedForGood', ir.implies(blocked, ir.variable('blocked', ir.BOOLEAN, true)))],
      sometimes: [ir.predicate('stuckAtTwo', ir.and(blocked, ir.equal(at(ir.literal('t1')), ir.literal(2))))],
      properties: [
        property(
          'everyoneReturns',
          forEveryToken(unary('always', unary('eventually', now(ir.equal(at(t), ir.literal(0)))))),
        ),
        property(
          'goesAround',
          forEveryToken(binary('leadsTo', now(ir.equal(at(t), ir.literal(1))), now(ir.equal(at(t), ir.literal(2))))),
        ),
      ],
      fairness: [fairness('tokensMove', 'weak', moving)],
    });
    expect(result.verdicts.slice(2).map(({ name }) => [name, answer(result, name)])).toEqual([
      ['apart', 'violated: '],
      ['together', 'violated: move(t0) move(t0)'],
      ['blockedForGood', 'holds'],
      ['stuckAtTwo', 'reached: move(t1) move(t1) block'],
      ['everyoneReturns', 'violated: move(t0) block ( )'],
      ['goesAround', 'violated: move(t0) block ( )'],
    ]);
  });

  it('splits quantified fairness and names the value at which a quantified property breaks', () => {
    const home = (token: Expression): Formula =>
      unary('always', unary('eventually', now(ir.equal(at(token), ir.literal(0)))));
    const parts = {
      actions: [move],
      properties: [property('everyoneReturns', forEveryToken(home(t)))],
      fairness: [fairness('each', 'weak', moving), fairness('any', 'weak', { ...moving, per: [] })],
    };
    expect(answer(run(parts), 'everyoneReturns')).toBe('holds');
    expect(answer(run(parts, { fairness: ['each'] }), 'everyoneReturns')).toBe('holds');

    const some = run(parts, { fairness: ['any'] });
    const { outcome } = verdictOf(some, 'everyoneReturns');
    expect(answer(some, 'everyoneReturns')).toBe('violated: move(t0) ( move(t1) move(t1) move(t1) )');
    expect(outcome).toMatchObject({
      trace: {
        bindings: { t: 't0' },
        loop: 1,
        fairness: [{ strength: 'weak', about: { name: 'move', arguments: [] }, evidence: { kind: 'taken', step: 1 } }],
        steps: [
          { changes: [{ place: place('at[t0]'), from: 0, to: 1 }] },
          { changes: [{ place: place('at[t1]'), from: 0, to: 1 }] },
          { changes: [{ place: place('at[t1]'), from: 1, to: 2 }] },
          { changes: [{ place: place('at[t1]'), from: 2, to: 0 }] },
        ],
      },
    });
    expect(answer(run(parts, { fairness: [] }), 'everyoneReturns')).toBe('violated: move(t0) ( )');
  });

  it('judges a property under the sets that it names', () => {
    const formula = unary('eventually', now(ir.equal(at(ir.literal('t0')), ir.literal(1))));
    const result = run({
      actions: [move],
      properties: [property('withFairness', formula, ['tokensMove']), property('without', formula, [])],
      fairness: [fairness('tokensMove', 'weak', moving)],
    });
    expect(answer(result, 'withFairness')).toBe('holds');
    expect(answer(result, 'without')).toBe('violated: ( )');
  });

  it('restricts an assumption to the steps that start where `when` holds', () => {
    const moves = { ...moving, when: ir.equal(at(t), ir.literal(0)) };
    const leaves = unary('eventually', now(ir.equal(at(ir.literal('t0')), ir.literal(1))));
    const arrives = unary('eventually', now(ir.equal(at(ir.literal('t0')), ir.literal(2))));
    const result = run({
      actions: [move],
      properties: [property('leaves', leaves), property('arrives', arrives)],
      fairness: [fairness('start', 'weak', moves)],
    });
    expect(answer(result, 'leaves')).toBe('holds');
    expect(answer(result, 'arrives')).toBe('violated: move(t0) move(t1) ( )');
  });

  it('reads `enabled` and `taken` off the steps, also with arguments that depend on the state', () => {
    const taken = (argument: Expression | undefined): Formula => ({
      kind: 'taken',
      action: 'move',
      arguments: [argument],
      span: NO_SPAN,
    });
    const enabled: Expression = { kind: 'enabled', action: 'move', arguments: [t], type: ir.BOOLEAN, span: NO_SPAN };
    const last = ir.conditional(blocked, ir.literal('t1'), ir.literal('t0'));
    const result = run({
      properties: [
        property('movesForever', unary('always', unary('eventually', taken(undefined)))),
        property(
          'stopsWhenBlocked',
          forEveryToken(binary('leadsTo', now(blocked), unary('always', now(ir.not(enabled))))),
        ),
        property('blockedOrMovable', forEveryToken(unary('always', now(ir.or(blocked, enabled))))),
        property('firstMoves', unary('eventually', binary('or', taken(last), now(blocked)))),
      ],
      fairness: [fairness('everything', 'weak', moving, { name: 'block', actions: ['block'], per: [] })],
    });
    expect(answer(result, 'movesForever')).toBe('violated: block ( )');
    expect(answer(result, 'stopsWhenBlocked')).toBe('holds');
    expect(answer(result, 'blockedOrMovable')).toBe('holds');
    expect(answer(result, 'firstMoves')).toBe('holds');
  });

  it('tells how an evaluation failed, and where', () => {
    const far = ir.action(
      'far',
      {},
      ir.assign(ir.part(ir.variablePlace('at', TRACK), ir.literal('t0')), ir.add(at(ir.literal('t0')), ir.literal(2))),
    );
    const result = run({ actions: [far] });
    expect(answer(result, 'evaluation')).toBe('violated: far');
    expect(verdictOf(result, 'evaluation').outcome).toMatchObject({
      failure: { step: { action: 'far' }, message: /4/ as unknown } as never,
    });
    expect(answer(result, 'deadlock')).toBe('holds');
    expect(result.asExpected).toBe(false);
  });

  it('takes a formula that cannot be evaluated for violated, with the reason', () => {
    const wrong = ir.equal(ir.index(ir.array(ir.literal(0), ir.literal(1)), at(ir.literal('t0'))), ir.literal(1));
    const result = run({ properties: [property('readsTooFar', unary('eventually', now(ir.and(blocked, wrong))))] });
    expect(answer(result, 'readsTooFar')).toBe('violated: move(t0) move(t0) block');
    expect(verdictOf(result, 'readsTooFar').outcome).toHaveProperty('failure');
    expect(answer(result, 'evaluation')).toBe('violated: move(t0) move(t0) block');
  });
});

describe('expectations', () => {
  const model = (expectations: System['model']['expectations'], distinct?: number): Partial<System> => ({
    model: { name: 'm', doc: '', span: NO_SPAN, expectations, ...(distinct === undefined ? {} : { distinct }) },
    invariants: [ir.predicate('free', ir.not(blocked))],
    sometimes: [ir.predicate('both', ir.and(blocked, ir.not(blocked)))],
  });

  it('are met when what should break breaks and what should be out of reach is', () => {
    const met = check(
      tokens(
        model(
          [
            { kind: 'violates', property: 'free' },
            { kind: 'unreachable', property: 'both' },
          ],
          18,
        ),
      ),
    );
    expect(met.asExpected).toBe(true);
    expect(met.verdicts.map(({ expected, asExpected }) => [expected, asExpected])).toEqual([
      ['holds', true],
      ['holds', true],
      ['violated', true],
      ['unreachable', true],
    ]);
  });

  it('are not met otherwise', () => {
    const unmet = check(tokens(model([])));
    expect(unmet.verdicts.map(({ asExpected }) => asExpected)).toEqual([true, true, false, false]);
    expect(unmet.asExpected).toBe(false);
    const holds = check(
      tokens({
        ...model([{ kind: 'violates', property: 'always' }]),
        invariants: [ir.predicate('always', ir.literal(true))],
      }),
    );
    expect(verdictOf(holds, 'always')).toMatchObject({ expected: 'violated', asExpected: false });
  });

  it('include a deadlock', () => {
    const deadlocks = (expectations: System['model']['expectations']): CheckResult =>
      check(tokens({ ...model(expectations), invariants: [], sometimes: [], actions: [move, block] }));
    expect(verdictOf(deadlocks([]), 'deadlock')).toMatchObject({ expected: 'holds', asExpected: false });
    expect(deadlocks([{ kind: 'deadlocks' }])).toMatchObject({ asExpected: true });
    expect(answer(deadlocks([]), 'deadlock')).toBe('violated: block');
  });

  it('include a failing step, which is neither a deadlock nor an action that is never enabled', () => {
    const fail = ir.action('fail', {}, ir.when(blocked), ir.verify(ir.literal(false), 'no'));
    const fails = (expectations: System['model']['expectations']): CheckResult =>
      check(tokens({ ...model(expectations), invariants: [], sometimes: [], actions: [move, block, fail] }));
    expect(verdictOf(fails([]), 'evaluation')).toMatchObject({ expected: 'holds', asExpected: false });
    expect(fails([{ kind: 'fails' }])).toMatchObject({ asExpected: true });
    expect(answer(fails([]), 'deadlock')).toBe('holds');
    expect(fails([]).warnings).toEqual([]);
  });

  it('include an exact number of states', () => {
    const pinned = (distinct: number, options: CheckOptions = {}): CheckResult =>
      check(tokens({ ...model([], distinct), invariants: [], sometimes: [] }), options);
    expect(pinned(18)).toMatchObject({ asExpected: true });
    expect(pinned(17)).toMatchObject({ asExpected: false, distinctMismatch: { expected: 17, actual: 18 } });
    expect(pinned(18, { maxStates: 5 }).distinctMismatch).toBeUndefined();
    expect(pinned(4, { maxStates: 5, reduction: 'none' }).distinctMismatch).toEqual({ expected: 4, actual: 5 });
    // Five states are kept, and stand for more.
    expect(pinned(4, { maxStates: 5 }).distinctMismatch).toEqual({ expected: 4, actual: 7 });
  });
});

describe('a run that was cut', () => {
  const parts: Partial<System> = {
    invariants: [ir.predicate('inRange', ir.literal(true)), ir.predicate('free', ir.not(blocked))],
    sometimes: [ir.predicate('farAway', ir.equal(at(ir.literal('t1')), ir.literal(2)))],
    properties: [property('blockedInTheEnd', unary('eventually', now(blocked)))],
  };

  it('calls nothing that it did not find `holds`', () => {
    const result = check(
      tokens({ ...parts, fairness: [fairness('f', 'weak', { name: 'block', actions: ['block'], per: [] })] }),
      { maxStates: 4 },
    );
    expect(result.statistics.cut).toEqual({ kind: 'states', limit: 4 });
    expect(result.verdicts.map(({ name, outcome, asExpected }) => [name, outcome.kind, asExpected])).toEqual([
      ['deadlock', 'bounded', false],
      ['evaluation', 'bounded', false],
      ['inRange', 'bounded', false],
      ['free', 'violated', false],
      ['farAway', 'bounded', false],
      ['blockedInTheEnd', 'bounded', false],
    ]);
  });

  it('still reports what it is sure of', () => {
    expect(answer(check(tokens(parts), { maxStates: 4 }), 'blockedInTheEnd')).toBe('violated: ( )');
  });

  it('is as expected when the spec itself asked for no more', () => {
    const within = [ir.predicate('near', ir.operation('less', at(ir.literal('t1')), ir.literal(1)))];
    const result = check(tokens({ ...parts, within, sometimes: [] }));
    expect(result.statistics.cut).toEqual({ kind: 'within', names: ['near'] });
    expect(verdictOf(result, 'inRange')).toMatchObject({ outcome: { kind: 'bounded' }, asExpected: true });
    expect(verdictOf(result, 'free')).toMatchObject({ outcome: { kind: 'violated' }, asExpected: false });
  });

  it('may be stopped while it judges properties', () => {
    let phase = '';
    const result = check(tokens(parts), {
      onProgress: (progress) => (phase = progress.phase), // on a busy machine the search may be asked, too
      shouldStop: () => phase === 'liveness',
    });
    expect(phase).toBe('liveness');
    expect(result.statistics).toMatchObject({ distinct: 18, cut: { kind: 'interrupted' } });
    expect(verdictOf(result, 'inRange').outcome.kind).toBe('holds');
    expect(verdictOf(result, 'blockedInTheEnd').outcome.kind).toBe('bounded');
  });

  it('says the same as ever when it was not stopped, explanations included', () => {
    const judged = (stopAt: number) => {
      let calls = 0;
      let isJudging = false;
      return check(tokens(parts), {
        onProgress: ({ phase }) => (isJudging = phase === 'liveness'),
        shouldStop: () => isJudging && (calls += 1) === stopAt,
      });
    };
    const whole = judged(Infinity);
    let stopAt = 1;
    let result = judged(stopAt);
    for (; result.statistics.cut !== undefined; result = judged(stopAt)) stopAt += 1;
    expect(stopAt).toBeGreaterThan(3);
    expect(result.verdicts).toEqual(whole.verdicts);
    expect(JSON.stringify(whole.verdicts)).toContain('"cure"');
  });

  it('may be stopped while it looks for behaviors that stay within', () => {
    const within = [ir.predicate('near', ir.operation('less', at(ir.literal('t1')), ir.literal(1)))];
    const asked = (stopAt: number) => {
      let calls = 0;
      let isJudging = false;
      const result = check(tokens({ ...parts, within, sometimes: [] }), {
        onProgress: ({ phase }) => (isJudging = phase === 'liveness'),
        shouldStop: () => isJudging && (calls += 1) === stopAt,
      });
      expect(verdictOf(result, 'free').outcome.kind).toBe('violated');
      expect(verdictOf(result, 'blockedInTheEnd').outcome.kind).not.toBe('holds');
      return calls;
    };
    const most = asked(Infinity);
    expect(most).toBeGreaterThan(1);
    for (let stopAt = 1; stopAt <= most; stopAt += 1) expect(asked(stopAt)).toBe(stopAt);
  });
});

describe('what is asked for', () => {
  it('can be some properties only', () => {
    const parts = { invariants: [ir.predicate('free', ir.not(blocked)), ir.predicate('fine', ir.literal(true))] };
    const result = check(tokens(parts), { properties: ['fine'] });
    expect(result.verdicts.map(({ name }) => name)).toEqual(['fine']);
    expect(result.asExpected).toBe(true);
  });

  it('does not end for what nobody asks', () => {
    const broken = ir.predicate('broken', ir.not(blocked));
    const whole = check(tokens({}));
    const parts = { invariants: [broken], steps: [broken] };
    const result = check(tokens(parts), { properties: ['deadlock', 'evaluation'], stopAtFirst: true });
    expect(result.statistics).toMatchObject({ distinct: whole.statistics.distinct });
    expect(result.verdicts.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
      ['deadlock', 'holds'],
      ['evaluation', 'holds'],
    ]);
    expect(check(tokens(parts), { stopAtFirst: true }).statistics.distinct).toBeLessThan(whole.statistics.distinct);
  });

  it('can leave out deadlock', () => {
    expect(check(tokens({ actions: [block] }), { deadlock: false }).verdicts.map(({ name }) => name)).toEqual([
      'evaluation',
    ]);
  });

  it('does not look for a deadlock that does not matter', () => {
    const system = tokens({ actions: [block] });
    const ignoring: System = { ...system, model: { ...system.model, deadlocks: 'ignored' } };
    const result = check(ignoring);
    expect([result.deadlocks, result.asExpected, result.verdicts.map(({ name }) => name)]).toEqual([
      'ignored',
      true,
      ['evaluation'],
    ]);
    expect(check(ignoring, { properties: ['evaluation'] }).deadlocks).toBeUndefined();
    expect(check(system).deadlocks).toBeUndefined();
  });

  it('is refused when the model is too large to lay out', () => {
    const huge = ir.action('huge', { a: ir.intDomain(0, 2 ** 30) });
    const result = check(tokens({ actions: [huge] }));
    expect(result).toMatchObject({ asExpected: false, verdicts: [] });
    expect(result.refusals).toHaveLength(1);
  });
});

describe('warnings', () => {
  it('name actions without steps, variables with one value and promises never called in', () => {
    const never = ir.action('never', {}, ir.when(ir.and(blocked, ir.not(blocked))));
    const result = check(
      tokens({
        actions: [move, rest, never],
        properties: [property('promise', binary('leadsTo', now(blocked), now(ir.not(blocked))))],
      }),
    );
    expect(result.warnings.map((warning) => [warning.kind, wordWarning(warning)])).toEqual([
      ['actionNeverEnabled', '`rest` is never enabled'],
      ['actionNeverEnabled', '`never` is never enabled'],
      ['variableNeverChanges', '`blocked` has the same value in every reachable state'],
      ['leadsToNeverTriggered', 'the left side of this `leadsTo` never holds, so it promises nothing'],
    ]);
    expect(check(tokens({})).warnings).toEqual([]);
    expect(check(tokens({ actions: [rest] }), { maxStates: 0 }).warnings).toEqual([]);
  });
});

describe('a model without any initial state', () => {
  it.each(ENGINES)('has no verdict that could be taken for an answer (%s)', (engine) => {
    const impossible = ir.when(ir.literal(false));
    const invariant = { name: 'apart', doc: '', span: NO_SPAN, predicate: ir.not(blocked) };
    const result = check(tokens({ init: [impossible], invariants: [invariant], sometimes: [invariant] }), { engine });
    expect(result.statistics.distinct).toBe(0);
    expect(result.asExpected).toBe(false);
    expect(result.verdicts.map(({ outcome }) => outcome.kind)).toEqual(['error', 'error', 'error', 'error']);
  });
});

it.each([
  ['a condition', 'when(s.x || s.y)', 1],
  ['a choice between conditions', 'either(() => when(s.x), () => when(s.y))', 2],
  ['a condition about some element', 'when([1, 2, 3].some((k) => s.n < k))', 1],
  ['a choice of an element', 'const k = pick([1, 2, 3]); when(s.n < k)', 3],
])('counts the ways of %s', (_, guard, ways) => {
  const system = systemOf(`
    const m = spec('m', {
      state: () => ({ x: z.boolean(), y: z.boolean(), n: z.int().min(0).max(1) }),
      init: (s) => { s.x = true; s.y = true; },
    });
    const go = m.action((s) => { when(s.n === 0); ${guard}; s.n = 1; });
    const one = m.model({});`);
  const { statistics } = check(system, { deadlock: false });
  expect(statistics).toMatchObject({ distinct: 2, transitions: ways });
});
