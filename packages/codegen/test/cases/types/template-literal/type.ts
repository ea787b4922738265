export type Input = { size: `${number}px`; id: `file-${string}` };
