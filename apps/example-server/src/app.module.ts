import { Module, type DynamicModule } from '@nestjs/common';
import { TaskloomModule } from '@taskloom/nest';
import { manifest } from './generated/taskloom.generated.js';
import { RepositoryReportModule } from './repository-report/repository-report.module.js';

/** A repository of 100,000 files has lists of some ten megabytes; the framework's own limits are smaller. */
const OUTPUT_BYTES = 32 * 1_048_576;
const RESOLVED_INPUT_BYTES = 256 * 1_048_576;

@Module({})
export class AppModule {
  /** `databasePath`: where state is kept. */
  static with({ databasePath }: { readonly databasePath: string }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TaskloomModule.forRoot({
          store: { path: databasePath },
          manifest,
          limits: { outputBytes: OUTPUT_BYTES, resolvedInputBytes: RESOLVED_INPUT_BYTES },
          shutdownGrace: '5s',
        }),
        RepositoryReportModule,
      ],
    };
  }
}
