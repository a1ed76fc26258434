"""Webex Calling for the doors: records in, the folder, analytics, the report (PH-L1 to PH-L7, PH-R5)."""
