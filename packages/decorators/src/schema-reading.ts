/**
 * Whether this process only reads schemas. The generator imports the modules of decorated classes in a process of its
 * own and says so under a global symbol before it does: nothing is injected there, and nothing runs.
 */
export function isReadingSchemas(): boolean {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for('taskloom.schema-reader')] === true;
}
