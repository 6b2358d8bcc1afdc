import type { Domain, Value } from '../../ir/index.ts';
import { integersOnly, membersOf } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import type { Member, Shape, Shapes } from './shape.ts';
import { initializer, scalarText } from './shape.ts';

/**
 * Generates the C functions that carry values from one shape to another, compare them and find their positions.
 * Each is made once for a pair of domains; {@link Conversions.functions} has them in the order of their use.
 */
export class Conversions {
  readonly functions: string[] = [];
  readonly #names = new Map<string, string>();

  constructor(readonly shapes: Shapes) {}

  /**
   * C for `text`, a value of domain `from`, as a value of domain `to`; `what` is the message of the failure when it is
   * not one.
   */
  convert(text: string, from: Domain, to: Domain, what: string): string {
    const source = this.shapes.of(from);
    const target = this.shapes.of(to);
    const safe = isSubdomain(from, to);
    if (source.kind === 'scalar' && target.kind === 'scalar') {
      if (safe) return text;
      const common = this.#commonRanges(from, to);
      if (common.length === 1) return `fit(${text}, ${common[0]![0]}, ${common[0]![1]}, ${quote(what)})`;
      return `({ int v_ = ${text}; if (!(${inRanges('v_', common)})) fail(${quote(what)}); v_; })`;
    }
    if (safe && this.areAlike(from, to)) return text;
    const name = this.#once(`convert ${JSON.stringify([from, to])}`, () => ({
      name: `as_${bare(target)}`,
      text: (self) =>
        `static ${target.type} ${self}(${source.type} v, const char *what) {\n  ${declare(target)} r = ${zero(target)};\n` +
        `${this.#convertBody('v', source, 'r', target)}  return r;\n}`,
    }));
    return `${name}(${text}, ${quote(what)})`;
  }

  /** Whether values of both domains are held alike, so that one can be copied over the other. */
  areAlike(left: Domain, right: Domain): boolean {
    const isOneType = this.shapes.of(left).type === this.shapes.of(right).type;
    return isOneType && this.#representation(left) === this.#representation(right);
  }

  /** C for whether two values are the same value. Both texts may be evaluated more than once. */
  equal(left: string, leftDomain: Domain, right: string, rightDomain: Domain): string {
    const a = this.shapes.of(leftDomain);
    const b = this.shapes.of(rightDomain);
    if (a.kind === 'scalar' && b.kind === 'scalar') {
      const common = this.#commonRanges(leftDomain, rightDomain);
      if (common.length === 0) return `((void)(${left}), (void)(${right}), 0)`;
      return `(${left} == ${right})`;
    }
    const name = this.#once(`equal ${JSON.stringify([leftDomain, rightDomain])}`, () => ({
      name: `same_${bare(a)}`,
      text: (self) =>
        `static int ${self}(${a.type} a, ${b.type} b) {\n${this.#equalBody('a', a, 'b', b)}  return 1;\n}`,
    }));
    return `${name}(${left}, ${right})`;
  }

  /** C for the position of a value among `values` of the domain `element`, or -1. */
  position(text: string, from: Domain, element: Domain, values: readonly Value[]): string {
    if (this.shapes.of(element).kind === 'scalar' && this.shapes.of(from).kind === 'scalar') {
      const low = this.#consecutive(values);
      const common = this.#commonRanges(from, element);
      if (common.length === 0) return `((void)(${text}), -1)`;
      if (low !== undefined) {
        const offset = low === 0 ? '' : low < 0 ? ` + ${-low}` : ` - ${low}`;
        if (isSubdomain(from, element)) return offset === '' ? text : `(${text}${offset})`;
        return `({ int v_ = ${text}; ${inRanges('v_', common)} ? v_${offset} : -1; })`;
      }
    }
    const table = this.table(element, values);
    const name = this.#once(`position ${JSON.stringify([from, element])} ${table}`, () => ({
      name: `position_in_${table}`,
      text: (self) =>
        `static int ${self}(${this.shapes.of(from).type} v) {\n` +
        `  for (int i = 0; i < ${values.length}; i++) if (${this.equal(`${table}[i]`, element, 'v', from)}) return i;\n  return -1;\n}`,
    }));
    return `${name}(${text})`;
  }

  /** C for the value at a position of `values`. */
  valueAt(position: string, element: Domain, values: readonly Value[]): string {
    const low = this.shapes.of(element).kind === 'scalar' ? this.#consecutive(values) : undefined;
    if (low === 0) return position;
    if (low !== undefined) return `(${position} ${low < 0 ? '-' : '+'} ${Math.abs(low)})`;
    return `${this.table(element, values)}[${position}]`;
  }

  /** The code of the first of some scalar values whose codes follow one another; undefined when they do not. */
  consecutiveFrom(element: Domain, values: readonly Value[]): number | undefined {
    return this.shapes.of(element).kind === 'scalar' ? this.#consecutive(values) : undefined;
  }

  /** The name of a constant array of values. */
  table(element: Domain, values: readonly Value[]): string {
    const shape = this.shapes.of(element);
    const items = values.map((value) => initializer(this.shapes, value, element)).join(', ');
    return this.#once(`table ${shape.type} ${items}`, () => ({
      name: `values_${bare(shape)}`,
      text: (self) => `static const ${shape.type} ${self}[${Math.max(1, values.length)}] = { ${items || '0'} };`,
    }));
  }

  /** C for whether a scalar with a simple text is in a scalar domain. */
  contains(text: string, from: Domain, domain: Domain): string {
    return inRanges(text, this.#commonRanges(from, domain));
  }

  #once(key: string, make: () => { name: string; text: (self: string) => string }): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const { name, text } = make();
    const taken = new Set(this.#names.values());
    let self = name;
    for (let attempt = 2; taken.has(self); attempt += 1) self = `${name}_${attempt}`;
    this.#names.set(key, self);
    this.functions.push(text(self));
    return self;
  }

  #consecutive(values: readonly Value[]): number | undefined {
    const codes = values.map((value) => this.shapes.code(value));
    const [first] = codes;
    return first !== undefined && codes.every((code, index) => code === first + index) ? first : undefined;
  }

  /** The codes of what is in both scalar domains, kind by kind: a number is never an atom of the same code. */
  #commonRanges(from: Domain, to: Domain): readonly (readonly [number, number])[] {
    const common: Domain[] = [];
    for (const a of membersOf(from)) {
      for (const b of membersOf(to)) {
        if (a.kind === 'int' && b.kind === 'int') {
          const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)];
          if (min <= max) common.push({ kind: 'int', min, max });
        } else if ((a.kind === 'enum' || a.kind === 'ids') && (b.kind === 'enum' || b.kind === 'ids')) {
          const values = a.values.filter((value) => b.values.includes(value));
          if (values.length > 0) common.push({ kind: 'enum', values });
        } else if (a.kind === 'boolean' && b.kind === 'boolean') {
          const [first, second] = [a.only ?? b.only, b.only ?? a.only];
          if (first === second) common.push(first === undefined ? a : { kind: 'boolean', only: first });
        } else if (a.kind === b.kind) common.push(a);
      }
    }
    if (common.length === 0) return [];
    return this.shapes.ranges(common.length === 1 ? common[0]! : { kind: 'union', members: common });
  }

  /** Two values of one C type mean the same when their domains have the same keys, elements and cases throughout. */
  #representation(domain: Domain): string {
    const shape = this.shapes.of(domain);
    const parts = (members: readonly Member[]): string =>
      members.map((one) => `${one.name}:${this.#representation(one.domain)}`).join();
    switch (shape.kind) {
      case 'scalar':
        return membersOf(domain).every(({ kind }) => kind === 'int') ? 'i' : 'a';
      case 'object':
        return `{${parts(shape.fields)}}`;
      case 'variant':
        return `<${shape.discriminator.name}|${shape.cases.map((one) => `${one.tag}{${parts(one.fields)}}`).join()}>`;
      case 'tuple':
        return `(${parts(shape.items)})`;
      case 'array':
        return `[${shape.max}${shape.min === shape.max ? '!' : ''} ${this.#representation(shape.element)}]`;
      case 'record':
        return `r${JSON.stringify(shape.keys.map(String))}${this.#representation(shape.value)}`;
      case 'set':
        return `s${JSON.stringify(shape.elements)}`;
      case 'union':
        return `u${shape.scalar === undefined ? '' : 'a'}${parts(shape.members)}`;
    }
  }

  #convertBody(v: string, source: Shape, r: string, target: Shape): string {
    const line = (text: string): string => `  ${text}\n`;
    const impossible = line('fail(what);');
    const part = (text: string, from: Domain, to: Domain): string => this.#inner(text, from, to);
    if (source.kind === 'union') {
      const cases = [
        ...(source.scalar === undefined ? [] : [{ is: 0, text: `${v}.scalar`, domain: source.scalar }]),
        ...source.members.map((member, index) => ({
          is: index + 1,
          text: `${v}.${member.member}`,
          domain: member.domain,
        })),
      ];
      const arms = cases.map(({ is, text, domain }) =>
        this.#overlaps(domain, target.domain)
          ? `case ${is}: ${r} = ${part(text, domain, target.domain)}; break;`
          : `case ${is}: fail(what);`,
      );
      return line(`switch (${v}.is) { ${arms.join(' ')} }`);
    }
    if (target.kind === 'union') {
      if (source.kind === 'scalar' && integersOnly(source.domain) === undefined) {
        if (target.scalar === undefined) return impossible;
        return line(`${r}.scalar = ${part(v, source.domain, target.scalar)};`);
      }
      const index = target.members.findIndex((member) => this.#overlaps(source.domain, member.domain));
      if (index < 0) return impossible;
      const member = target.members[index]!;
      return (
        line(`${r}.is = ${index + 1};`) + line(`${r}.${member.member} = ${part(v, source.domain, member.domain)};`)
      );
    }
    if (source.kind === 'scalar' || target.kind === 'scalar') return impossible;
    if (target.kind === 'set') {
      if (source.kind !== 'set') return impossible;
      const position = this.position(
        this.valueAt('i', source.element, source.elements),
        source.element,
        target.element,
        target.elements,
      );
      return line(
        `for (int i = 0; i < ${source.elements.length}; i++) if (${v}.has[i]) { int at = ${position}; if (at < 0) fail(what); ${r}.has[at] = 1; }`,
      );
    }
    if (target.kind === 'array' || target.kind === 'tuple') return this.#convertSequence(v, source, r, target);
    return this.#convertFields(v, source, r, target);
  }

  #convertSequence(v: string, source: Shape, r: string, target: Extract<Shape, { kind: 'array' | 'tuple' }>): string {
    const what = 'fail(what);';
    if (source.kind !== 'array' && source.kind !== 'tuple') return `  ${what}\n`;
    const length = lengthText(v, source);
    const [least, most] =
      target.kind === 'tuple' ? [target.items.length, target.items.length] : [target.min, target.max];
    let text = `  if (${length} < ${least} || ${length} > ${most}) ${what}\n`;
    if (target.kind === 'array' && target.min !== target.max) text += `  ${r}.length = ${length};\n`;
    if (source.kind === 'array' && target.kind === 'array') {
      if (source.max === 0 || target.max === 0) return text;
      const element = this.#inner(`${v}.at[i]`, source.element, target.element);
      return `${text}  for (int i = 0; i < ${length}; i++) ${r}.at[i] = ${element};\n`;
    }
    const count = Math.min(
      source.kind === 'tuple' ? source.items.length : source.max,
      target.kind === 'tuple' ? target.items.length : target.max,
    );
    for (let index = 0; index < count; index += 1) {
      const from = source.kind === 'tuple' ? source.items[index]! : { member: `at[${index}]`, domain: source.element };
      const to = target.kind === 'tuple' ? target.items[index]! : { member: `at[${index}]`, domain: target.element };
      const guard = source.kind === 'array' && source.min !== source.max ? `if (${index} < ${length}) ` : '';
      text += `  ${guard}${r}.${to.member} = ${this.#inner(`${v}.${from.member}`, from.domain, to.domain)};\n`;
    }
    return text;
  }

  /** Objects, records and cases of variants: by the names of their fields. */
  #convertFields(v: string, source: Shape, r: string, target: Shape): string {
    if (source.kind === 'record' && target.kind === 'record' && sameKeys(source.keys, target.keys)) {
      const element = this.#inner(`${v}.at[i]`, source.value, target.value);
      return `  for (int i = 0; i < ${source.keys.length}; i++) ${r}.at[i] = ${element};\n`;
    }
    if (source.kind === 'variant') {
      const tag = `${v}.${source.discriminator.member}`;
      const arms = source.cases.map((one) => {
        const known = [{ name: source.discriminator.name, text: scalarText(this.shapes, one.tag), tag: one.tag }];
        const given = [
          ...known,
          ...one.fields.map((field) => ({ name: field.name, text: `${v}.${field.member}`, domain: field.domain })),
        ];
        return `  case ${scalarText(this.shapes, one.tag)}:\n${this.#assemble(given, r, target, '    ')}    break;\n`;
      });
      return `  switch (${tag}) {\n${arms.join('')}  }\n`;
    }
    const given = givenBy(v, source);
    if (given === undefined) return '  fail(what);\n';
    if (target.kind !== 'variant') return this.#assemble(given, r, target, '  ');
    const discriminator = given.find(({ name }) => name === target.discriminator.name);
    if (discriminator?.domain?.kind !== 'enum') return '  fail(what);\n';
    const arms = discriminator.domain.values.map((tag) => {
      const others = given.filter((one) => one !== discriminator);
      const known = { name: discriminator.name, text: scalarText(this.shapes, tag), tag };
      return `  case ${scalarText(this.shapes, tag)}:\n${this.#assemble([known, ...others], r, target, '    ')}    break;\n`;
    });
    return `  switch (${discriminator.text}) {\n${arms.join('')}  }\n`;
  }

  /** Puts given fields into `r`, which must have exactly those (what is optional may be absent). */
  #assemble(given: readonly Given[], r: string, target: Shape, indent: string): string {
    const failed = `${indent}fail(what);\n`;
    const wanted = this.#wantedBy(target, given);
    if (wanted === undefined) return failed;
    if (given.some(({ name, tag }) => tag === undefined && !wanted.some((one) => one.name === name))) return failed;
    let text = '';
    for (const { name, member, domain, tag } of wanted) {
      const from = given.find((one) => one.name === name);
      if (tag !== undefined) text += `${indent}${r}.${member} = ${scalarText(this.shapes, tag)};\n`;
      else if (from !== undefined) {
        const fromDomain: Domain = from.domain ?? { kind: 'enum', values: [from.tag!] };
        text += this.#overlaps(fromDomain, domain)
          ? `${indent}${r}.${member} = ${this.#inner(from.text, fromDomain, domain)};\n`
          : failed;
      } else if (membersOf(domain).some(({ kind }) => kind === 'undefined')) {
        text += `${indent}${r}.${member} = ${this.#inner(scalarText(this.shapes, undefined), { kind: 'undefined' }, domain)};\n`;
      } else return failed;
    }
    return text;
  }

  #wantedBy(target: Shape, given: readonly Given[]): readonly (Member & { readonly tag?: string })[] | undefined {
    if (target.kind === 'object') return target.fields;
    if (target.kind === 'record') {
      return target.keys.map((key, index) => ({ name: String(key), member: `at[${index}]`, domain: target.value }));
    }
    if (target.kind !== 'variant') return undefined;
    const tag = given.find(({ name }) => name === target.discriminator.name)?.tag;
    const found = target.cases.find((one) => one.tag === tag);
    if (found === undefined || tag === undefined) return undefined;
    return [{ ...target.discriminator, tag }, ...found.fields];
  }

  /** A conversion inside a conversion function, where the message is the parameter `what`. */
  #inner(text: string, from: Domain, to: Domain): string {
    return this.convert(text, from, to, WHAT).replaceAll(quote(WHAT), 'what');
  }

  /** Whether a value of one domain can be one of the other, as far as their kinds show. */
  #overlaps(from: Domain, to: Domain): boolean {
    const family = (domain: Domain): string => {
      switch (domain.kind) {
        case 'object':
        case 'variant':
        case 'record':
          return 'object';
        case 'tuple':
        case 'array':
          return 'array';
        case 'set':
        case 'int':
          return domain.kind;
        default:
          return 'scalar';
      }
    };
    const families = new Set(membersOf(to).map(family));
    if (!membersOf(from).some((member) => families.has(family(member)))) return false;
    const scalars = [from, to].every((domain) => this.shapes.of(domain).kind === 'scalar');
    return !scalars || this.#commonRanges(from, to).length > 0;
  }

  #equalBody(a: string, left: Shape, b: string, right: Shape): string {
    const never = '  return 0;\n';
    const unless = (x: string, xDomain: Domain, y: string, yDomain: Domain): string =>
      `  if (!${this.equal(x, xDomain, y, yDomain)}) return 0;\n`;
    if (left.kind === 'union' || right.kind === 'union') {
      const alternatives = (text: string, shape: Shape): { when: string; text: string; domain: Domain }[] =>
        shape.kind !== 'union'
          ? [{ when: '1', text, domain: shape.domain }]
          : [
              ...(shape.scalar === undefined
                ? []
                : [{ when: `${text}.is == 0`, text: `${text}.scalar`, domain: shape.scalar }]),
              ...shape.members.map((member, index) => ({
                when: `${text}.is == ${index + 1}`,
                text: `${text}.${member.member}`,
                domain: member.domain,
              })),
            ];
      let text = '';
      for (const one of alternatives(a, left)) {
        for (const other of alternatives(b, right)) {
          if (!this.#overlaps(one.domain, other.domain)) continue;
          text += `  if (${one.when} && ${other.when}) return ${this.equal(one.text, one.domain, other.text, other.domain)};\n`;
        }
      }
      return text + never;
    }
    if (left.kind === 'set' && right.kind === 'set') {
      const there = this.position(
        this.valueAt('i', left.element, left.elements),
        left.element,
        right.element,
        right.elements,
      );
      return (
        `  int n = 0;\n` +
        `  for (int i = 0; i < ${left.elements.length}; i++) if (${a}.has[i]) { int at = ${there}; if (at < 0 || !${b}.has[at]) return 0; n++; }\n` +
        `  for (int i = 0; i < ${right.elements.length}; i++) n -= ${b}.has[i];\n  if (n) return 0;\n`
      );
    }
    const isSequence = (shape: Shape): shape is Extract<Shape, { kind: 'array' | 'tuple' }> =>
      shape.kind === 'array' || shape.kind === 'tuple';
    if (isSequence(left) && isSequence(right)) return this.#equalSequences(a, left, b, right);
    if (left.kind === 'scalar' || right.kind === 'scalar' || left.kind === 'set' || right.kind === 'set') return never;
    if (isSequence(left) || isSequence(right)) return never;
    if (left.kind === 'record' && right.kind === 'record' && sameKeys(left.keys, right.keys)) {
      const entries = this.equal(`${a}.at[i]`, left.value, `${b}.at[i]`, right.value);
      return `  for (int i = 0; i < ${left.keys.length}; i++) if (!${entries}) return 0;\n`;
    }
    // Objects: case by case, each field of either side; one that is absent equals undefined.
    let text = '';
    for (const one of casesOf(a, left, this.shapes)) {
      for (const other of casesOf(b, right, this.shapes)) {
        const names = new Set([...one.given, ...other.given].map(({ name }) => name));
        const absent = { text: scalarText(this.shapes, undefined), domain: { kind: 'undefined' } as Domain };
        let body = '';
        for (const name of names) {
          const x = one.given.find((field) => field.name === name) ?? absent;
          const y = other.given.find((field) => field.name === name) ?? absent;
          const tagged = (given: { domain?: Domain; tag?: string }): Domain =>
            given.domain ?? { kind: 'enum', values: [given.tag!] };
          body += this.#overlaps(tagged(x), tagged(y)) ? unless(x.text, tagged(x), y.text, tagged(y)) : never;
        }
        text += `  if (${one.when} && ${other.when}) {\n${body}  return 1;\n  }\n`;
      }
    }
    return text + never;
  }

  #equalSequences(
    a: string,
    left: Extract<Shape, { kind: 'array' | 'tuple' }>,
    b: string,
    right: Extract<Shape, { kind: 'array' | 'tuple' }>,
  ): string {
    let text = `  if (${lengthText(a, left)} != ${lengthText(b, right)}) return 0;\n`;
    if (left.kind === 'array' && right.kind === 'array') {
      if (left.max === 0 || right.max === 0) return text;
      const elements = this.equal(`${a}.at[i]`, left.element, `${b}.at[i]`, right.element);
      return `${text}  for (int i = 0; i < ${lengthText(a, left)}; i++) if (!${elements}) return 0;\n`;
    }
    const count = (shape: Shape): number =>
      shape.kind === 'tuple' ? shape.items.length : shape.kind === 'array' ? shape.max : 0;
    for (let index = 0; index < Math.min(count(left), count(right)); index += 1) {
      const x = left.kind === 'tuple' ? left.items[index]! : { member: `at[${index}]`, domain: left.element };
      const y = right.kind === 'tuple' ? right.items[index]! : { member: `at[${index}]`, domain: right.element };
      const there = `${index} < ${lengthText(a, left)}`;
      text += `  if (${there} && !${this.equal(`${a}.${x.member}`, x.domain, `${b}.${y.member}`, y.domain)}) return 0;\n`;
    }
    return text;
  }
}

/** A field of a value that is at hand; of a discriminator the tag may be known. */
interface Given {
  readonly name: string;
  readonly text: string;
  readonly domain?: Domain;
  readonly tag?: string;
}

const WHAT = '\u0001';

/**
 * A C string literal of a text that is shown. SPIN copies code into strings of its own and escapes quotation marks there,
 * but no backslashes: what would need one is written as something else.
 */
export function quote(text: string): string {
  if (text === WHAT) return JSON.stringify(text);
  const shown = text.replaceAll('"', "'").replaceAll('\\', '/');
  return `"${shown.replaceAll(/[^ -~]/g, '_')}"`;
}

/** The length of an array or tuple as C. */
export function lengthText(text: string, shape: Extract<Shape, { kind: 'array' | 'tuple' }>): string {
  if (shape.kind === 'tuple') return String(shape.items.length);
  return shape.min === shape.max ? String(shape.max) : `${text}.length`;
}

function inRanges(text: string, ranges: readonly (readonly [number, number])[]): string {
  if (ranges.length === 0) return '0';
  const tests = ranges.map(([low, high]) =>
    low === high ? `${text} == ${low}` : `(${low} <= ${text} && ${text} <= ${high})`,
  );
  return tests.length === 1 ? tests[0]! : `(${tests.join(' || ')})`;
}

function declare(shape: Shape): string {
  return shape.type;
}

function zero(shape: Shape): string {
  return shape.kind === 'scalar' ? '0' : '{ 0 }';
}

function bare(shape: Shape): string {
  return shape.type.replace('struct ', '').replace(/_t$/, '');
}

function sameKeys(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((key, index) => String(key) === String(right[index]));
}

function givenBy(text: string, shape: Shape): readonly Given[] | undefined {
  if (shape.kind === 'object') {
    return shape.fields.map((field) => ({ name: field.name, text: `${text}.${field.member}`, domain: field.domain }));
  }
  if (shape.kind !== 'record') return undefined;
  return shape.keys.map((key, index) => ({ name: String(key), text: `${text}.at[${index}]`, domain: shape.value }));
}

/** The ways an object can look, each with its condition and the fields it has then. */
function casesOf(text: string, shape: Shape, shapes: Shapes): readonly { when: string; given: readonly Given[] }[] {
  if (shape.kind !== 'variant') return [{ when: '1', given: givenBy(text, shape) ?? [] }];
  const tag = `${text}.${shape.discriminator.member}`;
  return shape.cases.map((one) => ({
    when: `${tag} == ${scalarText(shapes, one.tag)}`,
    given: [
      { name: shape.discriminator.name, text: scalarText(shapes, one.tag), tag: one.tag },
      ...one.fields.map((field) => ({ name: field.name, text: `${text}.${field.member}`, domain: field.domain })),
    ],
  }));
}
