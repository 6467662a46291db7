-- Identifiers that contain a text or are spelt much like it, for somebody who mistyped one.
SELECT
    identifier,
    substring(identifier, position(identifier, ':') + 1) AS value,
    ngramDistanceCaseInsensitive(value, {text:String}) AS distance
FROM identities
WHERE tenant = {tenant:String}
    AND (distance <= {furthest:Float64} OR positionCaseInsensitiveUTF8(identifier, {text:String}) > 0)
GROUP BY identifier
ORDER BY distance, identifier
LIMIT {limit:UInt32}
