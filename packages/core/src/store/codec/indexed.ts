/** Closed lists are stored as the index of the word, which is why those lists only ever grow at their end. */
export interface Indexed<T extends string> {
  toIndex(word: T): number;
  fromIndex(index: number): T;
}

export function indexed<T extends string>(words: readonly T[]): Indexed<T> {
  const indexes = new Map(words.map((word, index) => [word, index]));
  return {
    toIndex: (word) => indexes.get(word)!,
    fromIndex: (index) => {
      const word = words[index];
      if (word === undefined) throw new RangeError(`no word has the index ${index} among ${words.join(', ')}`);
      return word;
    },
  };
}
