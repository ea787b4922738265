import type { LoggerService } from '@nestjs/common';
import type { EngineOptions, JsonObject } from '@taskloom/core';

import type { Redactor } from './redactor.js';

type EngineLogger = NonNullable<EngineOptions['logger']>;

/** The engine's log lines without secrets. */
export function redactedLogger(logger: EngineLogger, redactor: Redactor): EngineLogger {
  const level =
    (name: keyof EngineLogger) =>
    (message: string, data?: JsonObject): void =>
      data === undefined ? logger[name](redactor.text(message)) : logger[name](redactor.text(message), redactor.json(data));
  return { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
}

/** Lines of the API's log without secrets. */
export function redactedNestLogger(logger: LoggerService, redactor: Redactor): LoggerService {
  return {
    log: (message: string) => void logger.log(redactor.text(message)),
    debug: (message: string) => void logger.debug?.(redactor.text(message)),
    warn: (message: string) => void logger.warn(redactor.text(message)),
    error: (message: string) => void logger.error(redactor.text(message)),
  };
}
