import { AGENT_CHOICES, type AgentChoice } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const AgentChoiceEnum = registerEnum<AgentChoice>('AgentChoiceKind', 'How a task came to its agent.', AGENT_CHOICES);
