-- De quel instantané s'agit-il ?
SELECT * FROM restricted.snapshot_info
