"""
The correct client of outbox_client.py with one flaw: `python3 flawed_outbox.py any-status`. Each
flaw must fail on the wire although the program reports only `saved` and `view`.
"""
import sys
import uuid

import outbox_client
from outbox_client import Device, Unanswered


class AnyStatus(Device):
    """Accepts a response with any status as success."""

    def exchange(self, *request):
        self.status = None
        self.status, *rest = super().exchange(*request)
        return self.status, *rest

    def send(self, write):
        try:
            return super().send(write)
        except Unanswered:
            if self.status is None:
                raise
            return "applied", None


class IgnoresRetryAfter(Device):
    """Comes back when its own backoff is over."""

    def exchange(self, *request):
        status, _, content = super().exchange(*request)
        return status, 0, content


class NewId(Device):
    """Sends each attempt with a new key, so that the server cannot recognise a repetition."""

    def send(self, write):
        return super().send({**write, "key": str(uuid.uuid4())})


class Forgets(Device):
    """Keeps its writes in memory only."""

    def save(self):
        pass


class NeverWaits(Device):
    """Tries again at once, also while there is no network."""

    def pause(self, backoff, retry_after=0):
        return super().pause(min(backoff, 50))


FLAWS = {
    "any-status": AnyStatus,
    "forgets": Forgets,
    "ignores-retry-after": IgnoresRetryAfter,
    "never-waits": NeverWaits,
    "new-id": NewId,
}

outbox_client.main(FLAWS[sys.argv[1]])
