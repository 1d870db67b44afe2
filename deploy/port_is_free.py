"""Stop `make run` with a plain sentence if its port is taken: granian would share it and say nothing."""

import os
import socket
import sys

host = os.environ.get("PULSE_HOST", "127.0.0.1")
port = os.environ.get("PULSE_PORT", "8000")
try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, int(port)))
except (OSError, ValueError, OverflowError) as error:
    reason = getattr(error, "strerror", None) or error
    sys.exit(f"Cannot listen on {host}:{port}: {reason}. Choose another port, as in: make run PORT=8001")
