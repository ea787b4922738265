import { Client } from 'pg';

/** A new, empty database on the server, so that no run finds what another has left. @param {string} server @returns {Promise<string>} its address */
export async function freshDatabase(server) {
  const name = `run_${process.pid}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
