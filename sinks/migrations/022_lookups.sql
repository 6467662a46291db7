-- Each look of a viewer whose role is recorded (support) at one customer, written by the query API before it answers.
CREATE TABLE IF NOT EXISTS lookups
(
    at       DateTime64(3, 'UTC'),
    tenant   LowCardinality(String),
    token_id String,  -- of the viewer's token, see `touchline token list`
    role     LowCardinality(String),
    profile  String   -- the identifier of the customer
)
ENGINE = MergeTree
ORDER BY (tenant, profile, at)
SETTINGS non_replicated_deduplication_window = 10000;
