// npm run check:imports [-- DIR]: keeps the one-way orders between packages and between the rooms of a package.
import { resolve } from 'node:path';
import { findViolations } from './find-violations.mjs';

const { files, violations } = findViolations(resolve(process.argv[2] ?? '.'));

for (const { path, line, rule, message } of violations) console.log(`${path}:${line}  ${rule}  ${message}`);
console.log(`${files} files, ${violations.length} broken ${violations.length === 1 ? 'rule' : 'rules'}`);
process.exitCode = violations.length === 0 ? 0 : 1;
