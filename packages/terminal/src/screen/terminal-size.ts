export interface Sized {
  readonly columns?: number;
  readonly rows?: number;
}

/** The size of a terminal; of one that does not know its own (a container's often says 0 × 0), the usual one. */
export function sizeOf({ columns, rows }: Sized): Required<Sized> {
  return { columns: columns || 80, rows: rows || 24 };
}
