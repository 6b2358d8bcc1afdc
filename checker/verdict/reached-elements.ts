import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import { layoutOf } from '../plan/layout.ts';
import { isScalar } from '../plan/shape.ts';
import { StateSet } from '../search/state-set.ts';
import { reachedValues, valueOfCode } from './reached-values.ts';
import type { ReachedPlace } from './reached-values.ts';

/**
 * What the parts of a set's elements ever have, `messages[…].term`, where the elements have parts. A set has a bit for
 * each element that there could be, so that these are what its size is a product of.
 *
 * @returns none for other places, and where nobody knows which elements there were.
 */
export function reachedInElements(place: ReachedPlace): readonly ReachedPlace[] {
  const { kind, domain, path, variable, missing } = place;
  if (kind !== 'element' || missing === undefined || isScalar(domain)) return [];
  const name = `${path}[…]`;
  const layout = layoutOf([{ name, doc: '', span: NO_SPAN, domain }]);
  if (!('words' in layout)) return [];
  const absent = new Set(missing);
  const elements = new StateSet(layout.words);
  const words = new Int32Array(layout.words);
  for (let code = 0; code < place.size; code += 1) {
    if (absent.has(code)) continue;
    layout.encode({ [name]: valueOfCode(place, code) }, words, 0);
    elements.add(words, 0);
  }
  return reachedValues(layout, elements)
    .map((inner): ReachedPlace => ({ ...inner, variable }))
    .flatMap((inner) => [inner, ...reachedInElements(inner)]);
}
