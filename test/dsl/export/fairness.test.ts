import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { Random } from '../../support/random-system/random.ts';
import { systemOf } from '../compiler/compiled.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';
import { runTlc } from './tlc/explore.ts';

/** How an assumption is written; `options` is empty where there are none. */
interface Written {
  readonly text: string;
  readonly options: string;
}

/** Specs whose actions have some arguments in common, and fairness of some of them, together or apart, split and limited. */
class FairSpecs extends Random {
  private readonly arguments: Readonly<Record<string, string>> = { n: 'Node', m: 'Node', on: 'z.boolean()' };

  spec(): { readonly text: string; readonly written: readonly Written[] } {
    const actions = ['a', 'b', 'c'].map((name) => ({ name, given: this.some(Object.keys(this.arguments), 1) }));
    const bodies = actions.map(({ name, given }) => {
      const schemas = given.map((one) => `${one}: ${this.arguments[one]!}`).join(', ');
      return `export const ${name} = fair.action({ ${schemas} }, (s, { ${given.join(', ')} }) => {
        when(${this.condition(given)});
        ${this.effect(given)}
        ${this.chance(0.4) ? this.effect(given) : ''}
      });`;
    });
    const written = Array.from({ length: 1 + this.below(3) }, () => this.assumption(actions));
    const text = `
      const Node = ids('Node', 2);
      export const fair = spec('fair', { state: () => ({ x: z.record(Node, z.boolean()), y: z.int().min(0).max(2) }) });
      ${bodies.join('\n')}
      export const end = fair.terminal(() => true);
      export const all_of_it = fair.fairness(${written.map((one) => one.text).join(', ')});
      export const rises = fair.property((s) => eventually(s.y === 2));
      export const served = fair.property((s) => all(Node, (r) => leadsTo(!s.x[r], s.x[r])));
      export const again = fair.property((s) => always(eventually(s.y === ${this.below(2)})));
      export const settles = fair.property((s) => some(Node, (r) => eventually(always(s.x[r]))));
      export const m = fair.model({});
    `;
    return { text, written };
  }

  private assumption(actions: readonly { readonly name: string; readonly given: readonly string[] }[]): Written {
    const members = this.some(actions, 1);
    const shared = Object.keys(this.arguments).filter((one) => members.every(({ given }) => given.includes(one)));
    const options = [
      ...(this.chance(0.7) ? [`per: [${this.some(shared, 0).map((one) => `'${one}'`).join(', ')}]`] : []), // prettier-ignore
      ...(this.chance(0.5) ? [`when: (s, { ${shared.join(', ')} }) => ${this.condition(shared)}`] : []),
    ].join(', ');
    const word = `${this.pick(['weak', 'strong'])}${this.chance(0.7) ? '.any' : ''}`;
    const names = members.map(({ name }) => name).join(', ');
    return { text: `${word}(${names}${options === '' ? '' : `, { ${options} }`})`, options };
  }

  private condition(given: readonly string[]): string {
    const nodes = given.filter((one) => one !== 'on');
    const about = [
      `s.y ${this.pick(['<', '>='])} ${this.below(2) + 1}`,
      ...(given.includes('on') ? [`s.x[Node0] === on`, 'on'].map((one) => one.replace('[Node0]', `[${nodes[0] ?? 'values(Node)[0]!'}]`)) : []), // prettier-ignore
      ...nodes.map((one) => `${this.pick(['', '!'])}s.x[${one}]`),
    ];
    return this.pick(about);
  }

  private effect(given: readonly string[]): string {
    const nodes = given.filter((one) => one !== 'on');
    const value = given.includes('on') && this.chance(0.5) ? 'on' : this.pick(['true', 'false', '!s.x[r]']);
    const put = nodes.map((one) => `s.x[${one}] = ${value.replace('[r]', `[${one}]`)};`);
    return this.pick([...put, ...put, `s.y = ${this.below(3)};`, 's.y = (s.y + 1) % 3;']);
  }
}

function violatedIn(system: System): string[] {
  const { verdicts } = check(system);
  return verdicts.flatMap(({ kind, name, outcome }) => kind === 'property' && outcome.kind === 'violated' ? [name] : []).sort(); // prettier-ignore
}

async function violatedForTlc(system: System): Promise<string[]> {
  const exported = exportTla(system);
  if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
  const { violated } = await runTlc(exported.module, exported.config);
  return [...violated].sort();
}

const SEEDS = Array.from({ length: 60 }, (_, index) => index);

describe('fairness of several actions together, split and limited', () => {
  const seen = { split: 0, limited: 0, splitMatters: 0, limitMatters: 0, violated: 0, held: 0 };

  it('is what TLA+ says it is, in random specs', async () => {
    for (const seed of SEEDS) {
      const { text, written } = new FairSpecs(seed).spec();
      const system = systemOf(text);
      const violated = violatedIn(system);
      expect({ text, violated: await violatedForTlc(system) }).toEqual({ text, violated });
      seen.violated += violated.length;
      seen.held += system.properties.length - violated.length;
      for (const { options, text: one } of written.filter((each) => each.text.includes('.any'))) {
        const differsWithout = (option: RegExp) =>
          violatedIn(systemOf(text.replace(one, one.replace(option, '')))).join() !== violated.join();
        if (options.includes("per: ['")) {
          seen.split += 1;
          if (differsWithout(/per: \[[^\]]*\],?/)) seen.splitMatters += 1;
        }
        if (options.includes('when')) {
          seen.limited += 1;
          if (differsWithout(/when: [^}]*\}\) => .*(?= \})/)) seen.limitMatters += 1;
        }
      }
    }
  }, 300_000);

  it('makes a difference there', () => {
    expect(seen.split).toBeGreaterThan(15);
    expect(seen.limited).toBeGreaterThan(15);
    expect(seen.splitMatters).toBeGreaterThan(2);
    expect(seen.limitMatters).toBeGreaterThan(2);
    expect(Math.min(seen.violated, seen.held)).toBeGreaterThan(30);
  });

  it.skipIf(!isSpinHere()).each(SEEDS.slice(0, 2))(`is the same ${WITH_SPIN} (%s)`, (seed) => {
    const system = systemOf(new FairSpecs(seed).spec().text);
    expect(spinJudgment(system)).toEqual(ownJudgment(system));
  });
});
