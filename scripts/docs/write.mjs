// node scripts/docs/write.mjs: writes what the documentation takes from code. Needs a build.
import { writeFileSync } from 'node:fs';
import { generatedPages } from './pages.mjs';
import { pathOf } from './repository.mjs';

for (const { path, make } of generatedPages) {
  writeFileSync(pathOf(path), await make());
  console.log(`wrote ${path}`);
}
