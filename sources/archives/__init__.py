"""Importers of archives of analytics systems: events as they were stored, one on each line.

    event_lines.py   lines of JSON become outcomes; what all archives share
    utc_times.py     times of archives, which are UTC where they name no zone
    segment.py       archives of Segment and RudderStack, such as their destination Amazon S3
    posthog.py       batch exports of PostHog as JSON lines
    snowplow.py      Snowplow's enriched events, tab separated, in 131 columns

Each brings an event into the form in which the SDK sends it; `sources.sdks` then maps it, so that events of archives
and of the collector are mapped alike.
"""
