"""Make calls by RudderStack's SDK: `send_rudderstack.py ADDRESS KEY`, with the calls as JSON on standard input."""

import json
import sys

from rudderstack import analytics

NAMES = {"userId": "user_id", "anonymousId": "anonymous_id", "groupId": "group_id", "previousId": "previous_id"}

analytics.dataPlaneUrl, analytics.write_key = sys.argv[1:]
analytics.on_error = lambda error, items: sys.exit(f"{len(items)} events failed: {error}")
for call in json.load(sys.stdin):
    method = getattr(analytics, call.pop("call"))
    method(**{NAMES.get(name, name): value for name, value in call.items()})
analytics.shutdown()
