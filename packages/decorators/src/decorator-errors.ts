import { TaskloomError } from '@taskloom/core';

/** The decorators, by the names people write. */
export type DecoratorName = '@TaskAgent' | '@PubSubAgent' | '@Workflow';

/** A decorator stands where it cannot work. The message names the class and the remedy says what to write instead. */
export function decoratorMisuse(decorator: DecoratorName, where: string, problem: string, remedy: string): TaskloomError {
  return new TaskloomError('DECORATOR_MISUSE', `${decorator} on ${where}: ${problem}`, { remedy, details: { decorator, where } });
}

/** A class's name for messages. Names of agents never come from it: minifiers change it. */
export function classNameOf(target: unknown): string {
  const name: unknown = typeof target === 'function' ? target.name : undefined;
  return typeof name === 'string' && name !== '' ? name : 'an unnamed class';
}
