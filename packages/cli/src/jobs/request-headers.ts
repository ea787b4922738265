import { CliError } from '../terminal/cli-error.js';

/** What is sent with every request, by name in small letters: `--header`, then `--token` or TASKLOOM_TOKEN where it says nothing of authorization. */
export function requestHeaders(
  { token, header = [] }: { readonly token?: string | undefined; readonly header?: readonly string[] | undefined },
  env: { readonly [name: string]: string | undefined },
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const text of header) {
    const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
    if (!isHeader(name, value))
      throw new CliError(
        'HEADER_INVALID',
        `--header is no header: ${JSON.stringify(text)}.`,
        "Write it like --header 'x-api-key: secret'.",
        2,
      );
    headers[name.toLowerCase()] = value.trim();
  }
  const bearer = token ?? (headers['authorization'] === undefined ? env['TASKLOOM_TOKEN'] : undefined);
  if (bearer === undefined || bearer === '') return headers;
  if (!isHeader('authorization', bearer))
    throw new CliError('HEADER_INVALID', 'The token has characters that no header may have.', 'Look for a line end in it.', 2);
  return { ...headers, authorization: `Bearer ${bearer}` };
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value.trim()]]).has(name);
  } catch {
    return false;
  }
}
