type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Input = { data: Json };
