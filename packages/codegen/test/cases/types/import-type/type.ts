import type { SomeFile } from '../../support/some-file.js';
export interface Input { file: SomeFile; again: import('../../support/some-file.js').SomeFile }
