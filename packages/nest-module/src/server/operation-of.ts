import { ApiError } from '../errors/api-error.js';
import type { OperationRequest } from './operations.js';

/** The operation in the JSON of a request's body. @throws ApiError `BATCH_REFUSED`, `BAD_REQUEST` */
export function operationOf(body: unknown): OperationRequest {
  if (Array.isArray(body)) throw new ApiError('BATCH_REFUSED', 'Several operations in one request are refused.');
  if (!isRecord(body)) throw new ApiError('BAD_REQUEST', 'The body of the request is no operation.');
  const { query, operationName, variables } = body;
  if (typeof query !== 'string' || query === '') throw new ApiError('BAD_REQUEST', 'The body of the request has no `query`.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    throw new ApiError('BAD_REQUEST', '`operationName` must be a text.');
  if (variables !== undefined && variables !== null && !isRecord(variables))
    throw new ApiError('BAD_REQUEST', '`variables` must be an object.');
  return { query, operationName, variables };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
