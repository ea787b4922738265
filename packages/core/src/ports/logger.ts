import { showHidden } from '../kernel/hidden-text.js';
import type { JsonObject } from '../kernel/json.js';

/** Where the engine's log lines go. Never a secret, never a payload. */
export interface Logger {
  debug(message: string, data?: JsonObject): void;
  info(message: string, data?: JsonObject): void;
  warn(message: string, data?: JsonObject): void;
  error(message: string, data?: JsonObject): void;
}

export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * Writes warnings and errors to standard error, a line each, with what belongs to them. Characters that would end the line,
 * steer the terminal or turn the text are shown as JSON escapes them.
 */
export const consoleLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: (message, data) => write('warning', message, data),
  error: (message, data) => write('error', message, data),
};

function write(level: string, message: string, data: JsonObject | undefined): void {
  process.stderr.write(`taskloom ${level}: ${showHidden(`${message}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`)}\n`);
}

function ignore(): void {}
