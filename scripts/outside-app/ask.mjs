/** Asks a GraphQL endpoint, and gives the data of the answer. @throws Error with what it has against the question */
export async function ask(url, query, variables) {
  const { data, errors } = await fetchJson(url, query, variables);
  if (errors) throw new Error(JSON.stringify(errors, null, 2));
  return data;
}

/** Asks a GraphQL endpoint, and gives the whole answer. */
export async function fetchJson(url, query, variables) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  // Objects that `response.json()` makes are not of the test runner's own realm, and equal to none of its.
  return JSON.parse(await response.text());
}
