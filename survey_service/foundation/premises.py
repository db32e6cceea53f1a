"""Making the place a development installation lives in; in production the operator has."""

import os
import secrets
from dataclasses import replace

from survey_service.foundation.key_directory import KeyDirectory
from survey_service.foundation.settings import Settings


def furnish(settings: Settings) -> Settings:
    """In development: make data directory, key directory and secret where they are missing."""
    if not settings.development:
        return settings
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    KeyDirectory(settings.key_dir).prepare()
    return settings if settings.secret else replace(settings, secret=_secret(settings))


def _secret(settings: Settings) -> str:
    """Written once, by whichever process comes first."""
    path = settings.data_dir / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
