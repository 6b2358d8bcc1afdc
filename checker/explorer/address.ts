/**
 * What the fragment of a page's address says: `#/asShipped/writeLock/7`, and after a departure from step 7 by three
 * choices, two of them looked at, `#/asShipped/writeLock/9/7+0.3.1`.
 */
export interface Address {
  /** The id of a model; absent: all models. */
  readonly model?: string;
  readonly view: View;
  /** The state that is shown. */
  readonly at: number;
  /** Where the reader left the behavior, and what they chose from there on. */
  readonly departure?: { readonly from: number; readonly choices: readonly number[] };
}

type View =
  | { readonly kind: 'results' }
  | { readonly kind: 'graph' }
  /** From an initial state, by its index. */
  | { readonly kind: 'explore'; readonly initial: number }
  /** The behavior that a verdict tells of. */
  | { readonly kind: 'behavior'; readonly property: string };

export function formatAddress({ model, view, at, departure }: Address): string {
  if (model === undefined) return '#/';
  const parts = [encodeURIComponent(model)];
  if (view.kind === 'graph') parts.push('~graph');
  if (view.kind === 'explore') parts.push(view.initial === 0 ? '~explore' : `~explore~${view.initial}`);
  if (view.kind === 'behavior') parts.push(encodeURIComponent(view.property));
  if (view.kind === 'explore' || view.kind === 'behavior') {
    parts.push(String(at));
    if (departure !== undefined && 0 < departure.choices.length) {
      parts.push(`${departure.from}+${departure.choices.join('.')}`);
    }
  }
  return `#/${parts.join('/')}`;
}

/** Reads any text: what it does not understand it takes as absent. */
export function parseAddress(fragment: string): Address {
  const [model, name = '', at = '', departure = ''] = fragment
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decoded);
  const position = /^\d{1,9}$/.test(at) ? Number(at) : 0;
  const [, from, choices] = /^(\d{1,9})\+(\d{1,9}(?:\.\d{1,9})*)$/.exec(departure) ?? [];
  return {
    ...(model !== undefined && model !== '' && { model }),
    view: viewOf(name),
    at: position,
    ...(from !== undefined &&
      choices !== undefined && { departure: { from: Number(from), choices: choices.split('.').map(Number) } }),
  };
}

function viewOf(name: string): View {
  const [, initial] = /^~explore(?:~(\d{1,9}))?$/.exec(name) ?? [undefined, undefined];
  if (name.startsWith('~explore')) return { kind: 'explore', initial: Number(initial ?? 0) };
  if (name === '~graph') return { kind: 'graph' };
  return name === '' ? { kind: 'results' } : { kind: 'behavior', property: name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
