"""Ways in which a valid file is broken: each takes ``draw`` and a file, and gives another one."""
