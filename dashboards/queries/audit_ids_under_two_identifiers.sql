-- uses owners, owned
-- Event ids received under two identifiers of one profile, once with a stronger one and once without. They are two touches.
SELECT profile, channel, event_id, arraySort(groupUniqArray(folded_into)) AS identifiers, count() OVER () AS found
FROM owned
GROUP BY profile, channel, event_id
HAVING length(identifiers) > 1
ORDER BY profile, channel, event_id
LIMIT {limit:UInt32}
