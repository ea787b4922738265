import { sqliteDriver } from './sqlite-driver.js';

type Act = (this: { readonly source: string }, ...args: unknown[]) => unknown;

/** Every statement that the process gives to SQLite while `act` runs. */
export async function statementsDuring(act: () => Promise<unknown>): Promise<string[]> {
  const database = new sqliteDriver(':memory:');
  const prototype = Object.getPrototypeOf(database.prepare('SELECT 1')) as Record<string, Act>;
  database.close();
  const statements: string[] = [];
  const original = new Map(['get', 'all', 'run', 'iterate'].map((name) => [name, prototype[name]!]));
  for (const [name, run] of original)
    prototype[name] = function (...args) {
      statements.push(this.source);
      return run.apply(this, args);
    };
  try {
    await act();
  } finally {
    for (const [name, run] of original) prototype[name] = run;
  }
  return statements;
}
