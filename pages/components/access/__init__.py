"""Who is looking: sign-in, roles, the access log, the page of a visitor without access."""
