"""A fake Webex on this machine, made from the demo's data, to test scripts against."""
