import { TypeMetadataStorage } from '@nestjs/graphql';
// Not among the package's named exports, and one object for all of its copies.
import { LazyMetadataStorage } from '@nestjs/graphql/dist/schema-builder/storages/lazy-metadata.storage.js';

type State = Record<string, unknown>;

/**
 * A place for the metadata of the API's own types. `@nestjs/graphql` keeps what its decorators say in two objects for the
 * whole process, and every code-first schema takes all types it finds there: the application's schema would get
 * Taskloom's types, Taskloom's would get the application's, and two types named `Job` would make both impossible.
 *
 * What runs on the island sees those two objects with contents of the island's own. It must be synchronous.
 */
class MetadataIsland {
  private readonly hosts = [LazyMetadataStorage, TypeMetadataStorage].map((host) => ({
    host: host as unknown as State,
    away: emptyOf(host),
  }));

  run<T>(act: () => T): T {
    this.exchange();
    try {
      return act();
    } finally {
      this.exchange();
    }
  }

  private exchange(): void {
    for (const place of this.hosts) {
      const present = { ...place.host };
      for (const key of Object.keys(place.host)) delete place.host[key];
      Object.assign(place.host, place.away);
      place.away = present;
    }
  }
}

function emptyOf(host: object): State {
  const Host = host.constructor as new () => object;
  return { ...new Host() };
}

export const metadataIsland = new MetadataIsland();
