"""Structured logs on stderr: JSON where a program reads them, coloured lines where a person does."""

import logging
import sys

import structlog

_QUIET = ("uvicorn.access", "websockets")


def write_logs(level: int) -> None:
    """Let what is logged at this level or above, by us and by libraries, come out in one form."""
    is_person = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    form: structlog.typing.Processor = structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.plain_traceback  # the richer one prints the values of locals: tokens
    )
    last = [form] if is_person else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # by way of `logging` a line costs three times as much
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
