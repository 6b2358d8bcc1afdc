import type { Token } from './lexical.ts';
import { tokensOf } from './lexical.ts';
import type { TlaValue } from './value.ts';
import { ModelValue, TlaSet } from './value.ts';

/** What a configuration says: values of constants, and the names in the sections. */
export interface Configuration {
  readonly constants: ReadonlyMap<string, TlaValue>;
  readonly sections: ReadonlyMap<string, readonly string[]>;
}

const LISTS: ReadonlySet<string> = new Set(['INVARIANT', 'PROPERTY', 'CONSTRAINT']);
const SINGLE: ReadonlySet<string> = new Set(['SPECIFICATION', 'CHECK_DEADLOCK', 'SYMMETRY']);

/**
 * Reads a configuration as TLC does: a list of tokens in which a keyword ends what stands before it. Strings are what
 * stands between the quotes, with no escapes; numbers have no sign; every other token is a model value.
 */
export function configurationOf(text: string): Configuration {
  const tokens = [...tokensOf(text)];
  const constants = new Map<string, TlaValue>();
  const sections = new Map<string, string[]>();
  const models = new Map<string, ModelValue>();
  const isKeyword = ({ text: word }: Token): boolean => word === 'CONSTANTS' || LISTS.has(word) || SINGLE.has(word);
  const take = (wanted?: string): Token => {
    const token = tokens.shift();
    if (token === undefined || (wanted !== undefined && token.text !== wanted)) {
      throw new Error(`the configuration has ${token?.text} for ${wanted ?? 'a token'}`);
    }
    return token;
  };
  const value = (): TlaValue => {
    const token = take();
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'string') return token.text.slice(1, -1);
    if (token.text === 'TRUE' || token.text === 'FALSE') return token.text === 'TRUE';
    if (token.text !== '{') {
      if (!models.has(token.text)) models.set(token.text, new ModelValue(token.text));
      return models.get(token.text)!;
    }
    const elements: TlaValue[] = [];
    if (tokens[0]?.text !== '}') {
      do elements.push(value());
      while (tokens[0]?.text === ',' && tokens.shift() !== undefined);
    }
    take('}');
    return new TlaSet(elements);
  };
  while (tokens.length > 0) {
    const keyword = take();
    if (!isKeyword(keyword)) throw new Error(`the configuration has ${keyword.text} for a keyword`);
    if (keyword.text === 'CONSTANTS') {
      while (tokens[0] !== undefined && !isKeyword(tokens[0])) {
        const name = take();
        take('=');
        constants.set(name.text, value());
      }
      continue;
    }
    const names = sections.get(keyword.text) ?? [];
    if (SINGLE.has(keyword.text) && names.length > 0) throw new Error(`${keyword.text} twice`);
    do names.push(take().text);
    while (LISTS.has(keyword.text) && tokens[0] !== undefined && !isKeyword(tokens[0]));
    sections.set(keyword.text, names);
  }
  return { constants, sections };
}
