/** One file of a repository. */
export interface FileStat {
  /** Where it lies, from the root. */
  path: string;
  /**
   * Its size in bytes.
   * @minimum 0
   * @integer
   */
  size: number;
  modifiedAt: Date;
  tags?: ReadonlySet<string>;
  level: Level;
  /** The folder it is in. */
  parent?: FileStat;
}

/** How much it matters. */
export type Level = 'low' | 'medium' | 'high';

export enum Colour {
  Red = 'red',
  /** The best one. */
  Green = 'green',
}

/**
 * A size in bytes.
 * @minimum 0
 */
export type Bytes = number;

export interface Page<Item> {
  items: Item[];
  /** @default null */
  next?: string | null;
}
