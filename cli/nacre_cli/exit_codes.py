"""The exit codes of every command; `nacre help exit-codes` prints this table."""

import enum


class ExitCode(enum.IntEnum):
    """What a process tells its caller. With several files the worst wins: 4, 3, 1, 0."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    NO_VERDICT = 3
    EVIDENCE = 4
    INTERNAL = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


MEANINGS = {
    ExitCode.OK: "done; no finding at or above --fail-on (default: error)",
    ExitCode.FINDINGS: "the input was read, and it has findings or differences",
    ExitCode.USAGE: "wrong arguments or configuration",
    ExitCode.NO_VERDICT: "a file, ledger or key is missing or malformed; or not established whose keys",
    ExitCode.EVIDENCE: "a signature or proof does not hold",
    ExitCode.INTERNAL: "a bug in nacre",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.PIPE_CLOSED: "the reader closed the pipe",
}


def worst(codes: list[ExitCode]) -> ExitCode:
    """The code of several files together."""
    return max(codes, default=ExitCode.OK)
