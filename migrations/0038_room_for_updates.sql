-- compatible-with: 0036
-- Room on each page for the versions that a row goes through in its first second. A message is QUEUED, SENDING and ACCEPTED
-- within it, and many are made at once: on full pages each of these is written to another page, with an entry in every index.
-- What is written before this stays as it is.

ALTER TABLE messages SET (fillfactor = 50);
ALTER TABLE message_attempts SET (fillfactor = 60);
