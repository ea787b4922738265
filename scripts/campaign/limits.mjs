/** Most attempts at the same time in a worker of the campaign. */
export const MAX_PARALLEL = 4;
