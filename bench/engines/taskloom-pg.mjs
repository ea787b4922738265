import { startPostgres } from './postgres-server.mjs';
import { open as openTaskloom } from './taskloom.mjs';

/**
 * The engine on PostgreSQL; the rest as in `taskloom.mjs`.
 *
 * @type {import('./index.mjs').Open}
 */
export async function open(options) {
  const server = await startPostgres();
  const session = await openTaskloom({ ...options, store: { type: 'postgres', url: server.url } });
  return {
    ...session,
    close: async () => {
      await session.close();
      await server.stop();
    },
  };
}
