import { describe, expect, it } from 'vitest';
import type { Domain, Expression, Statement, System } from '../../../dsl/ir/index.ts';
import { ANY_INT } from '../../../dsl/ir/index.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { boolean, literal, local, operation, sample, variable } from './sample.ts';

const span = { file: 0, start: 0, end: 3 };
const int = (min: number, max: number): Domain => ({ kind: 'int', min, max });
const yes = literal(true, boolean);
const one = literal(1, ANY_INT);
const ring = sample.actions[0]!.arguments[0]!.domain;
const everyRing: Expression = { kind: 'domain', domain: ring, type: { kind: 'set', element: ring }, span };

/** The sample with another action `serve(r)`. */
function withBody(...body: Statement[]): System {
  const [serve, ...rest] = sample.actions;
  return { ...sample, actions: [{ ...serve!, body }, ...rest] };
}

/** The sample with one invariant. */
function withInvariant(predicate: Expression): System {
  return { ...sample, invariants: [{ name: 'only', doc: '', span, predicate }] };
}

const constant = (name: string, value: Expression = one): Statement => ({
  kind: 'let',
  name,
  domain: value.type,
  mutable: false,
  value,
  span,
});
const assign = (kind: 'variable' | 'local', name: string, value: Expression): Statement => ({
  kind: 'assign',
  target: { root: { kind, name }, path: [], domain: value.type, span },
  value,
  span,
});
const when = (condition: Expression): Statement => ({ kind: 'when', condition, span });
const evaluate = (body: readonly Statement[], result: Expression): Expression => ({
  kind: 'evaluate',
  body,
  result,
  type: result.type,
  span,
});

it('finds nothing wrong with a system that uses everything', () => {
  expect(validateSystem(sample)).toEqual([]);
});

describe('in a body it reports', () => {
  it.each<[string, Statement[], string]>([
    ['an unknown variable', [when(variable('wat', boolean))], 'there is no variable `wat`'],
    ['an unknown local', [when(local('wat', boolean))], 'there is no local `wat` here'],
    ['a local before its declaration', [when(local('x', boolean)), constant('x', yes)], 'there is no local `x` here'],
    ['a name declared twice', [constant('x'), constant('x')], 'local `x` is declared twice'],
    ['an argument declared again', [constant('r')], 'local `r` is declared twice'],
    [
      'a local of a branch after it',
      [{ kind: 'if', condition: yes, whenTrue: [constant('x', yes)], whenFalse: [], span }, when(local('x', boolean))],
      'there is no local `x` here',
    ],
    ['a condition that is no boolean', [when(one)], 'a boolean is needed, and this `literal` is of kind int'],
    ['an assignment to a constant', [constant('x'), assign('local', 'x', one)], 'local `x` must not be assigned here'],
    [
      'an assignment to an argument',
      [assign('local', 'r', literal('r0', ring))],
      'local `r` must not be assigned here',
    ],
    ['an assignment to nothing', [assign('variable', 'wat', one)], 'there is no variable `wat`'],
    ['an exit from no block', [{ kind: 'exit', label: 'out', span }], 'an exit of `out`, not within it'],
    [
      'an exit after its block',
      [
        { kind: 'block', label: 'out', body: [], span },
        { kind: 'exit', label: 'out', span },
      ],
      'an exit of `out`, not within it',
    ],
    ['a loop without a bound', [{ kind: 'loop', bound: 0, body: [], span }], 'a loop with the bound 0'],
    [
      'a choice from no collection',
      [{ kind: 'choose', name: 'x', domain: ANY_INT, from: one, span }],
      'a set or an array is needed',
    ],
    ['an empty either', [{ kind: 'either', branches: [], span }], 'an `either` without branches'],
    ['the next state', [when(variable('owner', boolean, true))], 'the next `owner` outside a step property'],
    [
      'state that is assigned to while computing a value',
      [constant('x', evaluate([assign('variable', 'owner', literal(null, { kind: 'null' }))], one))],
      'variable `owner` is assigned where only a value is computed',
    ],
    ['a guard within a value', [constant('x', evaluate([when(yes)], one))], '`when` where only a value is computed'],
    [
      'an outer local assigned to within a value',
      [{ ...constant('x'), mutable: true } as Statement, constant('y', evaluate([assign('local', 'x', one)], one))],
      'local `x` must not be assigned here',
    ],
    [
      'a span outside the file',
      [{ ...when(yes), span: { file: 0, start: 0, end: 10_000 } }],
      'the span 0–10000 is not within specs/sample.ts',
    ],
    [
      'a span in no file',
      [{ ...when(yes), span: { file: 7, start: 0, end: 1 } }],
      'a span points into file 7, which there is not',
    ],
  ])('%s', (_, body, problem) => {
    const problems = validateSystem(withBody(...body));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`action \`serve\`: ${problem}`);
  });
});

describe('in an expression it reports', () => {
  it.each<[string, Expression, string]>([
    ['logic on integers', { kind: 'and', left: one, right: yes, type: boolean, span }, 'a boolean is needed'],
    ['arithmetic on booleans', operation('less', boolean, yes, one), 'operand 1 of `less`: int or serial is needed'],
    ['missing operands', operation('less', boolean, one), '`less` takes 2 operands, not 1'],
    ['a literal outside its type', literal(7, boolean), 'a literal that is not in its own type'],
    [
      'an unknown parameter',
      { kind: 'parameter', name: 'wat', value: true, type: boolean, span },
      'there is no parameter `wat`',
    ],
    [
      'a parameter of another value',
      operation('equal', boolean, { kind: 'parameter', name: 'rings', value: 3, type: ANY_INT, span }, one),
      'parameter `rings` has another value here',
    ],
    ['the field of an integer', { kind: 'field', object: one, name: 'x', type: boolean, span }, 'an object is needed'],
    [
      'the element of a set',
      { kind: 'index', object: everyRing, index: one, type: boolean, span },
      'an array or a record is needed',
    ],
    [
      'a quantifier over an integer',
      { kind: 'comprehension', operator: 'all', binder: 'x', over: one, body: yes, type: boolean, span },
      'a set or an array is needed',
    ],
    [
      'a binder outside its body',
      {
        kind: 'and',
        left: { kind: 'comprehension', operator: 'all', binder: 'x', over: everyRing, body: yes, type: boolean, span },
        right: local('x', boolean),
        type: boolean,
        span,
      },
      'there is no local `x` here',
    ],
    ['a predicate that is no boolean', one, 'a boolean is needed'],
    [
      'an empty domain',
      operation('equal', boolean, one, literal(1, { kind: 'int', min: 3, max: 1 })),
      'the integers from 3 to 1 are no domain',
    ],
  ])('%s', (_, predicate, problem) => {
    expect(validateSystem(withInvariant(predicate))[0]).toContain(`invariants \`only\`: ${problem}`);
  });
});

describe('in declarations it reports', () => {
  const twice = <Item>(items: readonly Item[]): Item[] => [...items, items[0]!];
  const [first, ...others] = sample.properties;
  const [set] = sample.fairness;
  const [tick] = sample.actions.slice(1);
  const [process] = sample.processes;
  const group = { name: 'serve', actions: ['serve'], per: [] };
  const fair = (change: object): System => ({
    ...sample,
    fairness: [{ ...set!, assumptions: [{ span, strength: 'weak', groups: [{ ...group, ...change }] }] }],
  });
  it.each<[string, System, string]>([
    [
      'two variables of a name',
      { ...sample, variables: twice(sample.variables) },
      'two of the name: variable `counts`',
    ],
    ['two actions of a name', { ...sample, actions: twice(sample.actions) }, 'two of the name: action `serve`'],
    [
      'two properties of a name',
      {
        ...sample,
        sometimes: [{ ...sample.sometimes[0]!, name: 'served' }],
        model: { ...sample.model, expectations: [] },
      },
      'two of the name: property `served`',
    ],
    [
      'an unknown fairness set',
      { ...sample, properties: [{ ...first!, under: ['wat'] }, ...others] },
      'there is no fairness set `wat`',
    ],
    ['fairness of an unknown action', fair({ actions: ['wat'] }), 'about action `wat`, which there is not'],
    ['fairness of no action', fair({ actions: [] }), '`serve` is about no action'],
    ['fairness split by an unknown argument', fair({ per: ['q'] }), 'split by `q`, which not all of its actions have'],
    ['a fairness guard that is no boolean', fair({ when: one }), 'a boolean is needed'],
    [
      'a step of an unknown process',
      { ...sample, actions: [sample.actions[0]!, { ...tick!, process: { name: 'wat', label: 'x' } }] },
      'there is no process `wat`',
    ],
    [
      'a step of an unknown label',
      { ...sample, actions: [sample.actions[0]!, { ...tick!, process: { name: 'clerk', label: 'x' } }] },
      'process `clerk` has no label `x`',
    ],
    [
      'a step with other arguments than its process',
      { ...sample, actions: [sample.actions[0]!, { ...tick!, arguments: [{ name: 'a', domain: ring }] }] },
      'its arguments are not those of `clerk`',
    ],
    [
      'a process without a counter',
      { ...sample, processes: [{ ...process!, counter: 'wat' }] },
      'there is no variable `wat` for its counter',
    ],
    [
      'a variable of an unknown process',
      { ...sample, variables: sample.variables.map((one_) => ({ ...one_, process: 'wat' })) },
      'there is no process `wat`',
    ],
    [
      'an expectation of an unknown property',
      { ...sample, model: { ...sample.model, expectations: [{ kind: 'violates', property: 'wat' }] } },
      'there is no property `wat`',
    ],
    [
      'a reference with too few arguments',
      { ...sample, properties: [{ ...first!, formula: { kind: 'taken', action: 'serve', arguments: [], span } }] },
      '`serve` has 1 arguments, not 0',
    ],
    [
      'an unknown action in a formula',
      { ...sample, properties: [{ ...first!, formula: { kind: 'taken', action: 'wat', arguments: [], span } }] },
      'there is no action `wat`',
    ],
    [
      'a union within a union',
      {
        ...sample,
        variables: [
          ...sample.variables,
          {
            ...sample.variables[0]!,
            name: 'u',
            domain: { kind: 'union', members: [{ kind: 'null' }, { kind: 'union', members: [boolean, ring] }] },
          },
        ],
      },
      'variable `u`: a union within a union',
    ],
    ...Object.entries({
      'integers of a union that touch': [int(0, 1), int(2, 3)],
      'integers of a union in descending order': [int(5, 5), int(0, 1)],
      'integers of a union that overlap': [int(0, 4), int(2, 5)],
      'integers of a union with something between them': [int(0, 1), boolean, int(5, 5)],
    }).map(([name, members]): [string, System, string] => [
      name,
      {
        ...sample,
        variables: [...sample.variables, { ...sample.variables[0]!, name: 'u', domain: { kind: 'union', members } }],
      },
      'variable `u`: integers of a union that are not ascending intervals',
    ]),
  ])('%s', (_, system, problem) => expect(validateSystem(system)[0]).toContain(problem));
});
