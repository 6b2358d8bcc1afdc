import { code, joined, linkTo, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { assumedText } from '../../dsl/docgen/property-text.ts';
import type { PropertyAdvice } from '../verdict/verdict.ts';
import type { DocumentedModel } from './documented-model.ts';
import { assumptionKey, assumptionsMade, liveAssumptions } from './live-assumptions.ts';
import type { Assumed } from './live-assumptions.ts';
import type { Judged, JudgedProperty, PropertyHref } from './property-table.ts';

/** What is known of the fairness that a property needs, and the models in which that was found out. */
export interface Need {
  readonly property: JudgedProperty;
  /** Where it holds. Undefined: no model in which it does and says something was small enough to find out. */
  readonly found: Found | undefined;
  /** Other models in which something is needed that is not needed there: each with what is new. */
  readonly further: readonly Found[];
  /** Where it fails. */
  readonly failing: readonly Judged[];
}

export interface Found {
  readonly judged: Judged;
  readonly advice: PropertyAdvice;
}

/** An assumption, and the properties that need it. */
interface Use {
  readonly words: Inlines;
  readonly needs: Need[];
}

/** For each fairness assumption the properties that need it, folded away; those that none needs as well. */
export function assumptionUses(
  models: readonly DocumentedModel[],
  needs: readonly Need[],
  hrefOf: PropertyHref,
): readonly Block[] {
  const uses = new Map<string, Use>();
  const used = new Set<string>();
  for (const need of needs) {
    const { found, further } = need;
    for (const { judged, advice } of found === undefined ? [] : [found, ...further]) {
      for (const one of advice.assumptions) {
        const words = assumedText(judged.model.system, one);
        const key = JSON.stringify(words);
        const known = uses.get(key) ?? { words, needs: [] };
        uses.set(key, known);
        if (!known.needs.includes(need)) known.needs.push(need);
        used.add(madeKey(one));
      }
    }
  }
  if (uses.size < 2) return [];
  const rows = Array.from(uses.values(), ({ words, needs: of }): readonly Inlines[] => [
    words,
    joined(
      of.map(({ property: { first } }): Inlines => [linkTo(hrefOf(first), code(first.verdict.name))]),
      ', ',
    ),
  ]);
  return [
    {
      kind: 'details',
      summary: [text('What each assumption is good for')],
      blocks: [table(['Assumption', 'Needed by'], [...rows, ...unusedRows(models, used)])],
    },
  ];
}

/** Assumptions that are not listed as needed: what needs them in other models, or whether that is known. */
function unusedRows(models: readonly DocumentedModel[], used: ReadonlySet<string>): readonly (readonly Inlines[])[] {
  const asked = new Set<string>();
  const elsewhere = new Map<string, Inlines[]>();
  for (const { label, system, result } of models) {
    for (const { property, kind, assumptions } of result.advice ?? []) {
      const its = system.properties.find(({ name }) => name === property);
      if (kind !== 'needs' || its === undefined) continue;
      for (const one of liveAssumptions(system, result, its)) asked.add(assumptionKey(one));
      for (const one of assumptions) {
        const key = madeKey(one);
        elsewhere.set(key, [...(elsewhere.get(key) ?? []), [code(property), text(' in '), code(label)]]);
      }
    }
  }
  const rows = new Map<string, readonly Inlines[]>();
  for (const { system } of models) {
    for (const { actions: _, ...one } of assumptionsMade(system)) {
      const key = assumptionKey(one);
      if (used.has(key) || rows.has(key)) continue;
      const needing = elsewhere.get(key) ?? [];
      const words = asked.has(key)
        ? 'nothing, where it was worked out'
        : 'not worked out: it is about nothing in the models where that was done';
      rows.set(key, [assumedText(system, one), needing.length === 0 ? [text(words)] : joined(needing, ', ')]);
    }
  }
  return [...rows.values()];
}

/** That of the assumption as its set makes it. */
function madeKey(one: Assumed): string {
  return assumptionKey(one.isMadeStrong === true ? { ...one, strength: 'strong' } : one);
}
