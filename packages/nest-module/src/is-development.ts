/** Whether conveniences for developers are on by default. */
export function isDevelopment(): boolean {
  // oxlint-disable-next-line node/no-process-env -- Node's own convention, read once at boot and nowhere else
  return process.env['NODE_ENV'] !== 'production';
}
