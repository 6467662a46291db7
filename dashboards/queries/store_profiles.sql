-- How many profiles there are: rows that belong to no other, the newest version of each.
SELECT count() AS profiles FROM profiles FINAL WHERE empty(parent)
