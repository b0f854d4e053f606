// GraphiQL for this server, as whoever is signed in. A token in the address after '#token=', which no server's log sees,
// signs in. Somebody else's token may stand in the Headers editor as {"authorization": "Bearer ..."}: it goes first.
"use strict";

const client = { "x-pushback-client": "1" };
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) history.replaceState(null, "", location.pathname);

async function signedIn() {
  if (given) {
    const headers = { ...client, "content-type": "application/json" };
    await fetch("session", { method: "POST", headers, body: JSON.stringify({ token: given }) });
  }
  const answer = await fetch(`graphql?query=${encodeURIComponent("{ viewer { credentialId } }")}`, { headers: client });
  if (answer.status === 401) location.replace(`sign-in?next=${encodeURIComponent(location.pathname)}`);
}

const fetcher = GraphiQL.createFetcher({
  url: "graphql",
  headers: client,
  wsClient: graphqlWs.createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
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

signedIn().finally(() => {
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher,
      shouldPersistHeaders: false,
      defaultTabs: examples.map((query) => ({ query })),
    }),
  );
});
