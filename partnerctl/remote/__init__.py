"""The Webex client: what is asked of Webex over the network, and nothing of what is done with it."""
