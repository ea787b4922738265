import type { Flow, Ref } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

/** A part, with parts of its own. */
export interface Part {
  name: string;
  parts?: Part[];
}

/** What a release is made of. */
export interface Release {
  /** The "version" of `it`, </script> */
  version: string;
  /** @minimum 1 */
  copies?: number;
  parts: Part[];
  on: Date;
}

declare const released: Ref<{ released: boolean; by: 'hand' | 'machine' }>;

@Workflow({ name: 'release', description: 'Releases, when somebody has approved it */' })
export class ReleaseVersion {
  plan(_flow: Flow, _input: Release) {
    return released;
  }
}

@Workflow({ name: 'clean-up' })
export class CleanUp {
  plan(_flow: Flow, _input: { olderThanDays?: number }): void {}
}

@Workflow({ name: 'nothing' })
export class Nothing {
  plan(_flow: Flow): void {}
}

@Workflow({ name: 'delete' })
export class Delete {
  plan(_flow: Flow, _input: null) {
    return { parts: null as never as Ref<Part[]> };
  }
}

@Workflow({ name: 'workflow-job' })
export class WorkflowJob {
  plan(_flow: Flow, _input: string[]): void {}
}
