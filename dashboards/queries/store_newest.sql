-- When the newest stored touch arrived, and how many are stored.
SELECT count() AS touches, toUnixTimestamp64Milli(max(received_at)) AS newest_ms FROM events
