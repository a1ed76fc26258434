"""The environment variables about tokens: names alone, for every command looks whether one is set."""

from __future__ import annotations

TOKEN = "PARTNERCTL_TOKEN"
"""The environment variable that holds an access token itself."""

TOKEN_FILE = "PARTNERCTL_TOKEN_FILE"
"""The environment variable that names a file with an access token on its first line."""

CREDENTIALS_FILE = "PARTNERCTL_CREDENTIALS_FILE"
"""The environment variable that names the file of a sign-in; it wins over ``auth.storage``."""

CLIENT_SECRET = "PARTNERCTL_CLIENT_SECRET"
"""The environment variable that holds the client secret of the integration."""

CLIENT_SECRET_FILE = "PARTNERCTL_CLIENT_SECRET_FILE"
"""The environment variable that names a file with the client secret on its first line."""
