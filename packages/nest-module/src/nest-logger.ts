import type { LoggerService } from '@nestjs/common';
import type { EngineOptions, JsonObject } from '@taskloom/core';

type EngineLogger = NonNullable<EngineOptions['logger']>;

/** The engine's log lines in the application's log. */
export class NestEngineLogger implements EngineLogger {
  constructor(private readonly logger: LoggerService) {}

  debug(message: string, data?: JsonObject): void {
    this.logger.debug?.(line(message, data));
  }

  info(message: string, data?: JsonObject): void {
    this.logger.log(line(message, data));
  }

  warn(message: string, data?: JsonObject): void {
    this.logger.warn(line(message, data));
  }

  error(message: string, data?: JsonObject): void {
    this.logger.error(line(message, data));
  }
}

/** `stopped jobs=2 reason="signal"` */
function line(message: string, data: JsonObject = {}): string {
  return [message, ...Object.entries(data).map(([key, value]) => `${key}=${JSON.stringify(value)}`)].join(' ');
}
