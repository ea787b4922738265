const OLDEST = [20, 19];

/** Refuses a Node.js that is too old. Imports nothing and uses no new syntax, so that an old Node gets this far. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    [
      `✗ Taskloom needs Node.js ${OLDEST.join('.')} or newer; this is ${version} (${process.execPath}).`,
      '  Install a current version from https://nodejs.org, or with a version manager:',
      '    nvm install 24 && nvm use 24        fnm use --install-if-missing 24        volta install node@24',
    ].join('\n'),
  );
  process.exit(1);
}
