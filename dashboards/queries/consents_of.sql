-- What a person agrees to now: by purpose and way of contact the latest decision that named one of the identifiers, of two at one
-- millisecond the withdrawal.
SELECT
    purpose,
    contact_channel,
    argMax(state, (since, state = 'withdrawn')) AS decision,
    toUnixTimestamp64Milli(max(since)) AS since_ms
FROM consents
WHERE tenant = {tenant:String} AND identifier IN {identifiers:Array(String)}
GROUP BY purpose, contact_channel
ORDER BY purpose, contact_channel
