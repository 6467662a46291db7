-- The job in ClickHouse alone. Statements end with a semicolon; run.py replaces the names after a dollar sign.

CREATE TABLE raw (value String)
ENGINE = Kafka
SETTINGS kafka_broker_list = '$kafka', kafka_topic_list = '$topics', kafka_group_name = '$group',
    kafka_format = 'RawBLOB', kafka_num_consumers = 1, kafka_max_block_size = 65536, kafka_poll_max_batch_size = 65536,
    kafka_flush_interval_ms = $every_ms, kafka_commit_on_select = 1;

-- Every message, decoded and checked. Nothing is stored here: the views below read each block.
CREATE TABLE decoded (
    $columns,
    points Float64,
    is_valid Bool
) ENGINE = Null;

-- A repeat of an event id of a customer replaces the row before it: at the next merge, and in every answer with FINAL.
CREATE TABLE touches (
    $columns,
    points Float64
) ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (tenant, customer, event_id);

CREATE TABLE counts (handled UInt64, rejected UInt64) ENGINE = SummingMergeTree ORDER BY ();

CREATE VIEW customers AS
SELECT customer, count() AS touches, sum(points) AS score
FROM touches FINAL
WHERE customer != ''
GROUP BY customer;

CREATE MATERIALIZED VIEW valid_touches TO touches AS
SELECT * EXCEPT is_valid FROM decoded WHERE is_valid;

CREATE MATERIALIZED VIEW counted TO counts AS
SELECT count() AS handled, countIf(NOT is_valid) AS rejected FROM decoded;

-- Reads the next messages, up to a block. In a server this would be a materialized view; the embedded engine has no
-- threads for that, so run.py repeats it. One JSONExtract parses a message; a value of a wrong type is NULL.
INSERT INTO decoded
WITH
    JSONExtract(value, 'Tuple(
        type Nullable(String), event_id Nullable(String), occurred_at Nullable(String), sent_at Nullable(String),
        schema_version Nullable(String), tenant Nullable(String), customer_id Nullable(String), email Nullable(String),
        phone Nullable(String), anonymous_id Nullable(String), ids Map(String, String), source Nullable(String),
        direction Nullable(String), url Nullable(String), referrer Nullable(String), title Nullable(String),
        user_agent Nullable(String), ip Nullable(String), screen Nullable(String), engaged_ms Nullable(Float64),
        message_id Nullable(String), subject Nullable(String), campaign Nullable(String), link_url Nullable(String),
        duration_s Nullable(Float64), wait_s Nullable(Float64), outcome Nullable(String), agent Nullable(String),
        queue Nullable(String))') AS raw_touch,
    substring(_topic, $prefix_length + 1) AS channel_name,
    ifNull(raw_touch.tenant, 'main') AS tenant_name,
    ifNull(raw_touch.customer_id, '') AS customer_number,
    lower(trim(ifNull(raw_touch.email, ''))) AS address,
    replaceRegexpAll(ifNull(raw_touch.phone, ''), '[ ()./\\t\\x{a0}-]', '') AS number,
    ifNull(raw_touch.anonymous_id, '') AS visitor,
    multiIf(
        raw_touch.ids['master_id'] != '', 'master_id:' || raw_touch.ids['master_id'],
        customer_number != '', 'customer_id:' || customer_number,
        raw_touch.ids['crm'] != '', 'crm:' || raw_touch.ids['crm'],
        address != '', 'email:' || address,
        number != '', 'phone:' || number,
        visitor != '', 'anonymous_id:' || visitor,
        '') AS strongest,
    if(match(raw_touch.occurred_at, '^-?[0-9]+$$'),
        fromUnixTimestamp64Milli(toInt64OrZero(ifNull(raw_touch.occurred_at, '')), 'UTC'),
        if(match(raw_touch.occurred_at, '(Z|[+-][0-9]{2}:?[0-9]{2})$$'),
            parseDateTime64BestEffortOrNull(ifNull(raw_touch.occurred_at, ''), 3, 'UTC'), NULL)) AS time,
    channel_name || '.' || ifNull(raw_touch.type, '') AS kind
SELECT
    tenant_name AS tenant,
    if(ifNull(raw_touch.event_id, '') != '', raw_touch.event_id,
        if(channel_name = 'emails' AND raw_touch.message_id != '',
            concat(raw_touch.type, '\x1f', raw_touch.message_id, '\x1f', raw_touch.occurred_at, '\x1f',
                coalesce(raw_touch.email, raw_touch.customer_id, ''), '\x1f', ifNull(raw_touch.link_url, '')),
            concat(_topic, '/', toString(_partition), '/', toString(_offset)))) AS event_id,
    channel_name AS channel,
    ifNull(raw_touch.type, '') AS type,
    ifNull(time, toDateTime64(0, 3, 'UTC')) AS occurred_at,
    _timestamp_ms AS received_at,
    if(strongest = '', '', tenant_name || '|' || strongest) AS customer,
    customer_number AS customer_id,
    address AS email,
    number AS phone,
    visitor AS anonymous_id,
    ifNull(raw_touch.source, '') AS source,
    ifNull(raw_touch.direction, '') AS direction,
    ifNull(raw_touch.url, '') AS url,
    ifNull(raw_touch.referrer, '') AS referrer,
    ifNull(raw_touch.title, '') AS title,
    ifNull(raw_touch.user_agent, '') AS user_agent,
    ifNull(raw_touch.ip, '') AS ip,
    ifNull(raw_touch.screen, '') AS screen,
    ifNull(raw_touch.engaged_ms, 0) AS engaged_ms,
    ifNull(raw_touch.message_id, '') AS message_id,
    ifNull(raw_touch.subject, '') AS subject,
    ifNull(raw_touch.campaign, '') AS campaign,
    ifNull(raw_touch.link_url, '') AS link_url,
    ifNull(raw_touch.duration_s, 0) AS duration_s,
    ifNull(raw_touch.wait_s, 0) AS wait_s,
    ifNull(raw_touch.outcome, '') AS outcome,
    ifNull(raw_touch.agent, '') AS agent,
    ifNull(raw_touch.queue, '') AS queue,
    _topic AS raw_topic,
    _partition AS raw_partition,
    _offset AS raw_offset,
    transform(kind, [$kinds], [$weights], 0.)
        * exp2((toUnixTimestamp64Milli(occurred_at) - $landmark_ms) / $half_life_ms) AS points,
    ifNull(
        startsWith(value, '{')
        AND length(value) <= $largest_bytes
        AND isValidUTF8(value)
        AND time IS NOT NULL
        AND has([$types], kind)
        AND NOT (raw_touch.event_id IN ('true', 'false') AND JSONType(value, 'event_id') = 'Bool')
        AND ifNull(raw_touch.schema_version, '1') = '1'
        AND match(tenant_name, '^[a-z0-9_-]{1,64}$$')
        AND lengthUTF8(event_id) <= 200 AND lengthUTF8(customer_id) <= 200 AND lengthUTF8(anonymous_id) <= 200
        AND (email = '' OR (lengthUTF8(email) <= 200
            AND match(email, '^[^\\s@"(),:;<>\\[\\]\\\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\\.[a-z][a-z0-9-]*$$')))
        AND (phone = '' OR match(phone, '^\\+?[0-9]{6,15}$$'))
        AND (channel != 'visits' OR match(url, '^(?i:https?)://[^/@?#\\s]+(?:[/?#]\\S*)?$$'))
        AND (link_url = '' OR match(link_url, '^(?i:https?)://[^/@?#\\s]+(?:[/?#]\\S*)?$$'))
        AND (channel = 'visits' OR has(['inbound', 'outbound'], direction))
        AND engaged_ms >= 0 AND duration_s >= 0 AND wait_s >= 0, false) AS is_valid
FROM raw
SETTINGS stream_like_engine_allow_direct_select = 1
