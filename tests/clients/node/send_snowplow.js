// Track events by Snowplow's tracker: `node send_snowplow.js ADDRESS KEY`, with the events as JSON on standard input.
const { readFileSync } = require("node:fs");
const { buildPageView, buildSelfDescribingEvent, buildStructEvent, newTracker } = require("@snowplow/node-tracker");

const [endpoint, appId] = process.argv.slice(2);
const events = JSON.parse(readFileSync(0, "utf8"));
const onRequestFailure = (data) => { throw new Error(`the request failed: ${JSON.stringify(data)}`); };
const tracker = newTracker({ namespace: "test", appId }, { endpoint, bufferSize: 1, onRequestFailure });
const builders = {
  page: ({ url, title }) => buildPageView({ pageUrl: url, pageTitle: title }),
  structured: ({ category, action, value }) => buildStructEvent({ category, action, value }),
  self_describing: ({ schema, data }) => buildSelfDescribingEvent({ event: { schema, data } }),
};
for (const event of events) {
  tracker.setUserId(event.user);
  tracker.setIpAddress(event.ip);
  tracker.setUseragent(event.agent);
  tracker.track(builders[event.kind](event), event.contexts);
}
tracker.flush();
