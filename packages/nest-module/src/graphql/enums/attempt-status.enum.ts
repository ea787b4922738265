import type { AttemptStatus } from '../attempts-of.js';
import { registerEnum } from './register-enum.js';

export const AttemptStatusEnum = registerEnum<AttemptStatus>('AttemptStatus', 'What became of an attempt.', {
  RUNNING: 'Its agent runs.',
  COMPLETED: 'Its agent has returned, or ended it as not needed.',
  FAILED: 'Its agent has thrown, or what it returned does not fit.',
  TIMED_OUT: 'It took longer than it may.',
  SUSPENDED: 'It waits for a task, a person, a time or code; its agent runs again when that has come.',
  CANCELLED: 'It was taken from its agent: cancelled, skipped, or ended together with its job.',
  ABANDONED: 'The process died in which it ran.',
});
