import { CliError } from '../terminal/cli-error.js';

/** Where TaskloomModule serves its API unless told otherwise. */
const DEFAULT_PATH = '/graphql';

/**
 * The address of an API as people write it: `localhost:3000` is `http://localhost:3000/graphql`. One without a path gets the
 * default one.
 *
 * @param source where it was said, for the message
 * @throws CliError `URL_INVALID`
 */
export function apiUrl(text: string, source: string): string {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw invalid(`${source} is no address of a server: ${JSON.stringify(text)}.`, 'Write it like http://127.0.0.1:3000/graphql.');
  if (url.username !== '' || url.password !== '')
    throw invalid(`${source} holds a name or a password.`, 'Give them with --token or --header; addresses end up in logs.');
  if (url.pathname === '/' && url.search === '') url.pathname = DEFAULT_PATH;
  url.hash = '';
  return url.href;
}

function invalid(message: string, remedy: string): CliError {
  return new CliError('URL_INVALID', message, remedy, 2);
}
