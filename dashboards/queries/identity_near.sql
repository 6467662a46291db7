-- Identifiers that contain a text or have a similar spelling, as suggestions for a mistyped one.
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
