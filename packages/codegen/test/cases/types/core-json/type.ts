import type { Json, JsonObject } from '@taskloom/core';
export interface Input { any: Json; object: JsonObject }
