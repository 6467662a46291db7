-- The number of stored touches, and when the newest arrived.
SELECT count() AS touches, toUnixTimestamp64Milli(max(received_at)) AS newest_ms FROM events
