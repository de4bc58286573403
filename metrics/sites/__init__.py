"""Sites that make medicines, as laboratories state them each year: what depends on each, and where there is only one."""

TITLE = "Sites de production"
