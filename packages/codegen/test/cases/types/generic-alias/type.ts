type Maybe<T> = T | null;
type Both<A, B> = { left: A; right: B };
export type Input = Both<Maybe<string>, Maybe<number>>;
