import type { Story } from '@taskloom/core';
export interface Input { story: Story }
