export interface Input {
  /** @minimum 0 @maximum 10 */
  inclusive: number;
  /**
   * @exclusiveMinimum 0
   * @exclusiveMaximum 1
   */
  exclusive: number;
  /** @multipleOf 0.5 */
  step: number;
  /** @integer */
  whole: number;
  /** @asType integer */
  alsoWhole: number;
}
