import { Module, type DynamicModule } from '@nestjs/common';
import { auditPlugin } from '@taskloom/audit-plugin';
import type { Duration } from '@taskloom/core';
import { TaskloomModule } from '@taskloom/nest';
import { manifest } from './generated/taskloom.generated.js';
import { RepositoryReportModule } from './repository-report/repository-report.module.js';

/** A repository of 100,000 files has lists of some ten megabytes; the framework's own limits are smaller. */
const OUTPUT_BYTES = 32 * 1_048_576;
const RESOLVED_INPUT_BYTES = 256 * 1_048_576;

export interface AppOptions {
  /** Where state is kept. */
  readonly databasePath: string;
  /** Where every event of every job is written; `null`: nowhere. */
  readonly auditPath: string | null;
  /** How long running tasks may go on when the server stops. */
  readonly shutdownGrace: Duration;
}

@Module({})
export class AppModule {
  static with({ databasePath, auditPath, shutdownGrace }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TaskloomModule.forRoot({
          store: { path: databasePath },
          manifest,
          limits: { outputBytes: OUTPUT_BYTES, resolvedInputBytes: RESOLVED_INPUT_BYTES },
          plugins: auditPath === null ? [] : [auditPlugin({ file: auditPath })],
          shutdownGrace,
        }),
        RepositoryReportModule,
      ],
    };
  }
}
