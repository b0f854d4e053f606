// Appends by emmett: for each line "CONCURRENCY SECONDS" that comes, the rate at which events were durable.
import { createInterface } from "node:readline";
import { randomUUID } from "node:crypto";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const EVENT_BYTES = 416;
const STREAM_EVENTS = 20;
const store = getPostgreSQLEventStore(process.env.PEER_DATABASE);
await store.schema.migrate();

async function work(end) {
  let count = 0;
  let stream = "";
  while (performance.now() < end) {
    if (count % STREAM_EVENTS === 0) stream = randomUUID();
    await store.appendToStream(stream, [{ type: "Measured", data: { text: "x".repeat(EVENT_BYTES) } }]);
    count += 1;
  }
  return count;
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [concurrency, seconds] = line.split(" ").map(Number);
  const start = performance.now();
  const counts = await Promise.all(Array.from({ length: concurrency }, () => work(start + seconds * 1000)));
  console.log((counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - start));
}
await store.close();
