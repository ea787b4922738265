import type { TaskDraft } from '@taskloom/core';
export interface Input { task: TaskDraft<string> }
