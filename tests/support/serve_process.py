"""`kiloword serve` as a process, for checks of what talks to it."""

import os
import subprocess


def start_server(kiloword, cache, preexec_fn=None, options=(), **variables):
    """Starts the server on a free port with `options`, with its cache in the folder `cache` and `variables` in its environment,
    after `preexec_fn()` in its process; returns the process, which the caller ends, and the address that it tells."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), **variables}
    server = subprocess.Popen([kiloword, "serve", "--port", "0", *options], stderr=subprocess.PIPE, text=True, env=environment,
                              preexec_fn=preexec_fn)
    for line in server.stderr:
        if "listening on " in line:
            return server, line.split("listening on ")[1].strip()
    raise SystemExit("the server did not start")
