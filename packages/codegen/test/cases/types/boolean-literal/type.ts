export interface Input { ok: true }
