"""The watcher as a process of its own, with its order as JSON."""

import json
import os
import sys

from app.core.embedded.watching import watch

if __name__ == "__main__":
    if os.fork():
        os._exit(0)
    watch(json.loads(sys.argv[1]))
