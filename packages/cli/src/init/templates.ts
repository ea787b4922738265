/** What `taskloom init` writes, by path from the project's folder. */
export const TEMPLATES: { readonly [path: string]: string } = {
  'taskloom.config.ts': `import { defineConfig } from '@taskloom/cli';

export default defineConfig({ emit: ['docs'] });
`,
  'src/taskloom/greet.agent.ts': `import { TaskAgent } from '@taskloom/decorators';

/** Schemas follow from these types: \`npx taskloom generate\` reads them. */
@TaskAgent({ name: 'greet', description: 'Greets somebody' })
export class Greet {
  execute(input: {
    /** Whom to greet. */
    name: string;
  }) {
    return { text: \`Hello, \${input.name}!\` };
  }
}
`,
  'src/taskloom/welcome.workflow.ts': `import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

import { greet } from '../generated/taskloom.generated.js';

/** @example { "names": ["Ada", "Alan"] } */
export interface Guests {
  names: string[];
}

@Workflow({ name: 'welcome', description: 'Greets everybody, side by side' })
export class Welcome {
  plan(flow: Flow, input: Guests) {
    return { greetings: input.names.map((name) => flow.add(greet({ name })).out.text) };
  }
}
`,
  'src/taskloom/welcome.module.ts': `import { Module } from '@nestjs/common';
import { TaskloomModule } from '@taskloom/nest';

import { manifest } from '../generated/taskloom.generated.js';
import { Greet } from './greet.agent.js';
import { Welcome } from './welcome.workflow.js';

@Module({
  imports: [TaskloomModule.forRoot({ manifest })],
  providers: [Greet, Welcome],
})
export class WelcomeModule {}
`,
};

/** The module that the application imports, and the file it lies in. */
export const MODULE = { className: 'WelcomeModule', specifier: './taskloom/welcome.module.js' } as const;
