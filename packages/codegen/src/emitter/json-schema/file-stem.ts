/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name as the stem of a file name on every file system: `a:b` → `a~3ab`. */
export function fileStemOf(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]/g, (character) => `~${character.codePointAt(0)!.toString(16)}`)
    .replace(/^\.+/, (dots) => '~2e'.repeat(dots.length));
  return DEVICES.test(safe) ? `~${safe}` : safe;
}
