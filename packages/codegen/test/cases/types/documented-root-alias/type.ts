/** Names, in order. @minItems 1 */
export type Input = string[];
