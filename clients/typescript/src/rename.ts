// Changing what somebody else may be changing too: send the digest that was shown, and look again when it is stale.
import { graphql } from "./gql";
import type { Wire } from "./wire";

const ItemShown = graphql(`
  query ItemShown($item: ID!) {
    item(id: $item) { id title digest }
  }
`);

const Rename = graphql(`
  mutation Rename($input: ReviseItemInput!) {
    reviseItem(input: $input) {
      __typename
      ... on ItemSuccess { position subject { id title digest } }
      ... on Refusal {
        code
        message
        path
        current
        eventsSince { position kind actor { name } ... on ItemRevised { title } }
      }
    }
  }
`);

export async function show(wire: Wire, item: string) {
  const { item: shown } = await wire.ask(ItemShown, { item });
  if (!shown) throw new Error(`there is no item ${item}`);
  return shown;
}

/** Renames what was shown. When it has changed since, `decide` sees what happened and says whether to go on. */
export async function rename(
  wire: Wire,
  shown: { id: string; digest: string },
  title: string,
  decide: (since: Array<{ kind: string; who: string | null | undefined }>) => boolean,
) {
  let expectedDigest = shown.digest;
  for (;;) {
    const commandId = crypto.randomUUID(); // the same one again only when no answer came: it acts once
    const input = { item: shown.id, expectedDigest, title, commandId };
    const { reviseItem: told } = await wire.ask(Rename, { input });
    if (told.__typename === "ItemSuccess" || told.code !== "STALE_DIGEST" || !told.current) return told;
    if (!decide(told.eventsSince.map(({ kind, actor }) => ({ kind, who: actor?.name })))) return told;
    expectedDigest = told.current;
  }
}
