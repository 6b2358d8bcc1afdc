/** A token of TLA+ as TLC's reader of configurations and SANY, TLA+'s parser, see it. */
export interface Token {
  readonly kind: 'string' | 'word' | 'number' | 'symbol';
  readonly text: string;
}

const TOKEN =
  /(?<space>\s+|\\\*[^\n\r]*|\(\*[^]*?\*\))|(?<string>"(?:[^"\n\r\\]|\\[ntrf\\"])*")|(?<fairness>[WS]F_)|(?<end>\]_|>>_)|(?<word>\w+)|(?<symbol>\\\w+|<-|->|\|->|==+|----+|<<|>>|[^\s"])/gy;

/**
 * The tokens of a text, comments left out.
 *
 * @throws Error at what is no token: a string with an escape that TLA+ does not have, a name without a letter.
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    at = match.index + match[0].length;
    const { string, fairness, end, word, space } = match.groups!;
    if (space !== undefined) continue;
    if (string !== undefined) tokens.push({ kind: 'string', text: printable(string) });
    else if (word === undefined) tokens.push({ kind: 'symbol', text: fairness ?? end ?? match[0] });
    else if (/^\d+$/.test(word)) tokens.push({ kind: 'number', text: number(word) });
    else if (/[A-Za-z]/.test(word)) tokens.push({ kind: 'word', text: word });
    else throw new Error(`${word} is no name`);
  }
  if (at < text.length) throw new Error(`no TLA+: ${text.slice(at, at + 60)}`);
  for (const [index, token] of tokens.entries()) {
    if (/^[WS]F_$/.test(token.text) && tokens[index + 1]?.text !== 'vars') {
      throw new Error(`${token.text} begins no name: ${tokens[index + 1]?.text}`);
    }
  }
  return tokens;
}

/** TLC tells strings apart by the lowest bytes of their characters only. */
function printable(string: string): string {
  if (!/^[ -~\t\f]*$/.test(string)) throw new Error(`${string} is not plain ASCII`);
  return string;
}

function number(text: string): string {
  if (2 ** 31 <= Number(text)) throw new Error(`${text} is too large`);
  return text;
}
