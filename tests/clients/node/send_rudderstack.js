// Make calls by RudderStack's SDK: `node send_rudderstack.js ADDRESS KEY`, with the calls as JSON on standard input.
const { readFileSync } = require("node:fs");
const Analytics = require("@rudderstack/rudder-sdk-node");

const [dataPlaneUrl, writeKey] = process.argv.slice(2);
// Without an errorHandler a refusal ends the process, which the test would notice.
const analytics = new Analytics(writeKey, { dataPlaneUrl });
for (const { call, ...fields } of JSON.parse(readFileSync(0, "utf8"))) analytics[call](fields);
analytics.flush();
