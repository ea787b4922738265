import type { PlacedTask } from '@taskloom/core';
export interface Input { task: PlacedTask<string> }
