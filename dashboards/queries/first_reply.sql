-- How long mails of customers waited for a reply. A mail opens a question unless the customer's former mail still waits; the next
-- mail to the customer that is of no mailing answers it. A mail whose block is stored twice changes nothing: the second one still
-- asks, or answers at the same time.
SELECT
    count() AS questions,
    countIf(answered_ms > 0) AS answered,
    quantilesExactIf(0.5, 0.9)(intDiv(answered_ms - asked_ms, 1000), answered_ms > 0) AS waited
FROM
(
    SELECT
        t_ms AS asked_ms, inbound,
        lagInFrame(inbound, 1, false) OVER (PARTITION BY folded_id ORDER BY t_ms, inbound
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS still_asked,
        minIf(t_ms, NOT inbound) OVER (PARTITION BY folded_id ORDER BY t_ms, inbound
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS answered_ms
    FROM
    (
        SELECT folded_id, toUnixTimestamp64Milli(occurred_at) AS t_ms, type != 'sent' AS inbound
        FROM events
        WHERE tenant = {tenant:String} AND channel = 'emails' AND NOT beyond_window AND folded_id != cityHash64('')
            AND (type IN ('received', 'replied') OR type = 'sent' AND campaign = '' AND campaign_name = '')
            AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND occurred_at < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
    )
)
WHERE inbound AND NOT still_asked
