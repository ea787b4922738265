/** Names of the scopes in the store of keys and values. Their first level is what a bound counts. */
export const entryScopes = {
  globalCache: 'cache/global',
  jobCache: (jobId: string) => `cache/job/${jobId}`,
  taskCache: (jobId: string, no: number) => `cache/job/${jobId}/task/${no}`,
  globalResults: 'result/global',
  jobResults: (jobId: string) => `result/job/${jobId}`,
  shared: (namespace: string) => `shared/${namespace}`,
} as const;

/** Everything that belongs to one job and goes when it goes. */
export function scopesOfJob(jobId: string): readonly string[] {
  return [entryScopes.jobCache(jobId), entryScopes.jobResults(jobId)];
}
