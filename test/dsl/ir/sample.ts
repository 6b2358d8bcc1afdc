import type { SourceFile } from '../../../dsl/diagnostics/span.ts';
import type { Domain, Expression, Operator, Statement, System, Value } from '../../../dsl/ir/index.ts';
import { ANY_INT, setOf } from '../../../dsl/ir/index.ts';

/** Stands for the source that the sample was written in. */
export const sampleFile: SourceFile = { path: 'specs/sample.ts', text: 'the whole spec\non two lines\n' };

const span = { file: 0, start: 4, end: 9 };
export const boolean: Domain = { kind: 'boolean' };
const small: Domain = { kind: 'int', min: 0, max: 3 };
const ring: Domain = { kind: 'ids', name: 'Ring', values: ['r0', 'r1'] };
const phase: Domain = { kind: 'enum', values: ['idle', 'busy'] };
const rings: Domain = { kind: 'set', element: ring };
const queue: Domain = { kind: 'array', element: small, minLength: 0, maxLength: 2 };
const maybe: Domain = { kind: 'union', members: [{ kind: 'null' }, ring] };
const message: Domain = {
  kind: 'variant',
  discriminator: 'type',
  cases: [
    { tag: 'ping', fields: [] },
    { tag: 'data', fields: [{ name: 'value', domain: small }] },
  ],
};
const pair: Domain = { kind: 'tuple', items: [small, boolean] };
const optional: Domain = { kind: 'union', members: [{ kind: 'undefined' }, small] };

export const literal = (value: Value, type: Domain): Expression => ({ kind: 'literal', value, type, span });
export const local = (name: string, type: Domain): Expression => ({ kind: 'local', name, type, span });
export const variable = (name: string, type: Domain, next = false): Expression => ({
  kind: 'variable',
  name,
  next,
  type,
  span,
});
export const operation = (operator: Operator, type: Domain, ...operands: Expression[]): Expression => ({
  kind: 'operation',
  operator,
  operands,
  type,
  span,
});
const yes = literal(true, boolean);
const one = literal(1, { kind: 'int', min: 1, max: 1 });
const r = local('r', ring);

const counts = variable('counts', { kind: 'record', key: ring, value: small });
const count: Expression = { kind: 'index', object: counts, index: r, type: small, span };
const waiting = variable('waiting', rings);
const lines = variable('lines', queue);

/** Assignments and control flow of every kind. */
const everyStatement: readonly Statement[] = [
  {
    kind: 'when',
    condition: { kind: 'not', operand: operation('includes', boolean, waiting, r), type: boolean, span },
    span,
  },
  { kind: 'let', name: 'before', domain: ANY_INT, mutable: false, value: operation('add', ANY_INT, count, one), span },
  { kind: 'let', name: 'total', domain: ANY_INT, mutable: true, value: literal(0, ANY_INT), span },
  { kind: 'choose', name: 'other', domain: ring, from: { kind: 'domain', domain: ring, type: rings, span }, span },
  {
    kind: 'if',
    condition: operation('equal', boolean, local('other', ring), r),
    whenTrue: [
      { kind: 'verify', condition: operation('less', boolean, local('before', ANY_INT), one), message: 'few', span },
    ],
    whenFalse: [
      { kind: 'if', condition: yes, whenTrue: [], whenFalse: [{ kind: 'when', condition: yes, span }], span },
    ],
    span,
  },
  {
    kind: 'block',
    label: 'search',
    body: [
      {
        kind: 'for',
        binder: 'line',
        indexBinder: 'at',
        over: lines,
        body: [
          {
            kind: 'assign',
            target: { root: { kind: 'local', name: 'total' }, path: [], domain: ANY_INT, span },
            value: operation(
              'multiply',
              ANY_INT,
              operation('add', ANY_INT, local('line', small), local('at', ANY_INT)),
              one,
            ),
            span,
          },
          { kind: 'exit', label: 'search', span },
        ],
        span,
      },
      {
        kind: 'block',
        label: 'again',
        body: [{ kind: 'loop', bound: 5, body: [{ kind: 'exit', label: 'again', span }], span }],
        span,
      },
    ],
    span,
  },
  {
    kind: 'either',
    branches: [
      [
        {
          kind: 'assign',
          target: {
            root: { kind: 'variable', name: 'counts' },
            path: [{ kind: 'index', index: r }],
            domain: small,
            span,
          },
          value: one,
          span,
        },
      ],
      [
        {
          kind: 'assign',
          target: {
            root: { kind: 'variable', name: 'inbox' },
            path: [{ kind: 'field', name: 'value' }],
            domain: small,
            span,
          },
          value: {
            kind: 'conditional',
            condition: yes,
            whenTrue: one,
            whenFalse: literal(0, small),
            type: small,
            span,
          },
          span,
        },
      ],
    ],
    span,
  },
];

const comprehend = (
  operator: 'all' | 'some' | 'count' | 'filter' | 'map' | 'find' | 'findIndex' | 'record',
  type: Domain,
  body: Expression,
  over: Expression,
  binder: string,
  indexBinder?: string,
): Expression => ({
  kind: 'comprehension',
  operator,
  binder,
  ...(indexBinder !== undefined && { indexBinder }),
  over,
  body,
  type,
  span,
});
const equal = (left: Expression, right: Expression): Expression => operation('equal', boolean, left, right);

/** One predicate for each kind of expression that the action does not already have. */
const everyExpression: readonly Expression[] = [
  {
    kind: 'implies',
    left: {
      kind: 'or',
      left: yes,
      right: { kind: 'and', left: yes, right: yes, type: boolean, span },
      type: boolean,
      span,
    },
    right: equal({ kind: 'parameter', name: 'rings', value: 2, type: small, span }, literal(2, small)),
    type: boolean,
    span,
  },
  comprehend(
    'all',
    boolean,
    comprehend('some', boolean, equal(local('a', ring), local('b', ring)), waiting, 'b'),
    { kind: 'domain', domain: ring, type: rings, span },
    'a',
  ),
  operation('lessOrEqual', boolean, comprehend('count', ANY_INT, yes, lines, 'c'), operation('size', ANY_INT, lines)),
  equal(
    comprehend('filter', queue, operation('greater', boolean, local('d', small), local('i', ANY_INT)), lines, 'd', 'i'),
    { kind: 'array', elements: [one, one], type: queue, span },
  ),
  equal(comprehend('map', queue, local('e', small), lines, 'e'), operation('concat', queue, lines, literal([], queue))),
  equal(comprehend('find', optional, yes, lines, 'f'), literal(undefined, optional)),
  equal(comprehend('findIndex', ANY_INT, yes, lines, 'g'), operation('negate', ANY_INT, one)),
  equal(
    comprehend(
      'record',
      { kind: 'record', key: ring, value: small },
      one,
      { kind: 'domain', domain: ring, type: rings, span },
      'h',
    ),
    counts,
  ),
  equal(
    {
      kind: 'fold',
      accumulator: 'sum',
      binder: 'j',
      indexBinder: 'k',
      over: lines,
      initial: literal(0, ANY_INT),
      body: operation(
        'divide',
        ANY_INT,
        operation('subtract', ANY_INT, local('sum', ANY_INT), operation('subtract', ANY_INT, local('j', small), one)),
        one,
      ),
      type: ANY_INT,
      span,
    },
    operation('absolute', ANY_INT, literal(-1, ANY_INT)),
  ),
  equal(
    {
      kind: 'evaluate',
      body: [{ kind: 'let', name: 'm', domain: small, mutable: false, value: one, span }],
      result: operation('minimum', ANY_INT, local('m', small), one),
      type: ANY_INT,
      span,
    },
    operation('truncate', ANY_INT, one, one),
  ),
  equal(
    {
      kind: 'object',
      fields: [
        { name: 'x', value: one },
        { name: 'a b', value: yes },
      ],
      type: {
        kind: 'object',
        fields: [
          { name: 'x', domain: small },
          { name: 'a b', domain: boolean },
        ],
      },
      span,
    },
    literal(
      { x: 1, 'a b': true },
      {
        kind: 'object',
        fields: [
          { name: 'x', domain: small },
          { name: 'a b', domain: boolean },
        ],
      },
    ),
  ),
  operation(
    'subset',
    boolean,
    { kind: 'set', elements: [literal('r0', ring)], type: rings, span },
    operation('union', rings, waiting, literal(setOf(['r1']), rings)),
  ),
  equal(
    {
      kind: 'index',
      object: variable('pair', pair),
      index: one,
      type: { kind: 'union', members: [small, boolean] },
      span,
    },
    yes,
  ),
  equal(
    operation('with', queue, lines, literal(0, small), one),
    operation('slice', queue, lines, literal(0, small), one),
  ),
  equal({ kind: 'field', object: variable('inbox', message), name: 'value', type: small, span }, one),
  equal(
    operation('toArray', { kind: 'array', element: ring, minLength: 0, maxLength: 2 }, waiting),
    literal([], { kind: 'array', element: ring, minLength: 0, maxLength: 2 }),
  ),
];

const named = (name: string) => ({ name, doc: `About ${name}.`, span });

/** A system in which every kind of domain, expression, statement, formula and declaration occurs at least once. */
export const sample: System = {
  version: 1,
  ...named('sample of everything'),
  files: [sampleFile],
  constants: [
    {
      ...named('order'),
      value: [2, 1],
      domain: { kind: 'array', element: { kind: 'int', min: 1, max: 2 }, minLength: 2, maxLength: 2 },
    },
  ],
  model: {
    ...named('asWritten'),
    expectations: [
      { kind: 'violates', property: 'served' },
      { kind: 'unreachable', property: 'crowded' },
      { kind: 'deadlocks' },
    ],
    distinct: 12,
  },
  parameters: [{ ...named('rings'), value: 2 }],
  variables: [
    { ...named('counts'), domain: { kind: 'record', key: ring, value: small } },
    { ...named('waiting'), domain: rings },
    { ...named('lines'), domain: queue },
    { ...named('owner'), domain: maybe },
    { ...named('inbox'), domain: message },
    { ...named('pair'), domain: pair },
    { ...named('clock'), domain: phase, process: 'clerk' },
    { ...named('badge'), domain: { kind: 'object', fields: [{ name: 'seen', domain: optional }] } },
  ],
  init: [
    {
      kind: 'assign',
      target: { root: { kind: 'variable', name: 'owner' }, path: [], domain: maybe, span },
      value: literal(null, maybe),
      span,
    },
  ],
  actions: [
    { ...named('serve'), arguments: [{ name: 'r', domain: ring }], body: everyStatement },
    { ...named('clerk.tick'), arguments: [], body: [], process: { name: 'clerk', label: 'tick' } },
  ],
  processes: [{ ...named('clerk'), arguments: [], labels: ['tick', 'end'], counter: 'clock' }],
  invariants: everyExpression.map((predicate, index) => ({ ...named(`invariant${index}`), predicate })),
  steps: [{ ...named('grows'), predicate: equal(variable('owner', maybe), variable('owner', maybe, true)) }],
  sometimes: [
    { ...named('crowded'), predicate: operation('greaterOrEqual', boolean, operation('size', ANY_INT, waiting), one) },
  ],
  properties: [
    {
      ...named('served'),
      formula: {
        kind: 'forAll',
        binder: 'q',
        domain: ring,
        span,
        body: {
          kind: 'leadsTo',
          span,
          left: {
            kind: 'now',
            predicate: { kind: 'enabled', action: 'serve', arguments: [local('q', ring)], type: boolean, span },
            span,
          },
          right: {
            kind: 'and',
            span,
            left: { kind: 'taken', action: 'serve', arguments: [undefined], span },
            right: { kind: 'not', operand: { kind: 'now', predicate: yes, span }, span },
          },
        },
      },
      under: ['scheduler'],
    },
    {
      ...named('settles'),
      formula: {
        kind: 'exists',
        binder: 'q',
        domain: ring,
        span,
        body: {
          kind: 'until',
          span,
          left: {
            kind: 'eventually',
            operand: { kind: 'always', operand: { kind: 'now', predicate: yes, span }, span },
            span,
          },
          right: {
            kind: 'or',
            span,
            left: { kind: 'now', predicate: yes, span },
            right: {
              kind: 'implies',
              left: { kind: 'now', predicate: yes, span },
              right: { kind: 'now', predicate: yes, span },
              span,
            },
          },
        },
      },
    },
  ],
  fairness: [
    {
      ...named('scheduler'),
      assumptions: [
        { span, strength: 'weak', groups: [{ name: 'clerk', actions: ['clerk.tick'], per: [] }] },
        {
          span,
          strength: 'strong',
          groups: [{ name: 'serve', actions: ['serve'], per: ['r'], when: operation('includes', boolean, waiting, r) }],
        },
      ],
    },
  ],
  terminal: [{ ...named('done'), predicate: yes }],
  within: [{ ...named('bounded'), predicate: yes }],
};
