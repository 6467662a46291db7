// Make calls by Segment's SDK: `node send_segment.js ADDRESS KEY`, with the calls as JSON on standard input.
const { readFileSync } = require("node:fs");
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey });
analytics.on("error", (error) => { throw new Error(JSON.stringify(error)); });
for (const { call, ...fields } of JSON.parse(readFileSync(0, "utf8"))) analytics[call](fields);
analytics.closeAndFlush();
