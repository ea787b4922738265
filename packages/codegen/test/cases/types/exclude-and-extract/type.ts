type All = 'a' | 'b' | 'c' | 1;
export type Input = { left: Exclude<All, 'b' | 1>; right: Extract<All, string> };
