"""What may be shared without giving a laboratory away."""

TITLE = "Secret des affaires"
