import { ApiError } from '../errors/api-error.js';

/** The answer, or an error when it takes too long; the work itself is not stopped. @throws ApiError `OPERATION_TIMEOUT` */
export async function withinTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ApiError('OPERATION_TIMEOUT', `The operation took longer than ${ms} ms (\`api.limits.operationTimeoutMs\`).`, {
            limit: ms,
            setting: 'api.limits.operationTimeoutMs',
          }),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
