/** Something is missing or failed, with what to do about it. Shown without a stack. */
export class SetupError extends Error {
  name = 'SetupError';

  /**
   * @param {string} message what is wrong, one sentence
   * @param {string[]} remedy lines that say what to do
   * @param {string} [output] what the failed command printed
   */
  constructor(message, remedy, output = '') {
    super(message);
    this.remedy = remedy;
    this.output = output;
  }
}
