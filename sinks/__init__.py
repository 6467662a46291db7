"""Where facts land: the store (third agent), ClickHouse and its tables, where the store stands, and the embedded
engine.

`store` is what a worker calls; it works with `blocks` (what of a batch is new), `positions` (what the tables already
have), `insert` (one block into one table), `patience` (trying again) and `sift` (which row is at fault). `migrate`
makes the tables.
"""
