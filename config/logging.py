"""Logging: JSON lines in production, readable lines in development. Secrets are masked in both."""

import re
from json import dumps
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

# In a URL inside another URL, the underscore may be percent-encoded, even twice.
_UNDERSCORE = r"(?:_|%(?:25)*5[Ff])"
_SECRETS = re.compile(rf"((?:olt|osu|sk{_UNDERSCORE}(?:live|test)){_UNDERSCORE})[A-Za-z0-9_%=-]+")
# A JWT, possibly truncated. The bound of 300 (three times the first part of our tokens) keeps the search linear.
_TOKENS = re.compile(r"(eyJ)[\w%-]{1,300}\.eyJ[\w%-]*(?:\.[\w%-]*)?", re.ASCII)


def mask(text: str) -> str:
    """Mask tickets, set-up codes, secret keys and session tokens. The prefix stays, to show what kind it was."""
    return _TOKENS.sub(r"\1***", _SECRETS.sub(r"\1***", text))


def _mask_value(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _mask_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mask_value(item) for item in value]
    return value


def _mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask all values of a log event. This step is last: tracebacks, which quote values, are already text then."""
    return {
        key: value if key.startswith("_") else _mask_value(value) for key, value in event.items()
    }


def _escape_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape control characters in readable lines, as JSON does. Visitors' text must not begin a line or move the
    cursor of a terminal.
    """
    return {
        key: _escape(value, is_long=key in _LONG) if isinstance(value, str) else value
        for key, value in event.items()
    }


def _escape(text: str, *, is_long: bool) -> str:
    """Escape text. A traceback keeps its line breaks; its lines are indented, so they do not look like log lines."""
    lines = text.split("\n") if is_long else [text]
    return "\n  ".join(
        "".join(sign if sign.isprintable() else dumps(sign)[1:-1] for sign in line)
        for line in lines
    )


def configure_logging(*, json: bool, level: str) -> dict:
    """Return Django's LOGGING, and configure structlog to use the same handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_JSON if json else _READABLE),
        ],
        "foreign_pre_chain": _SHARED,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": _DJANGO,
    }


# Remove Django's own handlers. They write secrets and query strings unmasked. Their lines are also duplicates: under
# DEBUG of each of Django's messages, and under runserver of each request.
_DJANGO: dict[str, dict[str, Any]] = {
    "django": {"handlers": []},
    "django.server": {"handlers": [], "level": "CRITICAL", "propagate": True},
}

_JSON: list[Processor] = [structlog.processors.JSONRenderer()]
_READABLE: list[Processor] = [_escape_event, structlog.dev.ConsoleRenderer(colors=False)]
_LONG = {"exception", "stack"}

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    _mask_event,
]
