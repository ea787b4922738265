import { writeFile } from 'node:fs/promises';

import { printApiSchema } from './dist/print-api-schema.js';

await writeFile(new URL('schema.graphql', import.meta.url), await printApiSchema());
