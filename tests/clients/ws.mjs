// graphql-ws alone: every operation over one socket, which is torn away in the middle.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { tell } from "./story.mjs";

const { URL, TOKEN } = process.env;
let socket;
const client = createClient({
  url: URL.replace("http", "ws"),
  webSocketImpl: WebSocket,
  lazy: true,
  keepAlive: 500,
  connectionParams: { authorization: `Bearer ${TOKEN}` },
  retryAttempts: 5,
  on: { opened: (opened) => { socket = opened; } },
});
const one = async (query, variables) => {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
};
const wire = {
  query: one,
  mutate: one,
  follow: (query, variables, { next, error }) =>
    client.subscribe({ query, variables }, { next: ({ data }) => next(data), error, complete: () => {} }),
};
console.log(JSON.stringify(await tell(wire, async () => socket.terminate())));
await client.dispose();
