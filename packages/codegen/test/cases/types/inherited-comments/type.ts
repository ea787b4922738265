interface Base {
  /** What it is called. */
  name: string;
}
export type Input = Partial<Base> & { more: boolean };
