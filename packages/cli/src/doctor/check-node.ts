import { failure, ok, type CheckResult } from './check.js';

/** @param version `20.19.0` */
export function checkNode(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  return isNewEnough
    ? ok(`Node.js ${version}`)
    : failure(`Node.js ${version} is too old: ES modules cannot be required before 20.19.`, 'Install Node.js 20.19 or newer.');
}
