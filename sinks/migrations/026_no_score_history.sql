-- Past scores are computed from `events` (docs/decisions/036-past-scores.md), so the ranks of past hours are kept no longer. The table
-- stays: a worker that starts at the same time may be about to create its view.
DROP VIEW IF EXISTS score_history_feed;
