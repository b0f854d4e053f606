// GraphiQL for this server. A token given in the address after '#token=' never reaches the server's log: it is kept for
// the tab and sent as the authorization header, which the Headers editor shows and can change.
"use strict";

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem("pushback-token", given);
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem("pushback-token");
const authorization = token ? `Bearer ${token}` : "Bearer <your token>";

const fetcher = GraphiQL.createFetcher({
  url: "graphql",
  headers: token ? { authorization } : {},
  wsClient: graphqlWs.createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: () => ({ authorization }),
    lazy: true,
  }),
});

const examples = [
  `# Who asks, and what is open: press the play button.
query Start {
  viewer {
    person { name }
    powers { power team { name } }
  }
  pushbacks(first: 10, state: OPEN) {
    totalCount
    nodes { statement stance reason raiser { name } turn { name } item { title team { name } } }
  }
}`,
  `# An item with everything on it, as it is now; add asOf: {time: "..."} to see it as it was.
query Item($id: ID!) {
  item(id: $id) {
    title
    digest
    pushbacks { nodes { statement state turn { name } } }
    signOffs { nodes { label state signer { name } actingRole } }
    history(first: 100) { nodes { __typename recordedAt actor { name } } }
  }
}`,
  `# Every event from now on, as it happens.
subscription Events {
  events {
    position
    __typename
    actor { name }
    subject { __typename id }
  }
}`,
];

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultHeaders: JSON.stringify({ authorization }, null, 2),
    initialHeaders: JSON.stringify({ authorization }, null, 2),
    shouldPersistHeaders: false,
    defaultTabs: examples.map((query) => ({ query, headers: JSON.stringify({ authorization }, null, 2) })),
  }),
);
