-- The columns of the channel `orders`. Amounts are decimals: sums of them are exact.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS order_id String AFTER priority,
    ADD COLUMN IF NOT EXISTS total Nullable(Decimal(18, 4)) AFTER order_id,
    ADD COLUMN IF NOT EXISTS currency LowCardinality(String) AFTER total,
    ADD COLUMN IF NOT EXISTS discount Nullable(Decimal(18, 4)) AFTER currency,
    ADD COLUMN IF NOT EXISTS tax Nullable(Decimal(18, 4)) AFTER discount,
    ADD COLUMN IF NOT EXISTS shipping Nullable(Decimal(18, 4)) AFTER tax,
    ADD COLUMN IF NOT EXISTS coupon LowCardinality(String) AFTER shipping,
    ADD COLUMN IF NOT EXISTS items_sku Array(String) AFTER coupon,
    ADD COLUMN IF NOT EXISTS items_name Array(String) AFTER items_sku,
    ADD COLUMN IF NOT EXISTS items_price Array(Decimal(18, 4)) AFTER items_name,
    ADD COLUMN IF NOT EXISTS items_quantity Array(Float64) AFTER items_price;

ALTER TABLE events_trial
    ADD COLUMN IF NOT EXISTS order_id String AFTER priority,
    ADD COLUMN IF NOT EXISTS total Nullable(Decimal(18, 4)) AFTER order_id,
    ADD COLUMN IF NOT EXISTS currency LowCardinality(String) AFTER total,
    ADD COLUMN IF NOT EXISTS discount Nullable(Decimal(18, 4)) AFTER currency,
    ADD COLUMN IF NOT EXISTS tax Nullable(Decimal(18, 4)) AFTER discount,
    ADD COLUMN IF NOT EXISTS shipping Nullable(Decimal(18, 4)) AFTER tax,
    ADD COLUMN IF NOT EXISTS coupon LowCardinality(String) AFTER shipping,
    ADD COLUMN IF NOT EXISTS items_sku Array(String) AFTER coupon,
    ADD COLUMN IF NOT EXISTS items_name Array(String) AFTER items_sku,
    ADD COLUMN IF NOT EXISTS items_price Array(Decimal(18, 4)) AFTER items_name,
    ADD COLUMN IF NOT EXISTS items_quantity Array(Float64) AFTER items_price;

ALTER TABLE arrivals
    ADD COLUMN IF NOT EXISTS order_id String AFTER priority,
    ADD COLUMN IF NOT EXISTS total Nullable(Decimal(18, 4)) AFTER order_id,
    ADD COLUMN IF NOT EXISTS currency String AFTER total,
    ADD COLUMN IF NOT EXISTS discount Nullable(Decimal(18, 4)) AFTER currency,
    ADD COLUMN IF NOT EXISTS tax Nullable(Decimal(18, 4)) AFTER discount,
    ADD COLUMN IF NOT EXISTS shipping Nullable(Decimal(18, 4)) AFTER tax,
    ADD COLUMN IF NOT EXISTS coupon String AFTER shipping,
    ADD COLUMN IF NOT EXISTS items_sku Array(String) AFTER coupon,
    ADD COLUMN IF NOT EXISTS items_name Array(String) AFTER items_sku,
    ADD COLUMN IF NOT EXISTS items_price Array(Decimal(18, 4)) AFTER items_name,
    ADD COLUMN IF NOT EXISTS items_quantity Array(Float64) AFTER items_price;
