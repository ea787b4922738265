export const NAMES = { report: 'line-report' } as const;
export const PREFIX = 'list';
