-- uses owners
-- Every identifier and whose it is.
SELECT identifier, profile FROM owners
