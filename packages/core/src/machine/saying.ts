/** The reason that whoever asked for a change gives, as a part of its event; nothing where none was given. */
export function saying(reason: string | null | undefined): { readonly reason: string } | undefined {
  return reason === null || reason === undefined ? undefined : { reason };
}
