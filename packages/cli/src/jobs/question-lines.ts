import type { HumanRequest } from '@taskloom/client';
import { oneLine, type Colours } from '@taskloom/terminal';

import { toJson } from '../terminal/to-json.js';
import { clockText } from './job-lines.js';

/** A question to a person, and how to answer it. */
export function questionLines({ id, question, about, answerSchema, deadline }: HumanRequest, { yellow, dim }: Colours): string[] {
  return [
    `${yellow('?')} ${oneLine(question)}`,
    ...(about === null ? [] : [dim(`  About: ${toJson(about)}`)]),
    ...(answerSchema === null ? [] : [dim(`  The answer's schema: ${toJson(answerSchema)}`)]),
    ...(deadline === null ? [] : [dim(`  Until ${clockText(deadline)}`)]),
    `  taskloom job answer ${id} '<json>'`,
  ];
}
