"""Track events by Snowplow's tracker: `send_snowplow.py ADDRESS KEY`, with the events as JSON on standard input."""

import json
import sys
from queue import SimpleQueue

from snowplow_tracker import Emitter, SelfDescribing, SelfDescribingJson, StructuredEvent, Subject, Tracker
from snowplow_tracker.events import PageView

PATIENCE_S = 90

address, key = sys.argv[1:]
host, _, port = address.removeprefix("http://").partition(":")
delivered: SimpleQueue[object] = SimpleQueue()


def note_delivered(batch: list[object]) -> None:
    """Note the events of a request that was answered."""
    for event in batch:
        delivered.put(event)


emitter = Emitter(host, port=int(port), protocol="http", batch_size=3, request_timeout=30, on_success=note_delivered)
events = json.load(sys.stdin)
for event in events:
    subject = Subject().set_user_id(event["user"]).set_ip_address(event["ip"]).set_useragent(event["agent"])
    tracker = Tracker("test", emitter, app_id=key, subject=subject)
    contexts = [SelfDescribingJson(context["schema"], context["data"]) for context in event.get("contexts", ())]
    match event["kind"]:
        case "page":
            made = PageView(page_url=event["url"], page_title=event["title"], context=contexts)
        case "structured":
            made = StructuredEvent(category=event["category"], action=event["action"], value=event["value"])
        case "self_describing":
            made = SelfDescribing(SelfDescribingJson(event["schema"], event["data"]), context=contexts)
        case kind:
            sys.exit(f"no such kind of event: {kind}")
    tracker.track(made)
for _ in events:
    emitter.flush()  # which does nothing while the emitter waits before it tries again
    delivered.get(timeout=PATIENCE_S)
