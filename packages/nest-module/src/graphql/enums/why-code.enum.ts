import { WHY_CODES, type WhyCode } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

const descriptions = Object.fromEntries(Object.entries(WHY_CODES).map(([code, { title }]) => [code, title])) as Record<WhyCode, string>;

export const WhyCodeEnum = registerEnum<WhyCode>('WhyCode', 'Why a task stands where it stands.', descriptions);
