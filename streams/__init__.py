"""The map: the nine steps of a touch from a raw topic to ClickHouse, each with the module to open first.

    1. Read      kafka/consumer.py              record batches of a raw topic; kafka/prefetch.py plans the requests
                 runtime/partition_executor.py  calls the stage, one batch of a partition at a time
    2. Decode    intake/stage.py                intake/fast_path.py, or intake/decoder.py for unusual records:
                                                identifiers, event time, row; quarantine.py for refused records
    3. Enrich    enrichment/pipeline.py         page, referrer, campaign, user agent, bots, country
    4. Weigh     rules/evaluator.py             the rule that a touch matches, of rules/default.toml or your own file
                 kafka/sender.py                sends the touch to `activity`, keyed by its strongest identifier
    5. Dedupe    engage/stage.py                engage/dedupe.py counts each touch once
    6. Identify  identity/claims.py             ties between identifiers; identity/hierarchy.py makes profiles of them
    7. Fold      profile/touch_fold.py          counts, sessions, score, caps and traits;
                                                profile/sessions.py cuts at the gap of ../schemas/touch.py
    8. Write     engage/stage.py                blocks of rows to `timeline`, profiles to `profiles`, then the state:
                 state/table.py                 a changelog topic, and a store in memory or RocksDB
                 kafka/offset_commit.py         commits the offset when all of this is acknowledged
    9. Store     ../sinks/store/stage.py        inserts each row into ClickHouse exactly once

Questions to ClickHouse are asked in `dashboards/answers`, with the SQL of `dashboards/queries`.

`intake`, `engage` and `sinks/store` are the three stages. A stage knows Kafka only by `records.py`. Under the stages
are `runtime` (the Faust app), `state` (tables and recovery) and `kafka` (clients, lease, assignment, topics).
`topics.py` names all topics, `observer.py` receives reports of stages, and `fail_fast.py` ends a worker that must not
continue.
"""
