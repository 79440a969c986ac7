"""Work for a process that never ends by itself."""

import os
import signal


def work() -> None:
    """Print that this process works, then wait for ever with every signal blocked that ends a command."""
    os.write(1, b"working\n")
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - {signal.SIGIO})
    signal.sigwait([signal.SIGUSR1])
