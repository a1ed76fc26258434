"""What is done in Webex itself: changes that go there first, its own reports, a search."""
