-- The number of profiles: newest rows without a parent.
SELECT count() AS profiles FROM profiles FINAL WHERE empty(parent)
