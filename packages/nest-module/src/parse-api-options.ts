import { AUTHORIZE_LEVELS, toHooks } from './access/authorize.js';
import type { ApiOptions, ParsedApiOptions } from './api.options.js';
import { isDevelopment } from './is-development.js';
import { DEFAULT_LIMITS, type ApiLimits } from './limits/api-limits.js';
import { refuseUnknown } from './refuse-unknown.js';

const KNOWN: readonly (keyof ApiOptions)[] = [
  'path',
  'authorize',
  'allowAnonymous',
  'tenancy',
  'allowedOrigins',
  'introspection',
  'graphiql',
  'limits',
];
const SWITCHES = ['allowAnonymous', 'tenancy', 'introspection', 'graphiql'] as const;
const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof ApiLimits)[];
const MAX_LIMIT = 2_147_483_647;

/** Checks and completes the options of the API; what is wrong goes to `problems`. */
export function parseApiOptions(options: ApiOptions, problems: string[]): ParsedApiOptions {
  refuseUnknown(options, KNOWN, 'api.', problems);
  checkPath(options.path, problems);
  checkAccess(options, problems);
  for (const name of SWITCHES) {
    if (options[name] !== undefined && typeof options[name] !== 'boolean')
      problems.push(`\`api.${name}\` is ${show(options[name])}; it must be true or false.`);
  }
  return {
    path: options.path ?? '/graphql',
    authorize: options.authorize ? toHooks(options.authorize) : null,
    allowAnonymous: options.allowAnonymous ?? false,
    tenancy: options.tenancy ?? false,
    allowedOrigins: options.allowedOrigins ?? [],
    introspection: options.introspection ?? isDevelopment(),
    graphiql: options.graphiql ?? isDevelopment(),
    limits: parseLimits(options.limits ?? {}, problems),
  };
}

function checkPath(path: unknown, problems: string[]): void {
  if (path === undefined || (typeof path === 'string' && /^(\/[A-Za-z0-9._~-]+)+$/.test(path))) return;
  problems.push(`\`api.path\` is ${show(path)}; it must be a path such as '/graphql', of letters, digits and - . _ ~ between slashes.`);
}

function checkAccess({ authorize, allowAnonymous, allowedOrigins, tenancy }: ApiOptions, problems: string[]): void {
  checkAuthorize(authorize, problems);
  if (authorize && allowAnonymous)
    problems.push('`api.authorize` and `api.allowAnonymous` contradict each other: give the one or the other.');
  if (tenancy && !authorize) problems.push('`api.tenancy` needs `api.authorize`, which says to which tenant a caller belongs.');
  if (allowedOrigins === undefined) return;
  const bad = Array.isArray(allowedOrigins) ? allowedOrigins.filter((origin: unknown) => !isOrigin(origin)) : [allowedOrigins];
  for (const origin of bad)
    problems.push(`\`api.allowedOrigins\` has ${show(origin)}; an origin is written like 'https://app.example.org', without a path.`);
}

function checkAuthorize(authorize: unknown, problems: string[]): void {
  if (authorize === undefined || typeof authorize === 'function') return;
  if (typeof authorize !== 'object' || authorize === null || !('caller' in authorize)) {
    problems.push(
      `\`api.authorize\` is ${show(authorize)}; it must be a function that checks callers, or hooks of which \`caller\` is one.`,
    );
    return;
  }
  refuseUnknown(authorize, AUTHORIZE_LEVELS, 'api.authorize.', problems);
  const hooks: Record<string, unknown> = { ...authorize };
  for (const level of AUTHORIZE_LEVELS) {
    if (hooks[level] !== undefined && typeof hooks[level] !== 'function')
      problems.push(`\`api.authorize.${level}\` is ${show(hooks[level])}; it must be a function.`);
  }
}

function isOrigin(origin: unknown): boolean {
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin;
}

function parseLimits(limits: Partial<ApiLimits>, problems: string[]): ApiLimits {
  refuseUnknown(limits, LIMIT_NAMES, 'api.limits.', problems);
  for (const name of LIMIT_NAMES) {
    const value: unknown = limits[name];
    if (value === undefined || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_LIMIT)) continue;
    problems.push(`\`api.limits.${name}\` is ${show(value)}; it must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return { ...DEFAULT_LIMITS, ...limits };
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 80))
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object' && value !== null
        ? 'an object'
        : String(value);
}
