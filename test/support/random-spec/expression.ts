import {
  BOOLEAN,
  ENUM,
  fits,
  integersOf,
  isScalar,
  MIXED,
  randomInt,
  RING,
  schemaText,
  SMALL,
  type Type,
} from './type.ts';
import { mayChoose, newName, quiet, type Place, type Writing } from './writing.ts';

/** A path from something in scope to a place whose type is wanted; undefined when a few tries found none. */
export function place(
  write: Writing,
  scope: readonly Place[],
  wanted: (type: Type) => boolean,
  assignable = false,
): Place | undefined {
  const { random } = write;
  const roots = scope.filter((one) => !assignable || one.assignable);
  if (roots.length === 0) return undefined;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    let here: Place | undefined = random.of(roots);
    for (let depth = 0; here !== undefined && depth < 4; depth += 1) {
      const fit = wanted(here.type) && !(assignable && here.reference === true);
      if (fit && (depth === 3 || random.chance(0.8))) return here;
      here = part(write, scope, here);
    }
  }
  return undefined;
}

function part(write: Writing, scope: readonly Place[], whole: Place): Place | undefined {
  const { random } = write;
  const { type, text, assignable } = whole;
  switch (type.kind) {
    case 'object': {
      const [name, field] = random.of(type.fields);
      return { text: `${text}.${name}`, type: field, assignable };
    }
    case 'tuple': {
      const index = random.below(type.items.length);
      return { text: `${text}[${index}]`, type: type.items[index]!, assignable };
    }
    case 'record': {
      const key = leaf(write, scope, type.key);
      return key === undefined ? undefined : { text: `${text}[${key}]`, type: type.value, assignable };
    }
    case 'array': {
      // JavaScript does not mind what is read outside of an array that is not part of the state.
      if (!isWatched(text)) return undefined;
      // Whether an object is there is seen when it is looked at, which JavaScript does when it is named and the language
      // when the name is used: so only where there always is one.
      if (!isScalar(type.of) && type.min === 0) return undefined;
      // Mostly inside; a number that is outside is a failure that all executions must agree on.
      const inside = random.chance(0.9) || !isScalar(type.of);
      const drawn = inside ? random.below(type.max) : type.max;
      // TypeScript knows how long a constant is, and refuses to read outside of it.
      const index = text.startsWith('p.') ? Math.min(drawn, type.min - 1) : drawn;
      return index < 0 ? undefined : { text: `${text}[${index}]`, type: type.of, assignable };
    }
    default:
      return undefined;
  }
}

/** Whether what is read of a place has to be there: the state and constants are looked after. */
function isWatched(text: string): boolean {
  return text.startsWith('s.') || text.startsWith('p.');
}

/** A value that needs no evaluation: something in scope that is a name, or a literal. */
function leaf(write: Writing, scope: readonly Place[], type: Type): string | undefined {
  const named = scope.filter((one) => fits(one.type, type) && !one.text.includes('.'));
  if (named.length > 0 && write.random.chance(0.7)) return write.random.of(named).text;
  return literal(write, scope, type, 0);
}

const MODES: readonly string[] = ['low', 'mid', 'high'];

export function literal(write: Writing, scope: readonly Place[], type: Type, depth: number): string | undefined {
  const { random } = write;
  const inner = (of: Type) => expression(write, scope, of, depth - 1);
  const together = (parts: readonly (string | undefined)[], open: string, close: string) =>
    parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`;
  switch (type.kind) {
    case 'boolean':
      return random.of(['true', 'false']);
    case 'int':
      return String(random.of(integersOf(type)));
    case 'mixed':
      return random.of(['0', '2', '7', type.other === 'text' ? "'none'" : 'true']);
    case 'enum':
      return random.of([`'low'`, `'mid'`, `'high'`]);
    case 'ids': {
      const known = scope.filter((one) => fits(one.type, type) && !one.text.includes('['));
      if (known.length > 0) return random.of(known).text;
      return mayChoose(write) ? `pick(${type.name})` : undefined;
    }
    case 'either':
      return literal(write, scope, { kind: 'ids', name: random.of(['Ring', 'Client']) }, depth);
    case 'nullable':
      return random.chance(0.4) ? 'null' : inner(type.of);
    case 'optional':
      return random.chance(0.4) ? 'undefined' : inner(type.of);
    case 'object': {
      const kept = type.fields.filter(
        ([, field]) => write.fixed === true || field.kind !== 'optional' || random.chance(0.7),
      );
      return together(
        kept.map(([name, field]) => {
          const value = inner(field);
          return value && `${name}: ${value}`;
        }),
        '{ ',
        ' }',
      );
    }
    case 'variant': {
      const one = random.of(type.cases);
      const value = inner(one.field);
      return value && `{ kind: '${one.tag}', ${one.tag}: ${value} }`;
    }
    case 'record': {
      if (write.fixed === true && type.key.kind === 'enum') {
        const names = random.of([MODES, MODES.toReversed()]);
        return together(
          names.map((name) => {
            const value = inner(type.value);
            return value && `${name}: ${value}`;
          }),
          '{ ',
          ' }',
        );
      }
      const binder = newName(write);
      const each: Place = { text: binder, type: type.key, assignable: false };
      const value = expression(quiet(write), [...scope, each], type.value, depth - 1);
      return value && `record(${schemaText(type.key)}, (${binder}) => (${value}))`;
    }
    case 'set':
      return together(
        Array.from({ length: random.below(3) }, () => inner(type.of)),
        'new Set([',
        '])',
      );
    case 'array':
      return together(
        Array.from({ length: type.min + random.below(type.max - type.min + 1) }, () => inner(type.of)),
        '[',
        ']',
      );
    case 'tuple':
      return together(type.items.map(inner), '[', ']');
  }
}

/** An expression whose value is mostly of the type; integers may leave its range, which is a failure to agree on. */
export function expression(write: Writing, scope: readonly Place[], type: Type, depth: number): string | undefined {
  const { random } = write;
  const found = () => place(write, scope, (one) => fits(one, type))?.text;
  if (depth <= 0 || random.chance(0.15)) return found() ?? literal(write, scope, type, depth);
  const both = () => [expression(write, scope, type, depth - 1), expression(write, scope, type, depth - 1)] as const;
  const ways: (() => string | undefined)[] = [
    found,
    () => literal(write, scope, type, depth),
    () => {
      const condition = boolean(write, scope, depth - 1);
      const [yes, no] = both();
      if (yes === undefined || no === undefined) return undefined;
      return random.chance(0.8) ? `(${condition} ? ${yes} : ${no})` : `either2(${condition}, ${yes}, ${no})`;
    },
    () => {
      const maybe = place(write, scope, (one) => isMaybe(one) && fits(one.of, type));
      const otherwise = maybe && literal(write, scope, type, 0);
      return maybe && otherwise && `(${maybe.text} ?? ${otherwise})`;
    },
    () => {
      const maybe = place(write, scope, (one) => isMaybe(one) && one.of.kind === 'object');
      if (maybe === undefined || !isMaybe(maybe.type) || maybe.type.of.kind !== 'object') return undefined;
      const field = maybe.type.of.fields.find(([, of]) => fits(of, type) && !isMaybe(of));
      const otherwise = literal(write, scope, type, 0);
      return field && otherwise && `(${maybe.text}?.${field[0]} ?? ${otherwise})`;
    },
    () => {
      const variant = place(
        write,
        scope,
        (one) => one.kind === 'variant' && one.cases.some((each) => fits(each.field, type)),
      );
      if (variant?.type.kind !== 'variant') return undefined;
      const one = variant.type.cases.find((each) => fits(each.field, type))!;
      const otherwise = literal(write, scope, type, 0);
      return otherwise && `(${variant.text}.kind === '${one.tag}' ? ${variant.text}.${one.tag} : ${otherwise})`;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'array' && fits(one.of, type));
      if (list?.type.kind !== 'array') return undefined;
      const otherwise = literal(write, scope, type, 0);
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: list.type.of, assignable: false }], 1);
      if (otherwise === undefined || isMaybe(list.type.of)) return undefined;
      return random.of([
        `(${list.text}.find((${binder}) => ${holds}) ?? ${otherwise})`,
        `(${list.text}.findLast((${binder}) => ${holds}) ?? ${otherwise})`,
        `${list.text}.reduce((best, ${binder}) => (${holds} ? ${binder} : best), ${otherwise})`,
        `(${list.text}.at(${random.of([0, -1, 1, -2])}) ?? ${otherwise})`,
        `firstOf(${list.text}, (${binder}) => ${holds}, ${otherwise})`,
      ]);
    },
  ];
  const more = (way: () => string | undefined) => ways.push(way, way);
  if (type.kind === 'boolean') more(() => boolean(write, scope, depth));
  if (type.kind === 'int') more(() => integer(write, scope, type, depth));
  if (type.kind === 'set' && write.fixed !== true) more(() => setExpression(write, scope, type, depth));
  if (type.kind === 'array') more(() => arrayExpression(write, scope, type, depth));
  if (type.kind === 'object') {
    more(() => {
      const whole = found();
      const [name, field] = random.of(type.fields);
      const value = expression(write, scope, field, depth - 1);
      return whole && value && `{ ...${whole}, ${name}: ${value} }`;
    });
  }
  if (['enum', 'ids', 'int', 'mixed'].includes(type.kind)) {
    ways.push(
      () => (mayChoose(write) ? `pick(${schemaText(type)})` : undefined),
      () => {
        const from = place(write, scope, (one) => (one.kind === 'set' || one.kind === 'array') && fits(one.of, type));
        return from && mayChoose(write) ? `pick(${from.text})` : undefined;
      },
    );
  }
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const text = random.of(ways)();
    if (text !== undefined) return text;
  }
  return literal(write, scope, type, depth);
}

function isMaybe(type: Type): type is Extract<Type, { kind: 'nullable' | 'optional' }> {
  return type.kind === 'nullable' || type.kind === 'optional';
}

function integer(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'int' },
  depth: number,
): string | undefined {
  const { random } = write;
  const one = numeric(write, scope, depth - 1);
  const other = numeric(write, scope, depth - 1);
  if (one === undefined || other === undefined) return undefined;
  const text = random.of([
    `${one} + ${other}`,
    `${one} - ${other}`,
    `${one} * ${other}`,
    `${one} % ${2 + random.below(2)}`,
    `Math.floor(${one} / ${2 + random.below(2)})`,
    `Math.trunc(${one} / ${2 + random.below(2)})`,
    `Math.abs(${one} - ${other})`,
    `-${one}`,
    `larger(${one}, ${other})`,
    `bumped(${one})`,
    `bumped(${one}, ${other})`,
    `Math.max(${one}, ${other}, 1)`,
  ]);
  if (!random.chance(0.85)) return `(${text})`;
  return type.values === undefined
    ? `within(${type.min}, ${text}, ${type.max})`
    : `nearest(${text}, [${type.values.join(', ')}])`;
}

/** Whether it is known of every object of a type which fields it has. */
export function isWhole(type: Type): boolean {
  return type.kind === 'object' && type.fields.every(([, field]) => field.kind !== 'optional');
}

/** Any small integer. */
export function numeric(write: Writing, scope: readonly Place[], depth: number): string | undefined {
  const { random } = write;
  const ways: (() => string | undefined)[] = [
    ...Array.from({ length: 4 }, () => () => place(write, scope, (one) => one.kind === 'int')?.text),
    () => literal(write, scope, SMALL, 0),
    () => {
      const mixed = mixedOf(write, scope);
      return mixed && `(typeof ${mixed.text} === 'number' ? ${mixed.text} : 7)`;
    },
    () => {
      const sized = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      return sized && `${sized.text}.${sized.type.kind === 'set' ? 'size' : 'length'}`;
    },
    () => {
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: RING, assignable: false }], depth - 1);
      return depth > 0 ? `count(Ring, (${binder}) => ${holds})` : undefined;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'array' && one.of.kind === 'int');
      return list && `${list.text}.reduce((sum, each, at, whole) => sum + each * at - whole.length, 0)`;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'array');
      if (list?.type.kind !== 'array') return undefined;
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: list.type.of, assignable: false }], 1);
      return `${list.text}.${random.of(['findIndex', 'findLastIndex'])}((${binder}) => ${holds})`;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'array' && one.of.kind === 'int');
      const sought = numeric(write, scope, 0);
      return (
        list && sought && random.of([`Math.max(...${list.text}, ${sought})`, `${list.text}.lastIndexOf(${sought})`])
      );
    },
    () => {
      const record = place(
        write,
        scope,
        (one) => one.kind === 'record' && one.value.kind === 'int' && one.key.kind !== 'int',
      );
      return record && `Object.values(${record.text}).reduce((sum, each) => sum + each, 0)`;
    },
    () => {
      const record = place(
        write,
        scope,
        (one) => one.kind === 'record' && one.value.kind === 'int' && one.key.kind === 'int',
      );
      return record && `${record.text}[${random.of(["'0'", '0', "'1'"])}]`;
    },
    () => {
      const one = place(write, scope, isWhole);
      return one && `Object.keys(${one.text}).length`;
    },
  ];
  return random.of(ways)() ?? literal(write, scope, SMALL, 0);
}

/** A part of the state that is an integer or a text: of anything else it may be known which. */
function mixedOf(write: Writing, scope: readonly Place[]): Place | undefined {
  const found = place(write, scope, (one) => one.kind === 'mixed');
  return found?.text.startsWith('s.') === true ? found : undefined;
}

/** Where to begin in an array: also before its beginning, after its end, and counted from there. */
function position(write: Writing, scope: readonly Place[]): string {
  return write.random.chance(0.3) ? `(${numeric(write, scope, 0)})` : String(write.random.of([0, 1, 2, -1, -2, -9, 9]));
}

export function boolean(write: Writing, scope: readonly Place[], depth: number): string {
  const { random } = write;
  if (depth <= 0)
    return (
      place(write, scope, (one) => one.kind === 'boolean')?.text ??
      `(${numeric(write, scope, 0)} ${random.of(['<', '>='])} 1)`
    );
  const inner = () => boolean(write, scope, depth - 1);
  const ways: (() => string | undefined)[] = [
    () => `(${inner()} && ${inner()})`,
    () => `(${inner()} || ${inner()})`,
    () => `!${inner()}`,
    // JavaScript works out both sides of `implies`, and may fail at the second.
    () => (write.predicate !== true ? undefined : `implies(${inner()}, ${inner()})`),
    () =>
      `(${numeric(write, scope, depth - 1)} ${random.of(['<', '<=', '>', '>=', '===', '!=='])} ${numeric(write, scope, depth - 1)})`,
    () => {
      const left = place(write, scope, isScalar);
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `(${left.text} ${random.of(['===', '!=='])} ${right})`;
    },
    () => {
      const left = place(write, scope, (one) => !isScalar(one));
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `equal(${left.text}, ${right})`;
    },
    () => {
      const maybe = place(write, scope, isMaybe);
      return (
        maybe && `(${maybe.text} ${random.of(['===', '!=='])} ${maybe.type.kind === 'nullable' ? 'null' : 'undefined'})`
      );
    },
    () => {
      const mixed = mixedOf(write, scope);
      return (
        mixed &&
        random.of([
          `(typeof ${mixed.text} === ${random.of(["'string'", "'boolean'"])})`,
          `!${mixed.text}`,
          `(typeof ${mixed.text} === 'number' && ${mixed.text} < 5)`,
          `(${mixed.text} === ${literal(write, scope, mixed.type, 0)!})`,
        ])
      );
    },
    () => {
      const variant = place(write, scope, (one) => one.kind === 'variant');
      return variant && `(${variant.text}.kind === 'two')`;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      if (list?.type.kind !== 'set' && list?.type.kind !== 'array') return undefined;
      const element = expression(write, scope, list.type.of, depth - 1);
      // Of an array of its own, JavaScript asks whether it has this very object.
      const isOwn = list.type.kind === 'array' && !isScalar(list.type.of) && !isWatched(list.text);
      if (element === undefined || (isOwn && list.reference !== true)) return undefined;
      if (list.type.kind === 'set') return `${list.text}.has(${element})`;
      const from = random.chance(0.4) ? `, ${position(write, scope)}` : '';
      return random.of([`${list.text}.includes(${element}${from})`, `(${list.text}.indexOf(${element}${from}) >= 1)`]);
    },
    () => {
      const record = place(write, scope, (one) => one.kind === 'record');
      if (record?.type.kind !== 'record') return undefined;
      const isNumbered = record.type.key.kind === 'int';
      const key = isNumbered ? random.of(["'0'", '1', "'7'", '9']) : random.of(["'low'", "'mid'", "'none'", '3']);
      return record.type.key.kind === 'ids' ? undefined : `(${key} in ${record.text})`;
    },
    () => {
      const word = random.of(['all', 'some']);
      const domain = random.of<Type>([RING, ENUM, randomInt(random), random.of(MIXED)]);
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: domain, assignable: false }], depth - 1);
      return `${word}(${schemaText(domain)}, (${binder}) => ${holds})`;
    },
    () => {
      const over = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      if (over?.type.kind !== 'set' && over?.type.kind !== 'array') return undefined;
      const binder = newName(write);
      const each: Place = { text: binder, type: over.type.of, assignable: false };
      const holds = boolean(quiet(write), [...scope, each], depth - 1);
      if (over.type.kind === 'array' && random.chance(0.5))
        return `${over.text}.${random.of(['every', 'some'])}((${binder}) => ${holds})`;
      return `${random.of(['all', 'some'])}(${over.text}, (${binder}) => ${holds})`;
    },
    () => {
      const left = place(write, scope, (one) => one.kind === 'set');
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `${left.text}.${random.of(['isSubsetOf', 'isSupersetOf', 'isDisjointFrom'])}(${right})`;
    },
    () => {
      const [one, other] = [inner(), expression(quiet(write), scope, BOOLEAN, depth - 1)];
      return other && `either2(${one}, ${other}, ${inner()})`;
    },
  ];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const text = random.of(ways)();
    if (text !== undefined) return text;
  }
  return random.of(['true', 'false']);
}

function setExpression(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'set' },
  depth: number,
): string | undefined {
  const { random } = write;
  const left = expression(write, scope, type, depth - 1);
  const right = expression(write, scope, type, depth - 1);
  if (left === undefined || right === undefined) return undefined;
  if (random.chance(0.2)) return `new Set([...${left}, ...${right}])`;
  return `${left}.${random.of(['union', 'intersection', 'difference', 'symmetricDifference'])}(${right})`;
}

function arrayExpression(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'array' },
  depth: number,
): string | undefined {
  const { random } = write;
  const list = place(write, scope, (one) => fits(one, type))?.text;
  if (list === undefined) return undefined;
  const binder = newName(write);
  const inner = [...scope, { text: binder, type: type.of, assignable: false }];
  const holds = () => boolean(quiet(write), inner, depth - 1);
  const mapped = expression(quiet(write), inner, type.of, depth - 1);
  return random.of([
    () => `${list}.slice(${position(write, scope)})`,
    () => `${list}.slice(${position(write, scope)}, ${position(write, scope)})`,
    () => `${list}.filter((${binder}, at, whole) => at < whole.length - 1 || ${holds()})`,
    () => `${list}.filter((${binder}) => ${holds()})`,
    () => mapped && `${list}.map((${binder}) => (${mapped}))`,
    () => `[...${list}, ...${list}].slice(0, ${type.max})`,
    () => `${list}.concat(${list}).slice(-${type.max})`,
    () => {
      const value = expression(write, scope, type.of, depth - 1);
      return value && `${list}.with(${random.of([0, -1])}, ${value})`;
    },
  ])();
}
