-- What customers ask for and nobody has answered: of each ticket, each conversation, and each other customer and channel, the asks
-- since the last answer. `first` is the oldest of them. An ask is a call that nobody took, a mail, a message, or an open ticket.
SELECT
    thread,
    argMin(
        (channel, type, folded_into, event_id, toUnixTimestamp64Milli(occurred_at), subject, text, network, wait_s, agent, queue, priority),
        occurred_at) AS first,
    min(occurred_at) AS since,
    toUnixTimestamp64Milli(max(occurred_at)) AS last_ms,
    count() AS asks
FROM
(
    SELECT
        *,
        maxIf(occurred_at, NOT is_ask) OVER (PARTITION BY place, thread, customer) AS answered_at
    FROM
    (
        SELECT
            channel, type, folded_into, event_id, occurred_at, subject, text, network, wait_s, agent, queue, priority,
            multiIf(channel = 'tickets', ticket_id, channel = 'messages', conversation_id, '') AS thread,
            if(thread != '', source, channel) AS place,
            if(thread != '', '', folded_into) AS customer,
            multiIf(
                channel = 'calls', direction = 'inbound' AND type != 'answered',
                channel = 'emails', type != 'sent',
                channel = 'messages', type = 'received',
                type IN ('opened', 'replied', 'reopened')) AS is_ask
        FROM events
        WHERE tenant = {tenant:String}
            AND channel IN ('calls', 'emails', 'messages', 'tickets')
            AND (channel != 'emails' OR type IN ('received', 'replied') OR type = 'sent' AND campaign = '' AND campaign_name = '')
            AND (channel != 'messages' OR type IN ('received', 'sent'))
            AND occurred_at >= fromUnixTimestamp64Milli(if(channel IN ('messages', 'tickets'), {tickets_from_ms:Int64}, {from_ms:Int64}), 'UTC')
            AND occurred_at <= fromUnixTimestamp64Milli({at_ms:Int64}, 'UTC')
            AND NOT bot AND NOT beyond_window
        ORDER BY activity_offset DESC
        LIMIT 1 BY folded_into, occurred_at, event_id, channel
    )
    WHERE thread != '' OR customer != ''
)
WHERE is_ask AND occurred_at > answered_at
    AND (channel = 'tickets' OR occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC'))
GROUP BY place, thread, customer
ORDER BY since
LIMIT {limit:UInt32}
