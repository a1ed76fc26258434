"""What license analytics and `today` read: units, weeks, trends, needs."""
