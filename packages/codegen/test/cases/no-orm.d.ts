// Stands in for the types of the ORM, which nothing that the generator reads has to do with; reading them takes longer than all the rest.
export type Table = unknown;
export type SelectQueryBuilder<Entity> = Entity;
