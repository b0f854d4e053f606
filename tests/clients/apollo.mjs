// Apollo Client 4: HTTP for queries and mutations, graphql-ws for subscriptions, its normalised cache in between.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { tell } from "./story.mjs";

const { URL, TOKEN } = process.env;
const authorization = `Bearer ${TOKEN}`;
let socket;
const sockets = createClient({
  url: URL.replace("http", "ws"),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  retryAttempts: 5,
  on: { opened: (opened) => { socket = opened; } },
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    new HttpLink({ uri: URL, headers: { authorization } }),
  ),
});
const wire = {
  query: async (query, variables) => (await client.query({ query: gql(query), variables })).data,
  mutate: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
  follow: (query, variables, { next, error }) => {
    const following = client
      .subscribe({ query: gql(query), variables })
      .subscribe({ next: ({ data, error: failed }) => (failed ? error(failed) : next(data)), error });
    return () => following.unsubscribe();
  },
};
const told = await tell(wire, async () => socket.terminate());
const cached = Object.keys(client.cache.extract()).filter((key) => key.startsWith("Item:")).length;
console.log(JSON.stringify({ ...told, cached }));
await sockets.dispose();
client.stop();
