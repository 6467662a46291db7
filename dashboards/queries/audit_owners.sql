-- uses owners
-- Identifiers with their profiles.
SELECT identifier, profile FROM owners
