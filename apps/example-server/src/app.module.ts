import { Module, type DynamicModule } from '@nestjs/common';
import type { Duration } from '@taskloom/core';
import { TaskloomModule } from '@taskloom/nest';
import { manifest } from './generated/taskloom.generated.js';
import { RepositoryReportModule } from './repository-report/repository-report.module.js';

/** A repository of 100,000 files has lists of some ten megabytes; the framework's own limits are smaller. */
const OUTPUT_BYTES = 32 * 1_048_576;
const RESOLVED_INPUT_BYTES = 256 * 1_048_576;

@Module({})
export class AppModule {
  /** `databasePath`: where state is kept; `shutdownGrace`: how long running tasks may go on when the server stops. */
  static with({ databasePath, shutdownGrace }: { readonly databasePath: string; readonly shutdownGrace: Duration }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TaskloomModule.forRoot({
          store: { path: databasePath },
          manifest,
          limits: { outputBytes: OUTPUT_BYTES, resolvedInputBytes: RESOLVED_INPUT_BYTES },
          shutdownGrace,
        }),
        RepositoryReportModule,
      ],
    };
  }
}
