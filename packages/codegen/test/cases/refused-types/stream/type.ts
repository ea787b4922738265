import type { Readable } from 'node:stream';
export interface Input { body: Readable }
