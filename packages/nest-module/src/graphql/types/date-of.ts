/** A moment as GraphQL's DateTime takes it; null stays null. */
export function dateOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
