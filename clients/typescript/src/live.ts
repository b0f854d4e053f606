// npx tsx src/live.ts: prints the open pushbacks of a team, again after each change. URL, TOKEN and TEAM say where.
import { openPushbacks } from "./open-pushbacks";
import { connect } from "./wire";

const { URL = "http://127.0.0.1:8000/graphql", TOKEN = "", TEAM = "" } = process.env;

for await (const list of openPushbacks(connect(URL, TOKEN), TEAM)) {
  console.log(`\n${list.length} open`);
  for (const { stance, statement, raiser, turn, item } of list) {
    console.log(`${stance}  ${item.title}: ${statement} (${raiser.name}; waits for ${turn?.name ?? "nobody"})`);
  }
}
