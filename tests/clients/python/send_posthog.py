"""Capture events by PostHog's SDK: `send_posthog.py ADDRESS KEY`, with the calls as JSON on standard input."""

import json
import sys

from posthog import Posthog

address, key = sys.argv[1:]
failed: list[object] = []
client = Posthog(key, host=address, on_error=lambda error, items: failed.append(error))
for call in json.load(sys.stdin):
    getattr(client, call.pop("call"))(**call)
client.shutdown()
if failed:
    sys.exit(f"{len(failed)} requests failed, the first with: {failed[0]}")
