import { isTaskloomError } from '../../errors/taskloom-error.js';

/** The code with which something is refused; of an error that is none of Taskloom's its name, `null` where nothing is. */
export async function refusalOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return isTaskloomError(error) ? error.code : (error as Error).name;
  }
}
