-- Each record once: when it first arrived, its size, and the last reason to refuse it.
SELECT
    raw_topic, raw_partition, raw_offset,
    argMin(received_at, sent_again) AS arrived,
    argMax(reason, sent_again) AS last_reason,
    argMax(detail, sent_again) AS last_detail,
    argMin(length(original), sent_again) AS bytes,
    max(sent_again) AS again
FROM quarantine FINAL
GROUP BY raw_topic, raw_partition, raw_offset
