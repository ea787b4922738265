import type { Annotations } from '../../shape/annotations.js';

/** What a documentation comment says of a value, line by line. */
export function annotationLines(annotations: Annotations | undefined): string[] {
  if (!annotations) return [];
  const { title, description, deprecated } = annotations;
  const lines = [title, description].filter((line) => line !== undefined && line !== '') as string[];
  if (annotations.default !== undefined) lines.push(`Default: ${JSON.stringify(annotations.default)}`);
  if (deprecated) lines.push('Deprecated.');
  return lines;
}
