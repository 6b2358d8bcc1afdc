import { boolean, expression, isWhole, literal, numeric, place } from './expression.ts';
import { ENUM, fits, hasTuple, isScalar, randomScalar, randomType, RING, schemaText, type Type } from './type.ts';
import { inLoop, mayChoose, newName, quiet, type Place, type Writing } from './writing.ts';

/** Statements, and what they add to the scope of those after them. */
export interface Written {
  readonly text: readonly string[];
  readonly added: readonly Place[];
}

const NOTHING: Written = { text: [], added: [] };

export function block(write: Writing, scope: readonly Place[], depth: number): string[] {
  const { random } = write;
  const lines: string[] = [];
  let known = scope;
  for (let index = 0; index < 1 + random.below(3); index += 1) {
    const { text, added } = statement(write, known, depth);
    lines.push(...text);
    known = [...known, ...added];
  }
  return lines;
}

export function statement(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const only = (text: string | undefined): Written => (text === undefined ? NOTHING : { text: [text], added: [] });
  const gently = (share: number) => random.chance(write.gentle === true ? 0 : share);
  const ways: (() => Written)[] = [
    ...Array.from({ length: 8 }, () => () => only(assignment(write, scope))),
    () => only(gently(0.3) ? `when(${boolean(write, scope, 2)});` : undefined),
    () => only(gently(0.2) ? `verify(${boolean(write, scope, 2)}, 'as it should be');` : undefined),
    () => local(write, scope),
    () => local(write, scope),
    () => destructured(write, scope),
    () => contained(write, scope),
    () => contained(write, scope),
    () => contained(write, scope),
    () => collected(write, scope),
    () => keyed(write, scope),
    () => moved(write, scope),
    () => inOrder(write, scope),
    () => besideLarger(write, scope),
    () => renewed(write, scope),
    () => only(mutation(write, scope)),
    () => only(mutation(write, scope)),
    () => only(swap(write, scope)),
  ];
  if (write.processes !== undefined && write.processes.length > 0) ways.push(() => only(threadChange(write, scope)));
  if (depth > 0) {
    const inner = (more: readonly Place[] = [], by = write) => block(by, [...scope, ...more], depth - 1);
    const lines = (...text: string[]): Written => ({ text, added: [] });
    ways.push(
      () => {
        const otherwise = random.chance(0.5) ? ['} else {', ...inner()] : [];
        const leave = random.chance(0.15) ? ['return;'] : [];
        return lines(`if (${boolean(write, scope, 2)}) {`, ...inner(), ...leave, ...otherwise, '}');
      },
      () => loop(write, scope, depth),
      () => loop(write, scope, depth),
      () => {
        if (!mayChoose(write)) return NOTHING;
        const branch = () => ['() => {', ...inner().filter((line) => line !== 'return;'), '},'];
        return lines('either(', ...branch(), ...branch(), ');');
      },
      () => switched(write, scope, depth),
      () => narrowed(write, scope, depth),
      () => narrowed(write, scope, depth),
      () => found(write, scope, depth),
      () => found(write, scope, depth),
      () => given(write, scope, depth),
    );
  }
  return random.of(ways)();
}

/** A thread is put at its beginning or its end. */
function threadChange(write: Writing, scope: readonly Place[]): string | undefined {
  const { random } = write;
  const { name, alone, own } = random.of(write.processes!);
  const change = random.chance(0.7) ? 'restart' : 'stop';
  if (alone) return mayChoose(write) ? `${name}.${change}();` : undefined;
  if (own === true) {
    if (random.chance(0.2)) return mayChoose(write) ? `${name}.${change}({ me: pick(Ring) });` : undefined;
    const other = newName(write);
    return `for (const ${other} of Ring) if (${other} !== me) ${name}.${change}({ me: ${other} });`;
  }
  const thread = expression(quiet(write), scope, RING, 1);
  return thread && `${name}.${change}({ me: ${thread} });`;
}

function assignment(write: Writing, scope: readonly Place[]): string | undefined {
  const { random } = write;
  const target = place(write, scope, () => true, true);
  if (target === undefined) return undefined;
  const { text, type } = target;
  if (type.kind === 'int' && random.chance(0.3)) {
    return random.of([`${text} += 1;`, `${text} -= 1;`, `${text}++;`, `--${text};`, `${text} *= 2;`]);
  }
  const value = expression(write, scope, type, 3);
  if (value === undefined) return undefined;
  if (type.kind === 'boolean' && random.chance(0.2)) return `${text} ${random.of(['&&=', '||='])} ${value};`;
  if ((type.kind === 'nullable' || type.kind === 'optional') && random.chance(0.2)) return `${text} ??= ${value};`;
  return `${text} = ${value};`;
}

function local(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  if (random.chance(0.3)) return alias(write, scope);
  const wanted = random.chance(0.6) ? randomScalar(random) : randomType(random, 1);
  const type = hasTuple(wanted) ? randomScalar(random) : wanted;
  const value = expression(write, scope, type, 2);
  if (value === undefined) return NOTHING;
  const name = newName(write);
  const mutable = random.chance(0.3) && ['boolean', 'enum', 'ids'].includes(type.kind);
  // What the compiler knows of an integer local is what its value can be, which may be more than the type.
  const seen: Type = type.kind === 'int' ? { kind: 'int', min: -99, max: 99 } : type;
  return {
    text: [`${mutable ? 'let' : 'const'} ${name} = ${value};`],
    added: [{ text: name, type: seen, assignable: mutable }],
  };
}

/** A constant for a part of the state: what happens to one is seen through the other. */
function alias(write: Writing, scope: readonly Place[]): Written {
  const part = place(write, scope, (type) => !isScalar(type) && type.kind !== 'nullable', true);
  if (part === undefined) return NOTHING;
  const name = newName(write);
  return {
    text: [`const ${name} = ${part.text};`],
    added: [{ text: name, type: part.type, assignable: true, reference: true }],
  };
}

/** What a constant that is given a part of another place is. */
function named(name: string, type: Type, from: Place): Place {
  if (!isScalar(type) && from.assignable) return { text: name, type, assignable: true, reference: true };
  return { text: name, type, assignable: false };
}

function destructured(write: Writing, scope: readonly Place[]): Written {
  const whole = place(write, scope, (type) => type.kind === 'object' || type.kind === 'tuple');
  if (whole === undefined) return NOTHING;
  const { type, text } = whole;
  if (type.kind === 'tuple') {
    const names = type.items.map(() => newName(write));
    return {
      text: [`const [${names.join(', ')}] = ${text};`],
      added: type.items.map((item, at) => named(names[at]!, item, whole)),
    };
  }
  if (type.kind !== 'object') return NOTHING;
  const added: Place[] = [];
  const parts = type.fields.map(([name, field]) => {
    const own = newName(write);
    if (field.kind === 'optional') {
      const otherwise = expression(write, scope, field.of, 0);
      added.push({ text: own, type: otherwise === undefined ? field : field.of, assignable: false });
      return otherwise === undefined ? `${name}: ${own}` : `${name}: ${own} = ${otherwise}`;
    }
    added.push(named(own, field, whole));
    return `${name}: ${own}`;
  });
  return { text: [`const { ${parts.join(', ')} } = ${text};`], added };
}

/**
 * A local object or list that holds objects of the state: its parts can be given others, which the state does not see,
 * or the objects in it can be changed, which it does.
 */
function contained(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const one = place(write, scope, (type) => type.kind === 'object', true);
  if (one === undefined) return NOTHING;
  const { type } = one;
  const alike = place(write, scope, (other) => JSON.stringify(other) === JSON.stringify(type), true) ?? one;
  const made = literal(write, scope, type, 1);
  if (made === undefined) return NOTHING;
  const name = newName(write);
  const [first, second] = random.of([
    ['.first', '.second'],
    ['[0]', '[1]'],
  ] as const);
  const holder = (a: string, b: string) => (first === '[0]' ? `[${a}, ${b}]` : `{ first: ${a}, second: ${b} }`);
  const at = (part: string): Place => ({ text: `${name}${part}`, type, assignable: true, reference: true });
  const declared = `const ${name}: any = ${holder(one.text, random.chance(0.3) ? made : alike.text)};`;
  if (random.chance(0.4)) {
    // Only what is in it is changed.
    return { text: [declared], added: [at(first), at(second)] };
  }
  const changed = random.of([
    [`${name}${first} = ${made};`],
    [`${name}${first} = ${name}${second};`],
    [`const t${name} = ${name}${first};`, `${name}${first} = ${name}${second};`, `${name}${second} = t${name};`],
    [`[${name}${first}, ${name}${second}] = [${name}${second}, ${name}${first}];`],
    [`${name}${second} = { ...${name}${first} };`],
    [`if (${boolean(write, scope, 1)}) ${name}${first} = ${made};`],
  ]);
  const read = (part: string): Place => ({ text: `${name}${part}`, type, assignable: false });
  return { text: [declared, ...changed], added: [read(first), read(second)] };
}

/** What methods give of a local list of objects of the state, or put into it. */
function collected(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const one = place(write, scope, (type) => type.kind === 'object', true);
  if (one === undefined) return NOTHING;
  const { type } = one;
  const made = literal(write, scope, type, 1);
  const list = newName(write);
  const name = newName(write);
  if (made === undefined) return NOTHING;
  const taken = random.of(['pop()', 'shift()', 'at(-1)', 'slice(-1)[0]', 'splice(0, 1)[0]', 'concat([])[0]', 'find(() => true)', 'filter(() => true)[0]', 'reduce((_: any, each: any) => each)', 'map((each: any) => each)[0]']); // prettier-ignore
  const call = taken.startsWith('reduce') ? `reduce((_: any, each: any) => each, ${made})` : taken;
  return {
    text: [
      `const ${list}: any = [${one.text}];`,
      ...(random.chance(0.1) ? [`${list}.${random.of(['push', 'unshift'])}(${made});`] : []),
      `const ${name}: any = ${list}.${call};`,
    ],
    added: [{ text: name, type, assignable: false }],
  };
}

/** An object of the state goes to a second place; mostly something else takes the first, or a copy is made. */
function moved(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const one = place(write, scope, (type) => type.kind === 'object', true);
  const other = one && place(write, scope, (type) => JSON.stringify(type) === JSON.stringify(one.type), true);
  const made = one && literal(write, scope, one.type, 1);
  if (other === undefined || made === undefined || !other.text.startsWith('s.') || !one!.text.startsWith('s.'))
    return NOTHING;
  const [from, to] = [one!.text, other.text];
  const name = newName(write);
  const read: Place = { text: name, type: one!.type, assignable: false };
  return random.of<Written>([
    { text: [`${to} = ${from};`, `${from} = ${made};`], added: [] },
    { text: [`const ${name}: any = ${from};`, `${from} = ${made};`, `${to} = ${name};`], added: [read] },
    { text: [`const ${name}: any = ${from};`, `${to} = ${name};`], added: [read] },
    { text: [`${to} = { ...${from} };`], added: [] },
    { text: [`[${to}, ${from}] = [${from}, ${to}];`], added: [] },
    { text: [`${to} = ${from};`], added: [] },
  ]);
}

/** An object that meets a larger one, which has a field more: what is made of it has no such field. */
function besideLarger(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const one = place(write, scope, (type) => type.kind === 'object', true);
  if (one?.type.kind !== 'object') return NOTHING;
  const { text, type } = one;
  const target = place(write, scope, (other) => JSON.stringify(other) === JSON.stringify(type), true) ?? one;
  const name = newName(write);
  const larger = `{ ...${text}, more: ${numeric(write, scope, 0)} }`;
  const copy = `{ ...${text} }`;
  const met = random.of([
    `${boolean(write, scope, 1)} ? ${larger} : ${copy}`,
    `${boolean(write, scope, 1)} ? ${copy} : ${larger}`,
    `[${larger}, ${text}][1]`,
    `[${larger}, ${copy}].slice(1)[0]`,
    `[${larger}].concat([${copy}] as any).pop()`,
    `[${copy}, ${larger}].find((each: any) => each.more === undefined)`,
    `[${larger}, ${copy}].filter((each: any) => each.more === undefined)[0]`,
    `[${copy}, ${larger}].map((each: any) => ({ ...each }))[0]`,
    `[${larger}, ${copy}].reduce((_: any, each: any) => each, ${copy} as any)`,
    `{ of: ${copy}, ...(${boolean(write, scope, 1)} ? { of: ${larger} } : {}) }.of`,
    `{ ...${text}, ...(${boolean(write, scope, 1)} && { more: 1 }) }`,
  ]);
  const scalars = type.fields.filter(([, field]) => isScalar(field) && field.kind !== 'optional');
  return {
    text: [
      `const ${name}: any = ${met};`,
      random.chance(0.1) ? `${target.text} = ${name};` : `${target.text} = { ...${name} };`,
    ],
    added: scalars.map(([field, of]) => ({ text: `${name}.${field}`, type: of, assignable: false })),
  };
}

/** An array is made anew while a name stands for one of its elements, which goes on standing for that object. */
function renewed(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const list = place(write, scope, (type) => type.kind === 'array' && type.of.kind === 'object', true);
  if (list?.type.kind !== 'array' || list.type.of.kind !== 'object' || !list.text.startsWith('s.')) return NOTHING;
  const { text } = list;
  const element = list.type.of;
  const [field, of] = random.of(element.fields);
  const value = expression(write, scope, of, 1);
  if (value === undefined) return NOTHING;
  const name = newName(write);
  const found = random.of([
    `${text}.at(0)`,
    `${text}.at(-1)`,
    `${text}.find(() => true)`,
    `${text}.findLast(() => true)`,
  ]);
  // The second ones hold the very objects that the array had: changing one of those by its name is refused.
  const [anew] = random.chance(0.97)
    ? random.of([
        [`${text}.map((each: any) => ({ ...each }))`],
        [`${text}.map((each: any, at: any) => ({ ...each, ${field}: each.${field} }))`],
      ])
    : random.of([
        [`[...${text}]`],
        [`${text}.slice()`],
        [`${text}.filter(() => true)`],
        [`${text}.concat([])`],
        [`${text}.map((each: any) => each)`],
      ]);
  const kept = random.of([[`[...${text}]`], [`${text}.slice()`], [`${text}.filter(() => true)`]]);
  const lines = random.of([
    [`${text} = ${anew};`, `${name}.${field} = ${value};`],
    [`${text} = ${anew};`, `${name}.${field} = ${value};`, `${text} = ${kept[0]};`],
    [`${text} = ${kept[0]};`],
  ]);
  const read: Place = { text: `${name}.${field}`, type: of, assignable: false };
  return {
    text: [`const ${name}: any = ${found};`, `if (${name}) {`, ...lines, ...block(write, [...scope, read], 0), '}'],
    added: [],
  };
}

/** What is looked up before something else changes it. */
function inOrder(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const only = (...text: string[]): Written => ({ text, added: [] });
  const list = place(write, scope, (type) => type.kind === 'array', true);
  const target = place(write, scope, (type) => type.kind === 'int', true);
  if (list?.type.kind === 'array' && target !== undefined && random.chance(0.5)) {
    const { text } = list;
    const changed = random.of([`${text}.pop()`, `${text}.shift()`]);
    return only(
      `${target.text} = ${random.of([
        `[...${text}, ${changed}].length`,
        `[${changed}, ...${text}].length`,
        // JavaScript's own `indexOf` tells objects apart that are equal.
        isScalar(list.type.of) ? `${text}.slice().indexOf(${changed})` : `[${text}.slice(), ${changed}].length`,
        `${text}.concat([${changed}]).length`,
        `${text}.filter(() => true).concat([${changed}]).length`,
        `[...${text}].length - (${changed}, 1)`,
        `[...${text}.keys()].reduce((sum, each) => sum + each, 0)`,
        `[...${text}.entries()].map(([at]: any) => at).length`,
        `Array.from(${text}.values()).length`,
        `${text}.map((...all: any[]) => all.length).length`,
        `${text}.filter((...all: any[]) => all.length > 2).length`,
        `${text}.findIndex((one: any, ...rest: any[]) => rest.length > 2)`,
        `${text}.map((one: any, ...rest: any[]) => rest.length).length`,
        `Array.from(${text}, (...all: any[]) => all.length).at(0) ?? 0`,
        `${text}.reduce((sum: number, ...rest: any[]) => sum + rest.length, 0)`,
      ])};`,
    );
  }
  const one = place(write, scope, (type) => type.kind === 'object', true);
  if (one?.type.kind !== 'object' || !one.text.startsWith('s.')) return NOTHING;
  const made = literal(write, scope, one.type, 1);
  const [name] = random.of(one.type.fields);
  const value = literal(write, scope, one.type.fields.find(([own]) => own === name)![1], 1);
  if (made === undefined || value === undefined) return NOTHING;
  const copy = newName(write);
  return random.of<Written>([
    only(`${one.text}.${name} = ((${one.text} = ${made}), ${value});`),
    only(`${one.text}.${name} = ((${one.text}.${name} = ${value}), ${value});`),
    {
      text: [`const ${copy}: any = { ...${one.text}, more: ((${one.text}.${name} = ${value}), 1) };`],
      added: [{ text: copy, type: one.type, assignable: false }],
    },
    isWhole(one.type) ? only(`const ${copy}: any = Object.keys({ ...${one.text}, ${name}: ${value} });`) : NOTHING,
  ]);
}

/** Keys that JavaScript does not keep in the order in which they are written. */
function keyed(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  const target = place(write, scope, (type) => type.kind === 'int', true);
  if (target === undefined) return NOTHING;
  const name = newName(write);
  const keys = random.of([
    ['b', '2', '1'],
    ['x', '01', '10', '9'],
    ['constructor', '1', '__proto__x', '0'],
  ]);
  const fields = keys.map((key) => `'${key}': ${numeric(write, scope, 0)}`);
  const [head] = random.of(['Object.values(KEYED)[0]', 'Object.entries(KEYED)[0]![1]', 'Object.values({ ...KEYED, a: 1 }).at(-2)!']).split('\n'); // prettier-ignore
  return {
    text: [`const ${name} = { ${fields.join(', ')} };`, `${target.text} = ${head!.replace('KEYED', name)};`],
    added: [],
  };
}

function swap(write: Writing, scope: readonly Place[]): string | undefined {
  const one = place(write, scope, isScalar, true);
  const other = one && place(write, scope, (type) => fits(type, one.type) && fits(one.type, type), true);
  return other && `[${one.text}, ${other.text}] = [${other.text}, ${one.text}];`;
}

function mutation(write: Writing, scope: readonly Place[]): string | undefined {
  const { random } = write;
  const target = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array', true);
  if (target?.type.kind !== 'set' && target?.type.kind !== 'array') return undefined;
  const element = expression(write, scope, target.type.of, 2);
  if (element === undefined) return undefined;
  const { text } = target;
  if (target.type.kind === 'set') return `${text}.${random.of(['add', 'delete'])}(${element});`;
  return random.of([
    `${text}.push(${element});`,
    `${text}.push(...${text}.slice(1), ${element});`,
    `${text}.shift();`,
    `${text}.pop();`,
    `${text}.unshift(${element});`,
    `${text}.splice(${random.below(2)}, 1);`,
    `${text}.splice(0, 1, ${element});`,
    `${text}.splice(${random.of([-1, -2, 1, 9])});`,
    `${text}.splice(${random.of([-1, -2, 1])}, ${random.of([0, -1, 9])}, ${element});`,
    `${text}.fill(${element});`,
  ]);
}

function switched(write: Writing, scope: readonly Place[], depth: number): Written {
  const on = place(write, scope, (one) => one.kind === 'enum');
  if (on === undefined) return NOTHING;
  const inner = () => block(write, scope, depth - 1);
  const end = write.random.chance(0.3) ? '}' : 'break; }'; // falls through
  const text = [
    `switch (${on.text}) {`,
    ...[`case 'low': {`, ...inner(), end],
    ...[`case 'high': {`, ...inner(), 'break; }'],
    ...['default: {', ...inner(), '} }'],
  ];
  return { text, added: [] };
}

/** A test of what something is, and statements that rely on it. */
function narrowed(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const tested = place(write, scope, (type) => ['nullable', 'optional', 'variant'].includes(type.kind), true);
  if (tested === undefined) return NOTHING;
  const { text, type, assignable } = tested;
  const within = (more: Place) => block(write, [...scope, more], depth - 1);
  if (type.kind === 'variant') {
    const branches = type.cases.map((one) => within({ text: `${text}.${one.tag}`, type: one.field, assignable }));
    if (random.chance(0.5)) {
      return { text: [`if (${text}.kind === 'one') {`, ...branches[0]!, '} else {', ...branches[1]!, '}'], added: [] };
    }
    const cases = branches.flatMap((lines, at) => [`case '${type.cases[at]!.tag}': {`, ...lines, 'break; }']);
    return { text: [`switch (${text}.kind) {`, ...cases, '}'], added: [] };
  }
  if (type.kind !== 'nullable' && type.kind !== 'optional') return NOTHING;
  const absent = type.kind === 'nullable' ? 'null' : 'undefined';
  const truthy = !isScalar(type.of) || ['ids', 'either', 'enum'].includes(type.of.kind);
  const test = truthy && random.chance(0.5) ? text : `${text} !== ${absent}`;
  const lines = within({ text, type: type.of, assignable });
  return { text: [`if (${test}) {`, ...lines, '}'], added: [] };
}

/** An element of an array of objects, and what is done to it. */
function found(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const list = place(
    write,
    scope,
    (type) => type.kind === 'array' && !isScalar(type.of) && type.of.kind !== 'nullable',
    true,
  );
  if (list?.type.kind !== 'array') return NOTHING;
  const name = newName(write);
  const binder = newName(write);
  const { of } = list.type;
  const element: Place = { text: name, type: of, assignable: true, reference: true };
  const lines = () => block(write, [...scope, element], depth - 1);
  if (random.chance(0.3) && mayChoose(write))
    return { text: [`const ${name} = pick(${list.text});`], added: [element] };
  const holds = boolean({ ...write, step: false }, [...scope, { text: binder, type: of, assignable: false }], 2);
  const value = random.of([
    `${list.text}.find((${binder}) => ${holds})`,
    `${list.text}.at(${random.of([0, -1, 1])})`,
    `${boolean(write, scope, 1)} ? ${list.text}.at(0) : ${list.text}.at(-1)`,
  ]);
  const test = random.of([name, `${name} !== undefined`]);
  return { text: [`const ${name} = ${value};`, `if (${test}) {`, ...lines(), '}'], added: [] };
}

/** Functions of the author's that are given functions, or places. */
function given(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const name = newName(write);
  const plain = (lines: readonly string[]) => lines.filter((line) => line !== 'return;');
  if (random.chance(0.4)) {
    const whole = place(write, scope, (type) => !isScalar(type) && type.kind !== 'nullable', true);
    if (whole === undefined) return NOTHING;
    const inner: Place = { text: name, type: whole.type, assignable: true, reference: true };
    return {
      text: [`changed(${whole.text}, (${name}) => {`, ...plain(block(write, [...scope, inner], depth - 1)), '});'],
      added: [],
    };
  }
  if (random.chance(0.5)) {
    const lines = plain(block(inLoop(write), scope, depth - 1));
    return { text: ['twice(() => {', ...lines, '});'], added: [] };
  }
  const target = place(write, scope, isScalar, true);
  const value = target && expression(write, scope, target.type, 2);
  if (target === undefined || value === undefined) return NOTHING;
  const argument = newName(write);
  const otherwise = expression({ ...write, step: false }, scope, target.type, 1) ?? value;
  const early = random.chance(0.5) ? [`if (${boolean(write, scope, 1)}) return ${otherwise};`] : [];
  return {
    text: [
      `const ${name} = (${argument}: any) => {`,
      ...early,
      `return ${argument};`,
      '};',
      `${target.text} = ${name}(${value});`,
    ],
    added: [],
  };
}

function loop(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const binder = newName(write);
  const rounds = inLoop(write);
  const leave = () =>
    random.chance(0.3) ? [`if (${boolean(write, scope, 1)}) ${random.of(['break', 'continue'])};`] : [];
  const over = random.chance(0.5)
    ? undefined
    : place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
  if (over?.type.kind === 'set' || over?.type.kind === 'array') {
    // JavaScript visits what is added while it goes on; what is iterated is left alone.
    const root = over.text.split(/[.[]/).slice(0, 2).join('.');
    const inner = scope.map((one) => (one.text === root ? { ...one, assignable: false } : one));
    const { of } = over.type;
    const inPlace = over.type.kind === 'array' && !isScalar(of) && over.assignable && of.kind !== 'nullable';
    const each: Place = { text: binder, type: of, assignable: inPlace, ...(inPlace ? { reference: true } : {}) };
    const body = [...leave(), ...block(rounds, [...inner, each], depth - 1)];
    const header =
      over.type.kind === 'array' && random.chance(0.2)
        ? `[at${binder}, ${binder}] of ${over.text}.entries()`
        : `${binder} of ${over.text}${random.chance(0.2) ? '.values()' : ''}`;
    return { text: [`for (const ${header}) {`, ...body, random.chance(0.2) ? 'break;' : '', '}'], added: [] };
  }
  const counter: Place = { text: binder, type: { kind: 'int', min: 0, max: 1 }, assignable: false };
  const body = () => [...leave(), ...block(rounds, [...scope, counter], depth - 1)];
  switch (random.below(6)) {
    case 0:
      return { text: [`for (let ${binder} = 0; ${binder} < 2; ${binder} += 1) {`, ...body(), '}'], added: [] };
    case 1:
      return { text: [`for (let ${binder} = 1; ${binder} >= 0; ${binder}--) {`, ...body(), '}'], added: [] };
    case 2: {
      const lines = block(rounds, [...scope, counter], depth - 1);
      return {
        text: [`let ${binder} = 0;`, 'do {', ...lines, `${binder} += 1;`, `} while (${binder} < 2);`],
        added: [],
      };
    }
    case 3: {
      const label = `outer${binder}`;
      const other = newName(write);
      const inner: Place = { text: other, type: RING, assignable: false };
      const jump = `if (${boolean(write, scope, 1)}) ${random.of(['break', 'continue'])} ${label};`;
      const lines = block(rounds, [...scope, counter, inner], depth - 1);
      return {
        text: [
          `${label}: for (let ${binder} = 0; ${binder} < 2; ${binder}++) {`,
          `for (const ${other} of Ring) {`,
          ...lines,
          jump,
          '}',
          '}',
        ],
        added: [],
      };
    }
    case 4: {
      const record = place(write, scope, (one) => one.kind === 'record' && one.key.kind !== 'int');
      if (record?.type.kind !== 'record') return NOTHING;
      const value = newName(write);
      const entry: Place[] = [
        { text: binder, type: record.type.key, assignable: false },
        { text: value, type: record.type.value, assignable: false },
      ];
      const lines = block(rounds, [...scope, ...entry], depth - 1);
      return {
        text: [`for (const [${binder}, ${value}] of Object.entries(${record.text})) {`, ...lines, '}'],
        added: [],
      };
    }
    default: {
      const domain = random.of<Type>([RING, ENUM]);
      const each = { text: binder, type: domain, assignable: false };
      const list = domain.kind === 'ids' ? schemaText(domain) : `values(${schemaText(domain)})`;
      const lines = [...leave(), ...block(rounds, [...scope, each], depth - 1)];
      return { text: [`for (const ${binder} of ${list}) {`, ...lines, '}'], added: [] };
    }
  }
}
