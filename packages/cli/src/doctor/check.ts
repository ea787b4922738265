/** What one look came to. */
export interface CheckResult {
  /** `warning`: it works, and there is something to know. */
  readonly status: 'ok' | 'warning' | 'error';
  /** One sentence. */
  readonly message: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

export interface NamedCheck {
  readonly name: string;
  readonly run: () => CheckResult | Promise<CheckResult>;
}

export function ok(message: string): CheckResult {
  return { status: 'ok', message };
}

export function warning(message: string, remedy: string): CheckResult {
  return { status: 'warning', message, remedy };
}

export function failure(message: string, remedy: string): CheckResult {
  return { status: 'error', message, remedy };
}
