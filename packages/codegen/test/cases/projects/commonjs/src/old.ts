import { z } from 'zod';
export const Flag = z.boolean().describe('Whether it went well');
