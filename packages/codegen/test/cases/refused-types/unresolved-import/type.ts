import type { Missing } from './missing.js';
export interface Input { value: Missing }
