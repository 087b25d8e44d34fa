// The same work by @event-driven-io/emmett-postgresql: read a stream, append one event at the version that was read.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [url, folder, clients, seconds, streams, text] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const { getPostgreSQLEventStore } = require("@event-driven-io/emmett-postgresql");

const store = getPostgreSQLEventStore(url);
const event = () => ({ type: "AmountStated", data: { text } });
const name = (number) => `matter-${number}`;
await store.schema.migrate();
for (let number = 0; number < Number(streams); number += 1) await store.appendToStream(name(number), [event()]);

const begun = performance.now();
const until = begun + Number(seconds) * 1000;
let done = 0;
async function client(number) {
  for (let at = number; performance.now() < until; at += Number(clients)) {
    const stream = name(at % Number(streams));
    const { currentStreamVersion } = await store.readStream(stream);
    await store.appendToStream(stream, [event()], { expectedStreamVersion: currentStreamVersion });
    done += 1;
  }
}
await Promise.all(Array.from({ length: Number(clients) }, (_, number) => client(number)));
console.log(done / ((performance.now() - begun) / 1000));
await store.close();
