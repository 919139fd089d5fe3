"""Fail if the command line starts slowly: the CPU time of `--version` and `--help`, best of five."""

import resource
import subprocess
import sys

BUDGETS = {"--version": 0.15, "--help": 0.30}


def cpu_seconds(command: list[str]) -> float:
    """CPU time of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure every budget and print it."""
    late = False
    for option, budget in BUDGETS.items():
        seconds = min(cpu_seconds([sys.argv[1], option]) for _ in range(5))
        late |= seconds > budget
        print(f"nacre {option}: {seconds:.3f} s CPU (budget {budget} s)")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
