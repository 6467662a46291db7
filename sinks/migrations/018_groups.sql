-- The columns of the channel `groups`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS group_id String AFTER contact_channel,
    ADD COLUMN IF NOT EXISTS group_traits Map(String, String) AFTER group_id;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS group_id String AFTER contact_channel,
    ADD COLUMN IF NOT EXISTS group_traits Map(String, String) AFTER group_id;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS group_id String AFTER contact_channel,
    ADD COLUMN IF NOT EXISTS group_traits Map(String, String) AFTER group_id;

-- What is known of each group: of each trait the value of the latest touch, in whatever order they arrived and however often. Of
-- two at one millisecond it is that of the greater event id.
CREATE OR REPLACE VIEW companies AS
SELECT
    tenant,
    group_id,
    mapFromArrays(
        arraySort(groupArrayIf((trait, newest), trait != '')).1,
        arraySort(groupArrayIf((trait, newest), trait != '')).2) AS traits,
    max(latest) AS last_seen
FROM
(
    SELECT tenant, group_id, trait, argMax(value, (occurred_at, event_id, value)) AS newest, max(occurred_at) AS latest
    FROM
    (
        SELECT tenant, group_id, occurred_at, event_id, one.1 AS trait, one.2 AS value
        FROM events
        LEFT ARRAY JOIN arrayZip(mapKeys(group_traits), mapValues(group_traits)) AS one
        WHERE channel = 'groups' AND group_id != ''
    )
    GROUP BY tenant, group_id, trait
)
GROUP BY tenant, group_id;

-- The profiles that belong to a group: by a touch of the channel `groups`, or by `ids.group` of any touch.
CREATE OR REPLACE VIEW company_members AS
SELECT
    e.tenant AS tenant,
    e.company AS group_id,
    if(i.profile = '', e.folded_into, i.profile) AS profile,
    min(e.occurred_at) AS first_seen,
    max(e.occurred_at) AS last_seen,
    uniqExact(e.folded_into, e.channel, e.event_id, e.occurred_at) AS touches
FROM
(
    SELECT tenant, if(group_id != '', group_id, ids['group']) AS company, folded_into, channel, event_id, occurred_at
    FROM events
    WHERE NOT beyond_window AND folded_into != '' AND (group_id != '' OR ids['group'] != '')
) AS e
LEFT JOIN identity_profiles AS i ON i.tenant = e.tenant AND i.identifier = e.folded_into
GROUP BY tenant, group_id, profile;
