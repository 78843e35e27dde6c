"""What can go wrong before and around a command, as an error of this project."""

from __future__ import annotations

import typer

from contrafact.errors import ContrafactError, InvalidInput, NotFound


def readable(raised: Exception) -> ContrafactError:
    """An error of this project as it is; one of the command line or of the file system in the same form."""
    if isinstance(raised, ContrafactError):
        return raised
    if isinstance(raised, typer.TyperException):
        return _usage(raised)
    if isinstance(raised, OSError):
        return _file(raised)
    raise raised


def _usage(raised: typer.TyperException) -> ContrafactError:
    """A command, an option or an argument that does not exist, is missing, or cannot be read."""
    context = getattr(raised, "ctx", None)
    command = context.command_path if context is not None else "contrafact"
    return InvalidInput(raised.format_message().strip(), f"See: {command} --help")


def _file(raised: OSError) -> ContrafactError:
    reason = (raised.strerror or type(raised).__name__).lower()
    text = f"{raised.filename}: {reason}." if raised.filename else f"A file cannot be used: {reason}."
    if isinstance(raised, FileNotFoundError):
        return NotFound(text, "Check the path, or make its folder first.")
    return InvalidInput(text, "Check the path, its permissions and the space on the disk.")
