-- The SHA-256 of the key with which whoever uploaded a data set can delete it. An earlier upload has none.
ALTER TABLE datasets ADD COLUMN keyHash TEXT;
