"""Schedules: cron and daylight-saving rules, the schedules file, due times, entries for other schedulers."""
