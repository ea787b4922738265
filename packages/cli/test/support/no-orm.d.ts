export type Table = unknown;
export type SelectQueryBuilder<Entity> = Entity;
