// graphql-sse, one request for each operation, with a bearer header; connections are dropped and resumed by position.
import { createClient } from "graphql-sse";
import { tell } from "./story.mjs";

const { URL, TOKEN } = process.env;
const client = createClient({
  url: URL,
  singleConnection: false,
  headers: { authorization: `Bearer ${TOKEN}` },
  retryAttempts: 5,
});
const one = (query, variables) =>
  new Promise((resolve, reject) => {
    let told;
    client.subscribe({ query, variables }, {
      next: ({ data, errors }) => (errors ? reject(new Error(JSON.stringify(errors))) : (told = data)),
      error: reject,
      complete: () => resolve(told),
    });
  });
const wire = {
  query: one,
  mutate: one,
  follow: (query, variables, { next, error }) =>
    client.subscribe({ query, variables }, { next: ({ data }) => next(data), error, complete: () => {} }),
};
console.log(JSON.stringify(await tell(wire, async () => {})));
client.dispose();
