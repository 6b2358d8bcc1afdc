import type { Layout, LeafField } from '../plan/layout.ts';
import type { Cell, Flat, FlatProgram, FlatStatement } from './flat.ts';
import { someStatement, visitFlats, visitStatements } from './flat-walk.ts';
import type { FlatSystem } from './flatten.ts';

/**
 * Flat programs as JavaScript source: the body of a function that is given the names in {@link RUNTIME_NAMES} and
 * returns an object with `initial`, `successors` and `predicates`.
 *
 * One function for each instance (V8 does not optimize giant ones), called only when its leading guards hold; these are
 * tested by the caller, where equality tests of fields in one word are one mask and compare. A step works on copies of
 * the words it uses, in variables where every access is static, else in the array `D`, and appends a state at its end.
 */
export function emitJavaScript(flat: FlatSystem, layout: Layout): string {
  const functions: string[] = [];
  const guards = flat.instances.map((program) => splitGuards(program));
  const enabledUsed = new Set<number>();

  functions.push(emitStep('init', flat.init.body, flat.init, -1, layout));
  flat.instances.forEach((program, id) => {
    const { rest } = guards[id]!;
    if (isImpossible(rest)) return;
    functions.push(emitStep(`i${id}`, rest, program, id, layout));
  });
  flat.predicates.forEach((program, id) => {
    functions.push(emitPredicate(id, program, layout));
    visitStatements(program.body, (statement) => {
      if (statement.op === 'enabled') enabledUsed.add(statement.instance);
    });
  });
  for (const id of enabledUsed) functions.push(emitEnabled(id, guards[id]!, layout));

  const calls = guards.flatMap(({ conditions, rest }, id) => (isImpossible(rest) ? [] : [{ id, conditions }]));
  const dispatchers: string[] = [];
  for (let start = 0; start < calls.length; start += DISPATCHED) {
    const group = calls.slice(start, start + DISPATCHED);
    const words = new Set<number>();
    const access = sourceWords(words);
    const lines = group.map(({ id, conditions }) => {
      const call = `i${id}(S, at, out);`;
      return conditions.length === 0 ? `  ${call}` : `  if (${conjunction(conditions, access, layout)}) ${call}`;
    });
    const loads = [...words].map((word) => `  const w${word} = S[at + ${word}];`);
    dispatchers.push(`d${start}`);
    functions.push([`function d${start}(S, at, out) {`, ...loads, ...lines, '}'].join('\n'));
  }

  return [
    ...functions,
    `return {`,
    `  initial(S, at, out) { init(S, at, out); },`,
    `  successors(S, at, out) { ${dispatchers.map((name) => `${name}(S, at, out);`).join(' ')} },`,
    `  predicates: [${flat.predicates.map((_, id) => `p${id}`).join(', ')}],`,
    `};`,
  ].join('\n');
}

/**
 * What the generated code is closed over: `K` constants; `LW`, `LS`, `LM` word, shift and mask by leaf; `D` words of a
 * draft; `M` scratch memory of steps and `P` of predicates; `C` and `R` digits and radices of the odometer; `E` a batch
 * for `enabled`.
 */
export const RUNTIME_NAMES = ['K', 'LW', 'LS', 'LM', 'D', 'M', 'P', 'C', 'R', 'E'] as const;

/** Scratch cells that any program needs in memory; the sizes of `M` and `P`. */
export function scratchSize(programs: readonly FlatProgram[]): number {
  return Math.max(0, ...programs.map((program) => memoryOf(program).size));
}

/** Instances whose guards one function tests. */
const DISPATCHED = 64;

interface Guards {
  readonly conditions: readonly Flat[];
  readonly rest: readonly FlatStatement[];
}

/** Takes off the leading guards that only read the state at fixed places. */
function splitGuards(program: FlatProgram): Guards {
  const conditions: Flat[] = [];
  let next = 0;
  for (; next < program.body.length; next += 1) {
    const statement = program.body[next]!;
    if (statement.op !== 'when' || !isStatic(statement.condition)) break;
    if (statement.condition.op === 'const') break;
    conditions.push(statement.condition);
  }
  return { conditions, rest: program.body.slice(next) };
}

function isImpossible(body: readonly FlatStatement[]): boolean {
  const [first] = body;
  return first?.op === 'when' && first.condition.op === 'const' && first.condition.value === 0;
}

function isStatic(flat: Flat): boolean {
  switch (flat.op) {
    case 'const':
      return true;
    case 'temp':
      return false;
    case 'load':
      return flat.cell.space.kind === 'state' && flat.cell.index === undefined;
    case 'select':
      return isStatic(flat.condition) && isStatic(flat.whenTrue) && isStatic(flat.whenFalse);
    case 'not':
    case 'popcount':
    case 'trailingZeros':
      return isStatic(flat.operand);
    default:
      return isStatic(flat.left) && isStatic(flat.right);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Programs

/** How a program reaches the cells of its spaces. */
interface Access {
  /** The source of a word of the state. */
  readonly word: (word: number) => string;
  readonly nextWord: (word: number) => string;
  /** The source of a leaf at a dynamic address. */
  leafAt(index: string): string;
  nextLeafAt(index: string): string;
  /** Where a scratch region lies in memory; undefined when its cells are variables. */
  regionAt(region: number): number | undefined;
  readonly memory: 'M' | 'P';
}

interface Ends {
  readonly impossible: string;
  readonly fail: string;
}

function emitStep(
  name: string,
  body: readonly FlatStatement[],
  program: FlatProgram,
  id: number,
  layout: Layout,
): string {
  const memory = memoryOf(program);
  const drafted = needsDraft(body);
  const words = new Set<number>();
  const stored = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op === 'store' && statement.cell.space.kind === 'state' && statement.cell.index === undefined) {
      stored.add(layout.leaves[statement.cell.at]!.word);
    }
  });
  const access: Access = {
    word(word) {
      if (drafted) return `D[${word}]`;
      words.add(word);
      return `w${word}`;
    },
    nextWord: () => {
      throw new Error('a step reads the next state');
    },
    leafAt: (index) => (drafted ? `leaf(D, 0, ${index})` : `leaf(S, at, ${index})`),
    nextLeafAt: () => {
      throw new Error('a step reads the next state');
    },
    regionAt: (region) => memory.at[region],
    memory: 'M',
  };
  const hasChoices = someStatement(body, (statement) => statement.op === 'choose');
  const ends: Ends = hasChoices
    ? { impossible: 'break run;', fail: `{ out.failures.push(${id}); break run; }` }
    : { impossible: 'return;', fail: `{ out.failures.push(${id}); return; }` };
  const lines = emitBody(body, access, layout, ends, '    ');
  for (const word of stored) access.word(word);
  const marks = new Set<number>();
  visitStatements(body, (statement) => {
    if (statement.op === 'mark') marks.add(statement.branch);
  });

  const unmarked = [...marks].map((branch) => `    let m${branch} = 0;`);
  const copied = drafted
    ? Array.from({ length: layout.words }, (_, word) => `    D[${word}] = S[at + ${word}];`)
    : [...words].map((word) => `    let w${word} = S[at + ${word}];`);
  const start = [...copied, ...unmarked];
  const push = [
    '    const o = out.reserve(), T = out.states;',
    ...Array.from({ length: layout.words }, (_, word) => {
      const source = drafted ? `D[${word}]` : words.has(word) ? `w${word}` : `S[at + ${word}]`;
      return `    T[o${word === 0 ? '' : ` + ${word}`}] = ${source};`;
    }),
    `    out.instances[out.count++] = ${id};`,
    ...[...marks].map((branch) => `    out.branches[${branch}] += m${branch};`),
  ];
  const variables = declarations(body, memory);
  if (!hasChoices) return [`function ${name}(S, at, out) {`, ...variables, ...start, ...lines, ...push, '}'].join('\n');
  return [
    `function ${name}(S, at, out) {`,
    ...variables,
    '  let used = 0;',
    '  for (;;) {',
    '    let position = 0;',
    '    run: {',
    ...start,
    ...lines,
    ...push,
    '    }',
    '    used = position;',
    '    while (used > 0 && C[used - 1] + 1 >= R[used - 1]) used--;',
    '    if (used === 0) return;',
    '    C[used - 1]++;',
    '  }',
    '}',
  ].join('\n');
}

function emitPredicate(id: number, program: FlatProgram, layout: Layout): string {
  const memory = memoryOf(program);
  const access: Access = {
    word: (word) => `S[at + ${word}]`,
    nextWord: (word) => `N[nextAt + ${word}]`,
    leafAt: (index) => `leaf(S, at, ${index})`,
    nextLeafAt: (index) => `leaf(N, nextAt, ${index})`,
    regionAt: (region) => memory.at[region],
    memory: 'P',
  };
  const lines = emitBody(program.body, access, layout, { impossible: 'return 2;', fail: 'return 2;' }, '  ');
  return [
    `function p${id}(S, at, N, nextAt) {`,
    ...declarations(program.body, memory),
    ...lines,
    '  return 2;',
    '}',
  ].join('\n');
}

function emitEnabled(id: number, { conditions, rest }: Guards, layout: Layout): string {
  if (isImpossible(rest)) return `function e${id}(S, at) { return 0; }`;
  const access = { ...sourceWords(new Set()), word: (word: number) => `S[at + ${word}]` };
  const guard = conditions.length === 0 ? '' : `  if (!(${conjunction(conditions, access, layout)})) return 0;\n`;
  return `function e${id}(S, at) {\n${guard}  E.clear();\n  i${id}(S, at, E);\n  return changes(S, at);\n}`;
}

/** Words of the source state in variables; `words` collects which. */
function sourceWords(words: Set<number>): Access {
  const never = (): never => {
    throw new Error('a guard that is not static');
  };
  return {
    word(word) {
      words.add(word);
      return `w${word}`;
    },
    nextWord: never,
    leafAt: never,
    nextLeafAt: never,
    regionAt: never,
    memory: 'M',
  };
}

/** Functions that generated code calls; small enough for V8 to inline. */
export const RUNTIME_SOURCE = `
function leaf(S, at, index) { return (S[at + LW[index]] >>> LS[index]) & LM[index]; }
function putLeaf(index, value) {
  const word = LW[index], shift = LS[index];
  D[word] = (D[word] & ~(LM[index] << shift)) | (value << shift);
}
function popcount(x) {
  x = x - ((x >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
function trailingZeros(x) { return x === 0 ? 32 : 31 - Math.clz32(x & -x); }
function changes(S, at) {
  const T = E.states, W = E.words;
  for (let o = 0, end = E.count * W; o < end; o += W) {
    for (let k = 0; k < W; k++) if (T[o + k] !== S[at + k]) return 1;
  }
  return 0;
}
`;

/** Whether a step reads the state at a dynamic address after it has changed it, or changes it at one. */
function needsDraft(body: readonly FlatStatement[]): boolean {
  let stored = false;
  let needed = false;
  const storesState = (list: readonly FlatStatement[]): boolean =>
    someStatement(list, (statement) => statement.op === 'store' && statement.cell.space.kind === 'state');
  const walk = (list: readonly FlatStatement[]): void => {
    for (const statement of list) {
      visitFlats(statement, (flat) => {
        if (flat.op === 'load' && flat.cell.space.kind === 'state' && flat.cell.index !== undefined) needed ||= stored;
      });
      switch (statement.op) {
        case 'store':
          if (statement.cell.space.kind !== 'state') break;
          stored = true;
          if (statement.cell.index !== undefined) needed = true;
          break;
        case 'if':
          walk(statement.whenTrue);
          walk(statement.whenFalse);
          break;
        case 'loop':
          stored ||= storesState(statement.body);
          walk(statement.body);
          break;
        case 'block':
          walk(statement.body);
          break;
        default:
          break;
      }
    }
  };
  walk(body);
  return needed;
}

/** Where each scratch region lies: in memory when some access to it is dynamic, else nowhere. */
function memoryOf(program: FlatProgram): { at: (number | undefined)[]; size: number } {
  const dynamic = new Set<number>();
  const note = (cell: Cell): void => {
    if (cell.space.kind === 'scratch' && cell.index !== undefined) dynamic.add(cell.space.region);
  };
  visitStatements(program.body, (statement) => {
    if (statement.op === 'store') note(statement.cell);
    visitFlats(statement, (flat) => {
      if (flat.op === 'load') note(flat.cell);
    });
  });
  let size = 0;
  const at = program.regions.map((cells, region) => {
    if (!dynamic.has(region)) return undefined;
    size += cells;
    return size - cells;
  });
  return { at, size };
}

/** The variables of a program: its temps, and the cells of regions that are not in memory. */
function declarations(body: readonly FlatStatement[], memory: { at: (number | undefined)[] }): string[] {
  const names = new Set<string>();
  const note = ({ space, at }: Cell): void => {
    if (space.kind === 'scratch' && memory.at[space.region] === undefined) names.add(cellName(space.region, at));
  };
  visitStatements(body, (statement) => {
    if (statement.op === 'set' || statement.op === 'choose' || statement.op === 'enabled') {
      names.add(`t${statement.temp}`);
    }
    if (statement.op === 'store') note(statement.cell);
    visitFlats(statement, (flat) => {
      if (flat.op === 'load') note(flat.cell);
      if (flat.op === 'temp') names.add(`t${flat.temp}`);
    });
  });
  return names.size === 0 ? [] : [`  let ${[...names].map((name) => `${name} = 0`).join(', ')};`];
}

function cellName(region: number, at: number): string {
  return `c${region}_${at}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Statements and expressions

function emitBody(
  body: readonly FlatStatement[],
  access: Access,
  layout: Layout,
  ends: Ends,
  indent: string,
): string[] {
  const lines: string[] = [];
  const inner = (list: readonly FlatStatement[]): string[] => emitBody(list, access, layout, ends, `${indent}  `);
  for (const statement of body) {
    switch (statement.op) {
      case 'set':
        lines.push(`${indent}t${statement.temp} = ${value(statement.value, access, layout)};`);
        break;
      case 'store':
        lines.push(
          `${indent}${emitStore(statement.cell, value(statement.value, access, layout), statement.value, access, layout)}`,
        );
        break;
      case 'if':
        lines.push(`${indent}if (${condition(statement.condition, access, layout)}) {`, ...inner(statement.whenTrue));
        if (0 < statement.whenFalse.length) lines.push(`${indent}} else {`, ...inner(statement.whenFalse));
        lines.push(`${indent}}`);
        break;
      case 'loop':
        lines.push(`${indent}for (;;) {`, ...inner(statement.body), `${indent}}`);
        break;
      case 'block':
        lines.push(`${indent}b${statement.label}: {`, ...inner(statement.body), `${indent}}`);
        break;
      case 'leave':
        lines.push(`${indent}break b${statement.label};`);
        break;
      case 'choose':
        lines.push(
          `${indent}if (position === used) { C[position] = 0; used++; }`,
          `${indent}R[position] = ${value(statement.count, access, layout)};`,
          `${indent}t${statement.temp} = C[position++];`,
        );
        break;
      case 'when':
        lines.push(`${indent}if (${negated(statement.condition, access, layout)}) ${ends.impossible}`);
        break;
      case 'check':
        lines.push(`${indent}if (${negated(statement.condition, access, layout)}) ${ends.fail}`);
        break;
      case 'enabled':
        lines.push(`${indent}t${statement.temp} = e${statement.instance}(S, at);`);
        break;
      case 'mark':
        lines.push(`${indent}m${statement.branch} = 1;`);
        break;
      case 'answer':
        lines.push(`${indent}return ${value(statement.value, access, layout)};`);
        break;
    }
  }
  return lines;
}

function emitStore(cell: Cell, source: string, flat: Flat, access: Access, layout: Layout): string {
  const { space, at, index } = cell;
  if (space.kind === 'scratch') {
    const region = access.regionAt(space.region);
    if (region === undefined) return `${cellName(space.region, at)} = ${source};`;
    return `${access.memory}[${address(region + at, index, access, layout)}] = ${source};`;
  }
  if (space.kind !== 'state') throw new Error(`a store into ${space.kind} cells`);
  if (index !== undefined) return `putLeaf(${address(at, index, access, layout)}, ${source});`;
  const field = layout.leaves[at]!;
  if (field.width === 0) return ';';
  const word = access.word(field.word);
  if (field.width === 32) return `${word} = ${source};`;
  const keep = ~(field.mask << field.shift);
  if (flat.op === 'const') {
    const bits = flat.value << field.shift;
    const isFull = (flat.value & field.mask) === field.mask;
    return isFull
      ? `${word} |= ${bits};`
      : bits === 0
        ? `${word} &= ${keep};`
        : `${word} = (${word} & ${keep}) | ${bits};`;
  }
  const shifted = field.shift === 0 ? source : `(${source} << ${field.shift})`;
  return `${word} = (${word} & ${keep}) | ${shifted};`;
}

/** Addresses are added up modulo 2^32, like all else. */
function address(at: number, index: Flat | undefined, access: Access, layout: Layout): string {
  if (index === undefined) return String(at);
  if (index.op === 'add' && index.right.op === 'const')
    return address(at + index.right.value, index.left, access, layout);
  const dynamic = value(index, access, layout);
  return at === 0 ? dynamic : `((${dynamic} + ${at}) | 0)`;
}

function emitLoad({ space, at, index }: Cell, access: Access, layout: Layout): string {
  switch (space.kind) {
    case 'constant':
      return `K[${address(at, index, access, layout)}]`;
    case 'scratch': {
      const region = access.regionAt(space.region);
      if (region === undefined) return cellName(space.region, at);
      return `${access.memory}[${address(region + at, index, access, layout)}]`;
    }
    case 'state':
    case 'next': {
      const isNext = space.kind === 'next';
      if (index !== undefined) {
        const where = address(at, index, access, layout);
        return isNext ? access.nextLeafAt(where) : access.leafAt(where);
      }
      return field(layout.leaves[at]!, isNext ? access.nextWord : access.word);
    }
  }
}

function field({ word, shift, width, mask }: LeafField, source: (word: number) => string): string {
  if (width === 0) return '0';
  if (width === 32) return source(word);
  if (shift === 0) return `(${source(word)} & ${mask})`;
  return shift + width === 32 ? `(${source(word)} >>> ${shift})` : `((${source(word)} >>> ${shift}) & ${mask})`;
}

/** The source of an int32. */
function value(flat: Flat, access: Access, layout: Layout): string {
  switch (flat.op) {
    case 'const':
      return flat.value < 0 ? `(${flat.value})` : String(flat.value);
    case 'temp':
      return `t${flat.temp}`;
    case 'load':
      return emitLoad(flat.cell, access, layout);
    case 'select':
      return `(${condition(flat.condition, access, layout)} ? ${value(flat.whenTrue, access, layout)} : ${value(flat.whenFalse, access, layout)})`;
    case 'popcount':
    case 'trailingZeros':
      return `${flat.op}(${value(flat.operand, access, layout)})`;
    case 'not':
    case 'and':
    case 'or':
    case 'equal':
    case 'notEqual':
    case 'less':
    case 'lessOrEqual':
    case 'addOverflows':
    case 'subtractOverflows':
    case 'multiplyOverflows':
      return `(${condition(flat, access, layout)} ? 1 : 0)`;
    default: {
      const left = value(flat.left, access, layout);
      const right = value(flat.right, access, layout);
      switch (flat.op) {
        case 'add':
          return `((${left} + ${right}) | 0)`;
        case 'subtract':
          return `((${left} - ${right}) | 0)`;
        case 'multiply':
          return `Math.imul(${left}, ${right})`;
        case 'floorDivide':
          return `(Math.floor(${left} / ${right}) | 0)`;
        case 'truncateDivide':
          return `((${left} / ${right}) | 0)`;
        case 'remainder':
          return `((${left} % ${right}) | 0)`;
        case 'minimum':
          return `Math.min(${left}, ${right})`;
        case 'maximum':
          return `Math.max(${left}, ${right})`;
        case 'bitAnd':
          return `(${left} & ${right})`;
        case 'bitOr':
          return `(${left} | ${right})`;
        case 'bitXor':
          return `(${left} ^ ${right})`;
        case 'shiftLeft':
          return `(${left} << ${right})`;
        case 'shiftRight':
          return `((${left} >>> ${right}) | 0)`;
      }
    }
  }
}

/** The source of a JavaScript boolean. */
function condition(flat: Flat, access: Access, layout: Layout): string {
  switch (flat.op) {
    case 'const':
      return flat.value === 0 ? 'false' : 'true';
    case 'not':
      return negated(flat.operand, access, layout);
    case 'and':
      return `(${conjunction(conjuncts(flat), access, layout)})`;
    case 'or':
      return `(${condition(flat.left, access, layout)} || ${condition(flat.right, access, layout)})`;
    case 'equal':
    case 'notEqual': {
      const sign = flat.op === 'equal' ? '===' : '!==';
      const test = fieldTest(flat, layout);
      if (test !== undefined && test.bits !== undefined) {
        return `(${access.word(test.word)} & ${test.mask}) ${sign} ${test.bits}`;
      }
      return `${value(flat.left, access, layout)} ${sign} ${value(flat.right, access, layout)}`;
    }
    case 'less':
      return `${value(flat.left, access, layout)} < ${value(flat.right, access, layout)}`;
    case 'lessOrEqual':
      return `${value(flat.left, access, layout)} <= ${value(flat.right, access, layout)}`;
    case 'addOverflows':
    case 'subtractOverflows':
    case 'multiplyOverflows': {
      const left = value(flat.left, access, layout);
      const right = value(flat.right, access, layout);
      const sign = flat.op === 'addOverflows' ? '+' : flat.op === 'subtractOverflows' ? '-' : '*';
      // The product of int32s is rounded as a double, but not across the bounds.
      return `(${left} ${sign} ${right} > 2147483647 || ${left} ${sign} ${right} < -2147483648)`;
    }
    default:
      return `${value(flat, access, layout)} !== 0`;
  }
}

function negated(flat: Flat, access: Access, layout: Layout): string {
  if (flat.op === 'const') return flat.value === 0 ? 'true' : 'false';
  if (flat.op === 'not') return condition(flat.operand, access, layout);
  return `!(${condition(flat, access, layout)})`;
}

function conjuncts(flat: Flat): readonly Flat[] {
  return flat.op === 'and' ? [...conjuncts(flat.left), ...conjuncts(flat.right)] : [flat];
}

/** A test of a state field against a constant. `bits` is undefined when the field cannot hold the constant. */
interface FieldTest {
  readonly word: number;
  readonly mask: number;
  readonly bits: number | undefined;
}

function fieldTest(flat: Flat, layout: Layout): FieldTest | undefined {
  if (flat.op === 'load') {
    const test = fieldTest({ op: 'equal', left: flat, right: { op: 'const', value: 1 } }, layout);
    const isBit =
      flat.cell.index === undefined && flat.cell.space.kind === 'state' && layout.leaves[flat.cell.at]!.width === 1;
    return isBit ? test : undefined;
  }
  if ((flat.op !== 'equal' && flat.op !== 'notEqual') || flat.left.op !== 'load' || flat.right.op !== 'const')
    return undefined;
  const { space, at, index } = flat.left.cell;
  if (space.kind !== 'state' || index !== undefined) return undefined;
  const { word, shift, width, mask } = layout.leaves[at]!;
  if (width === 0) return undefined;
  const fits = (flat.right.value & ~mask) === 0;
  return { word, mask: mask << shift, bits: fits ? flat.right.value << shift : undefined };
}

/** A conjunction of pure conditions, in which tests of fields of one word for equality are done at once. */
function conjunction(conditions: readonly Flat[], access: Access, layout: Layout): string {
  const flat = conditions.flatMap(conjuncts);
  const merged = new Map<number, { mask: number; bits: number }>();
  const others: Flat[] = [];
  for (const one of flat) {
    const test = one.op === 'notEqual' ? undefined : fieldTest(one, layout);
    if (test === undefined || test.bits === undefined) {
      others.push(one);
      continue;
    }
    const known = merged.get(test.word) ?? { mask: 0, bits: 0 };
    // Two different values asked of one field: never.
    if (((known.bits ^ test.bits) & known.mask & test.mask) !== 0) return 'false';
    merged.set(test.word, { mask: known.mask | test.mask, bits: known.bits | test.bits });
  }
  const tests = [...merged].map(([word, { mask, bits }]) => `(${access.word(word)} & ${mask}) === ${bits}`);
  return [...tests, ...others.map((one) => condition(one, access, layout))].join(' && ') || 'true';
}
