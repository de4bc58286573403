"""Who the reader is: sign-in, roles, the access log, the page of a visitor without access."""
