const SHOWN = 20;

/** What was checked, what was found, and how often things happened. */
export class Tally {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  problems = [];
  totals = { cycles: 0, lost: 0, doubled: 0, violations: 0 };
  /** @type {Record<string, Record<string, number>>} by part */
  counters = {};

  /** @param {(text: string) => void} print */
  constructor(print) {
    this.print = print;
  }

  /** A check by name: it holds when nothing is wrong. */
  check(name, problems) {
    if (problems.length === 0) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    for (const problem of problems.slice(0, SHOWN)) this.#report(`${name}: ${problem}`);
    if (problems.length > SHOWN) this.#report(`${name}: and ${problems.length - SHOWN} more`);
  }

  /** What an audit found in one cycle. Each of these is a broken guarantee. */
  checkAudit(name, { lost, doubled, violations }) {
    this.totals.cycles += 1;
    this.totals.lost += lost.length;
    this.totals.doubled += doubled.length;
    this.totals.violations += violations.length;
    this.check(name, [...lost, ...doubled, ...violations]);
  }

  count(part, counts) {
    const sums = (this.counters[part] ??= {});
    for (const [name, value] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + value;
  }

  /** A part that did too little has proved nothing. */
  demand(part, least) {
    for (const [name, wanted] of Object.entries(least)) {
      const had = this.counters[part]?.[name] ?? 0;
      this.check(`${part} did too little`, had >= wanted ? [] : [`${name} is ${had}; it must be at least ${wanted}`]);
    }
  }

  #report(text) {
    this.problems.push(text);
    this.print(`  ✗ ${text}`);
  }
}
