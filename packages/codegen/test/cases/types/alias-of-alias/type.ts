/** @minLength 1 */
type Text = string;
/** @maxLength 5 */
type Word = Text;
export interface Input { word: Word }
