-- Which refund of an order a touch is.
ALTER TABLE events ADD COLUMN IF NOT EXISTS refund_id String AFTER order_id;

ALTER TABLE events_trial ADD COLUMN IF NOT EXISTS refund_id String AFTER order_id;

ALTER TABLE incoming ADD COLUMN IF NOT EXISTS refund_id String AFTER order_id;
