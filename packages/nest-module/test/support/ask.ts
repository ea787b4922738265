export interface ShownError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly remedy?: string;
    readonly correlationId?: string;
    readonly details?: Readonly<Record<string, never>>;
  };
}

export interface Asked<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly ShownError[];
}

/** Sends an operation as a browser's client would. */
export async function ask(url: string, query: string, variables: object = {}): Promise<Asked<unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: readonly ShownError[] };
  return { status: response.status, data, errors: errors ?? [] };
}

/** The data of an operation that must succeed. */
export async function dataOf<Data = Record<string, unknown>>(url: string, query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = (await ask(url, query, variables)) as Asked<Data>;
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
  return data;
}
