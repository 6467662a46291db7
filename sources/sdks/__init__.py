"""Mappings of the payloads of analytics SDKs to touches. Pure: a decoded payload goes in, outcomes come out.

    segment.py           Segment and RudderStack, which share one form: batches, common fields, one type each
    segment_context.py   their `context`: page, campaign, screen, app, device, library, user agent, address
    snowplow.py          Snowplow's tracker protocol: page views, structured and self-describing events
    snowplow_events.py   self-describing events by their Iglu schema, and contexts
    view_times.py        the time of page views, of pings that do not say it
    posthog.py           PostHog's capture format
    orders.py            e-commerce events by name, for all of them: touches of the channel `orders`
    consents.py          consent events: touches of the channel `consents`
    outcome.py           what a payload becomes: a touch, an event that cannot be mapped, an event that is no touch
    client.py            what the collector knows of the client; libraries that need special treatment

docs/guides/sdks.md has the table of fields. What a client sends for `tenant`, `source` and `received_at` is
not mapped: the collector sets them from the write key and the connection.
"""
