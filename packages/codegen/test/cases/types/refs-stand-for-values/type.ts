import type { AnyRef, Ref } from '@taskloom/core';
interface Out { lines: number; note?: string; nested: { at: string } }
export interface Input { whole: Ref<Out>; lines: Ref<Out>['lines']; note: Ref<Out>['note']; list: AnyRef<string>[]; mixed: Ref<string> | string }
