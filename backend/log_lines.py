"""What a log line looks like: text for people, or a JSON object for programs.

Knows formats and levels, and which request a line belongs to. Knows nothing of what is logged; whoever
logs never passes what a comment says.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context

# What logging puts into every record; anything else came with `extra`.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id"}
_TEXT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a line, with the request's id where there is one and what came with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request_id"] = g.request_id
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configuration(level: str, style: str) -> dict[str, Any]:
    """Return the configuration of logging, as `logging.config.dictConfig` takes it."""
    formatter = {"()": JsonLines} if style == "json" else {"format": _TEXT}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "backend": {"level": level.upper()},
            "gunicorn.error": {"level": level.upper(), "propagate": True, "handlers": []},
        },
    }
