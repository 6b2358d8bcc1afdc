import type { Verdict } from '../verdict/verdict.ts';

/** The sign of what came of a property, as {@link LEGEND} explains it. */
export function signOf({ outcome, vacuous }: Pick<Verdict, 'outcome' | 'vacuous'>): string {
  return vacuous === undefined ? SIGNS[outcome.kind] : VACUOUS;
}

export const VACUOUS = '∅';

const SIGNS = { holds: '✓', violated: '✗', reached: '◆', unreachable: '◇', bounded: '…', error: '!' } as const;

/** What the signs mean; only those that are used. */
export function legendOf(signs: ReadonlySet<string>): string {
  const words = Object.entries(MEANINGS).flatMap(([sign, meaning]) => (signs.has(sign) ? [`${sign} ${meaning}`] : []));
  return `${words.join('; ')}. A number is that of the steps that show it. What a model does not expect is in bold.`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  '✓': 'holds',
  [VACUOUS]: 'holds, but says nothing there',
  '✗': 'fails',
  '◆': 'is reached',
  '◇': 'is never reached',
  '…': 'nothing was found, but not everything was explored',
  '!': 'could not be judged',
};
