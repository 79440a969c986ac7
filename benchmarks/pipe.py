"""Memory of a validation that reads from a pipe what a generation writes to it, by the number of messages.

``python -m benchmarks.pipe 200000 2000000 20000000 --rooms 400`` has no target; it takes minutes.
"""

import argparse
import subprocess
import sys
import time

from benchmarks.processes import ENVIRONMENT, HCFMT, MB, ROOT, memory_of_family

SAMPLE_SECONDS = 0.1


def peak(messages: int, rooms: int) -> int:
    """Return the most memory that all processes of the validation took at once, in bytes; exit if anything fails."""
    amounts = ("--messages", str(messages), "--rooms", str(rooms), "--attachments", "0")
    writer = subprocess.Popen(  # noqa: S603 - a fixed command
        [*HCFMT, "generate", "--output", "-", "--profile", "large", *amounts],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    reader = subprocess.Popen(  # noqa: S603 - a fixed command
        [*HCFMT, "validate", "-"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=writer.stdout,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if writer.stdout:
        writer.stdout.close()  # the reader has it
    most = 0
    while reader.poll() is None:
        most = max(most, memory_of_family(reader.pid))
        time.sleep(SAMPLE_SECONDS)
    if status := reader.returncode or writer.wait():
        sys.exit(f"The validation or the generation of {messages:,} messages ended with status {status}.")
    return most


def main() -> None:
    """Print the peak of each number of messages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int, nargs="+", help="numbers of messages, in turn")
    parser.add_argument("--rooms", type=int, default=400, help="rooms that they are in")
    arguments = parser.parse_args()
    for messages in arguments.messages:
        sys.stdout.write(
            f"{messages:>12,} messages, {arguments.rooms:,} rooms: {peak(messages, arguments.rooms) / MB:.0f} MB\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
