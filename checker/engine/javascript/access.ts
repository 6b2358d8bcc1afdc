/** How a program reaches the cells of its spaces. */
export interface Access {
  /** The source of a word of the state. */
  readonly word: (word: number) => string;
  readonly nextWord: (word: number) => string;
  /** The source of a leaf at a dynamic address. */
  leafAt(index: string): string;
  nextLeafAt(index: string): string;
  /** Where a scratch region lies in memory; undefined when its cells are variables. */
  regionAt(region: number): number | undefined;
  readonly memory: 'M' | 'P';
}

/** Words of the source state in variables; `words` collects which. */
export function sourceWords(words: Set<number>): Access {
  const never = (): never => {
    throw new Error('a guard that is not static');
  };
  return {
    word(word) {
      words.add(word);
      return `w${word}`;
    },
    nextWord: never,
    leafAt: never,
    nextLeafAt: never,
    regionAt: never,
    memory: 'M',
  };
}

export function cellName(region: number, at: number): string {
  return `c${region}_${at}`;
}
