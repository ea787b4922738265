/** The page in which GraphiQL starts. `path` is checked at boot: letters, digits and `/ - _ . ~` only. */
export function pageAt(path: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Taskloom · GraphiQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/graphiql/graphiql.css">
    <link rel="stylesheet" href="${path}/graphiql/page.css">
  </head>
  <body>
    <div id="graphiql">Loading …</div>
    <script src="${path}/graphiql/react.js"></script>
    <script src="${path}/graphiql/react-dom.js"></script>
    <script src="${path}/graphiql/graphql-ws.js"></script>
    <script src="${path}/graphiql/graphiql.js"></script>
    <script src="${path}/graphiql/boot.js"></script>
  </body>
</html>
`;
}

export const stylesheet = `html, body, #graphiql { height: 100%; margin: 0; }
`;

const WELCOME = `# Taskloom: jobs, tasks, agents and workflows of this application.
#
# Watch all jobs: the newest open ones now, then every change.
subscription Watch {
  jobUpdated {
    id
    name
    status
    progress
    counts { completed inProgress failed total }
  }
}

# What is there?
query Overview {
  jobs(first: 10) {
    nodes { id name workflow status success progress createdAt }
  }
  workflows { name description inputSchema }
  agents { name description capabilities }
}
`;

/** Starts GraphiQL over HTTP and, for subscriptions, graphql-ws. Headers of the editor travel as \`connectionParams\` too. */
export function bootScript(path: string): string {
  return `(() => {
  const url = new URL(${JSON.stringify(path)}, location.href);
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let headers = {};
  const wsClient = graphqlWs.createClient({ url: socketUrl.href, lazy: true, connectionParams: () => headers });
  const inner = GraphiQL.createFetcher({ url: url.href, wsClient });
  const fetcher = (operation, options) => {
    headers = (options && options.headers) || {};
    return inner(operation, options);
  };
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(GraphiQL, { fetcher, defaultQuery: ${JSON.stringify(WELCOME)}, shouldPersistHeaders: false }),
  );
})();
`;
}
