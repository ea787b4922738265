/** The same record without what GraphQL callers left out: `undefined` and `null` alike mean absent. */
export type Present<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

export function present<T extends object>(record: T): Present<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null)) as Present<T>;
}

/** Whether callers gave a value; an empty text is one. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
