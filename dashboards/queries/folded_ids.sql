-- Hashes of identifiers, by which `events` is ordered. As literals of the next query they limit it to their rows.
SELECT arrayMap(one -> cityHash64(one), {identifiers:Array(String)}) AS folded_ids
