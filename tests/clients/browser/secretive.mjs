// Where the schema is not told: commands with a form of their own are carried out, of others the page says why not.
import { button, person, send, tell, type } from "./people.mjs";

const { TOKEN, OTHER, item } = process.env;

const owner = await person(OTHER, `/item/${item}`);
const architect = await person(TOKEN, `/item/${item}`);
await button(architect, "raisePushback").click();
await type(architect, "What is wrong, in a sentence?", "Nobody says why");
await send(architect);
await owner.getByRole("link", { name: "Nobody says why" }).first().waitFor();
const shaped = owner.locator("button[data-mutation=nameImplementer]").first();
await owner.locator("details").filter({ has: shaped }).first().locator("summary").click();
await shaped.click();
const said = await owner.getByRole("alert").textContent();
await button(owner, "answerPushback").click();
await type(owner, "Your answer", "The regulator asks for it");
await send(owner);
await architect.getByText("The regulator asks for it").first().waitFor();
await tell({ said, isTheSame: await owner.evaluate(() => window.isTheSame) });
