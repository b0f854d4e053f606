// A team estimates together with hidden votes, and a definition of done is ticked where acceptance is formal.
import assert from "node:assert/strict";
import { act, button, person, send, tell, type } from "./people.mjs";

const { TOKEN, OTHER, DEVELOPER, MASTER, item, team } = process.env;
const ADOPT =
  "mutation Adopt($input: AdoptDefinitionInput!) { adoptDefinition(input: $input) { __typename ... on Refusal { message } } }";

const checks = [
  { id: "shown", text: "It was shown to a user", evidenceRequired: true },
  { id: "told", text: "Support was told" },
];
await act(OTHER, ADOPT, { input: { team, use: "DONE", why: "Nobody saw the last one", checks } });

const master = await person(MASTER, `/item/${item}`);
const developer = await person(DEVELOPER, `/item/${item}`);
await button(master, "openRound").click();
await send(master);
await button(developer, "castVote").click();
await developer.getByLabel("5", { exact: true }).check();
await send(developer);
await master.getByText("1 of 1 have voted").waitFor();
assert.equal(await master.getByText("5 points").count(), 0);
await button(master, "revealVotes").click();
await send(master);
await developer.getByText("Dora: 5 points").waitFor();
await button(master, "concludeRound").click();
await send(master);
await developer.getByText("agreed: 5 points").first().waitFor();

const owner = await person(OTHER, `/item/${item}`);
await button(owner, "grantSignOff").click();
await owner.getByLabel("accepted", { exact: true }).check();
await send(owner);
const refusal = owner.locator("form .refusal");
await refusal.waitFor();
const code = await refusal.getAttribute("data-code");
await owner.getByLabel("It was shown to a user", { exact: true }).check();
await type(owner, "What shows it?", "Two readers on Monday");
await type(owner, "Tick it, or say why it need not be met", "Support reads along");
await send(owner);
await owner.getByText("✓ It was shown to a user (Two readers on Monday)").waitFor();
await owner.getByText("– Support was told (waived: Support reads along)").waitFor();
await tell({ code });
