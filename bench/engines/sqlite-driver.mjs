const [major, minor] = process.versions.node.split('.').map(Number);
const hasNodeApi10 = major > 22 || (major === 22 && minor >= 14);

/** The driver that the engine itself chooses on this Node. */
export const { default: Database } = await import(hasNodeApi10 ? 'better-sqlite3-napi' : 'better-sqlite3');
