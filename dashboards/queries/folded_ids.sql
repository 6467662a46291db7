-- What `events` is ordered by, for some identifiers. As literals of the next question they let it read only their rows.
SELECT arrayMap(one -> cityHash64(one), {identifiers:Array(String)}) AS folded_ids
