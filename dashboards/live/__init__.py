"""Live events of the pages: what happened in the last 15 minutes, and what happens now, as server-sent events.

    feed.py            follows the topic `timeline` and watches Kafka; lag.py counts what waits for each stage
    rows.py            blocks of `timeline` -> touches in words, and changes of profiles
    hub.py             gives them to the room of their tenant, and viewers their place in it; reads hot lists
    room.py            the state of a tenant: bins.py, active_people.py, hot_list.py, the newest touches
    messages.py        the events; audience.py says who sees what of them
    message_log.py     the encoded events of the last minutes, in which each viewer has a place (subscription.py)
    event_stream.py    the HTTP answer

Touches come from `timeline` and not from `activity`: there each touch counts once and has the profile that it counts
for (docs/decisions/029-live-events.md).
"""
