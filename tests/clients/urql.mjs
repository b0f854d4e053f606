// urql: queries, mutations and, over server-sent events, subscriptions, all by fetch.
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { tell } from "./story.mjs";

const { URL, TOKEN } = process.env;
const client = new Client({
  url: URL,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: { authorization: `Bearer ${TOKEN}` } },
});
const data = ({ data: told, error }) => {
  if (error) throw error;
  return told;
};
const wire = {
  query: async (query, variables) => data(await client.query(query, variables).toPromise()),
  mutate: async (mutation, variables) => data(await client.mutation(mutation, variables).toPromise()),
  follow: (query, variables, { next, error }) => {
    const following = client.subscription(query, variables).subscribe((result) => {
      if (result.error) error(result.error);
      else if (result.data) next(result.data);
    });
    return () => setTimeout(() => following.unsubscribe());
  },
};
console.log(JSON.stringify(await tell(wire, async () => {})));
