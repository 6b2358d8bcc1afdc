import type { Domain, Field, Value } from '../../../dsl/ir/index.ts';
import { cardinality, setOf, valueAt } from '../../../dsl/ir/index.ts';
import { alternativesOf, membersOf } from '../../../dsl/ir/part.ts';
import * as ir from '../ir.ts';
import { Random } from './random.ts';

const ENUM_NAMES = ['none', 'held', 'expired', 'busy', 'b10', 'b9'];

/** Types of elements may have more values than an array has room for. */
const MOST_LISTED = 2 ** 12;

/** Integers with gaps between them: small, negative, at both ends of what there is, and too many to be listed. */
const WITH_FEW_GAPS: readonly Domain[] = [
  unionOf([ir.intDomain(1, 2), ir.intDomain(5, 5)]),
  unionOf([ir.intDomain(-1, -1), ir.intDomain(1, 1)]),
  unionOf([ir.intDomain(-3, -2), ir.intDomain(0, 1), ir.intDomain(4, 4)]),
];
const WITH_GAPS: readonly Domain[] = [
  ...WITH_FEW_GAPS,
  unionOf([ir.intDomain(0, 3), ir.intDomain(9, 9)]),
  unionOf([ir.intDomain(-(2 ** 31), -(2 ** 31) + 1), ir.intDomain(2 ** 31 - 1, 2 ** 31 - 1)]),
  unionOf([ir.intDomain(-5, 2000), ir.intDomain(2002, 2 ** 30)]),
];

function unionOf(parts: readonly Domain[]): Domain {
  const members = parts.flatMap(membersOf);
  return members.length === 1 ? members[0]! : { kind: 'union', members };
}

function kindOf(domain: Domain): Domain['kind'] {
  return membersOf(domain)[0]!.kind;
}

/** Random domains, and random values of them. */
export class Domains extends Random {
  domain(depth: number): Domain {
    if (depth <= 0 || this.chance(0.35)) return this.scalarDomain();
    switch (this.below(9)) {
      case 0:
        return { kind: 'object', fields: this.fields(depth) };
      case 1: {
        const tags = this.some(['red', 'green', 'blue'], 2);
        return {
          kind: 'variant',
          discriminator: 'tag',
          cases: tags.map((tag) => ({ tag, fields: this.chance(0.3) ? [] : this.fields(depth) })),
        };
      }
      case 2:
        return { kind: 'tuple', items: Array.from({ length: 1 + this.below(3) }, () => this.domain(depth - 1)) };
      case 3: {
        const length = this.below(4);
        return { kind: 'array', element: this.domain(depth - 1), minLength: length, maxLength: length };
      }
      case 4: {
        const minLength = this.chance(0.7) ? 0 : 1;
        return { kind: 'array', element: this.domain(depth - 1), minLength, maxLength: minLength + 1 + this.below(3) };
      }
      case 5:
        return { kind: 'record', key: this.keyDomain(), value: this.domain(depth - 1) };
      case 6:
      case 7:
        return { kind: 'set', element: this.elementDomain() };
      default: {
        const members: Domain[] = [{ kind: this.chance(0.7) ? 'null' : 'undefined' }];
        const composite = this.domain(depth - 1);
        for (const member of alternativesOf(composite)) {
          if (!members.some((other) => kindOf(other) === kindOf(member))) members.push(member);
        }
        if (this.chance(0.3) && !members.some((member) => kindOf(member) === 'int')) members.push(this.integers());
        if (this.chance(0.3)) members.reverse();
        return unionOf(members);
      }
    }
  }

  protected scalarDomain(): Domain {
    switch (this.below(7)) {
      case 0:
        return ir.BOOLEAN;
      case 1:
      case 2:
        return this.integers();
      case 3:
        return ir.enumDomain(...this.some(ENUM_NAMES, 2));
      case 4:
        return this.idsDomain();
      case 5: {
        const members: Domain[] = [{ kind: 'null' }, this.chance(0.5) ? this.idsDomain() : this.integers()];
        if (this.chance(0.3)) members.push(ir.enumDomain(...this.some(ENUM_NAMES, 2)));
        if (this.chance(0.2)) members.push(this.chance(0.5) ? ir.BOOLEAN : { kind: 'boolean', only: this.chance(0.7) });
        if (this.chance(0.2)) members.push({ kind: 'undefined' });
        if (this.chance(0.5)) members.reverse();
        return unionOf(members);
      }
      default:
        if (this.chance(0.2)) return { kind: 'boolean', only: this.chance(0.7) };
        return this.chance(0.5) ? ir.enumDomain(this.pick(ENUM_NAMES)) : ir.intDomain(0, 1 + this.below(3));
    }
  }

  /** Integers, with gaps or without. */
  protected integers(): Domain {
    return this.chance(0.3) ? this.pick(WITH_GAPS) : this.intDomain();
  }

  protected intDomain(): Domain {
    switch (this.below(10)) {
      case 0:
        return ir.intDomain(-(2 ** 31), 2 ** 31 - 1);
      case 1:
        return ir.intDomain(2 ** 31 - 3, 2 ** 31 - 1);
      case 2:
        return ir.intDomain(-(2 ** 31), -(2 ** 31) + 2);
      case 3:
        return ir.intDomain(-5, -2);
      case 4:
        return ir.intDomain(-3, 4);
      case 5:
        return ir.intDomain(7, 7);
      default:
        return ir.intDomain(0, 1 + this.below(6));
    }
  }

  /** Two sets of ids; one name never has two sizes. */
  protected idsDomain(): Domain {
    return this.chance(0.6) ? ir.idsDomain('Ring', 2) : ir.idsDomain('Node', 3);
  }

  protected keyDomain(): Domain {
    switch (this.below(5)) {
      case 0:
        return ir.BOOLEAN;
      case 1:
        return this.chance(0.3) ? this.pick(WITH_FEW_GAPS) : ir.intDomain(-1, this.below(3));
      case 2:
        return ir.enumDomain(...this.some(ENUM_NAMES, 2));
      default:
        return this.idsDomain();
    }
  }

  protected elementDomain(): Domain {
    switch (this.below(8)) {
      case 0:
        return { kind: 'tuple', items: [this.keyDomain(), this.keyDomain()] };
      case 1:
        return {
          kind: 'object',
          fields: [
            { name: 'x', domain: this.keyDomain() },
            { name: 'y', domain: ir.BOOLEAN },
          ],
        };
      case 2:
        return ir.intDomain(0, this.pick([30, 31, 32, 39]));
      case 3:
        return { kind: 'array', element: ir.BOOLEAN, minLength: 0, maxLength: 2 };
      case 4:
        return unionOf([{ kind: 'null' }, this.keyDomain()]);
      default:
        return this.keyDomain();
    }
  }

  protected argumentDomain(): Domain {
    switch (this.below(8)) {
      case 0:
        return { kind: 'set', element: ir.idsDomain('Ring', 2) };
      case 1:
        return { kind: 'tuple', items: [ir.BOOLEAN, this.idsDomain()] };
      case 2:
        return { kind: 'union', members: [{ kind: 'null' }, ir.intDomain(-1, 1)] };
      default:
        return this.keyDomain();
    }
  }

  protected fields(depth: number): Field[] {
    return this.some(['x', 'y', 'z'], 1).map((name) => {
      const domain = this.domain(depth - 1);
      const optional = this.chance(0.15) && membersOf(domain).every((member) => member.kind !== 'undefined');
      return {
        name,
        domain: optional ? { kind: 'union', members: [...membersOf(domain), { kind: 'undefined' }] } : domain,
      };
    });
  }

  value(domain: Domain): Value {
    switch (domain.kind) {
      case 'object':
        return this.fieldValues(domain.fields);
      case 'variant': {
        const one = this.pick(domain.cases);
        return { [domain.discriminator]: one.tag, ...this.fieldValues(one.fields) };
      }
      case 'tuple':
        return domain.items.map((item) => this.value(item));
      case 'array': {
        const length = domain.minLength + this.below(Math.min(8, domain.maxLength - domain.minLength + 1));
        return Array.from({ length }, () => this.value(domain.element));
      }
      case 'record': {
        const keys = Array.from({ length: cardinality(domain.key) }, (_, code) => valueAt(domain.key, code));
        return Object.fromEntries(keys.map((key) => [String(key), this.value(domain.value)]));
      }
      case 'set': {
        const size = cardinality(domain.element);
        if (MOST_LISTED < size) {
          return setOf(Array.from({ length: this.below(4) }, () => this.value(domain.element)));
        }
        return setOf(
          Array.from({ length: size }, (_, code) => code)
            .filter(() => this.chance(0.4))
            .map((code) => valueAt(domain.element, code)),
        );
      }
      case 'union':
        return this.value(this.pick(domain.members));
      case 'int':
        return this.chance(0.5)
          ? this.pick([domain.min, domain.max])
          : domain.min + this.below(Math.min(domain.max - domain.min + 1, 8));
      default: {
        const size = cardinality(domain);
        return size === 0 ? undefined : valueAt(domain, this.below(size));
      }
    }
  }

  protected fieldValues(fields: readonly Field[]): { [name: string]: Value } {
    return Object.fromEntries(fields.map((field) => [field.name, this.value(field.domain)]));
  }
}
