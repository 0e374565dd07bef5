"""
A correct offline-first client in another language, with nothing of tunnelproof's in it but the
device protocol. It reports only `saved` and `view`: its requests are seen by the relay.

It keeps messages and notes. One thread reads commands and stores actions; one thread syncs:

    send the pending writes, in order, one by one  ->  read the whole list  ->  wait
"""
import http.client
import json
import os
import random
import sys
import threading
import time
from urllib.parse import quote, urlsplit

# In scenario milliseconds.
DEADLINE = 10_000
POLL = 8_000
BACKOFF_FIRST, BACKOFF_MAX = 1_000, 10_000
RETRY_AFTER_MAX = 3_600_000
PAGE = 100

stdout = threading.Lock()


def say(**message):
    with stdout:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


class Unanswered(Exception):
    """No response is certainly the server's own. The request may have taken effect."""

    def __init__(self, retry_after=0):
        super().__init__()
        self.retry_after = retry_after


class Device:
    def __init__(self, start):
        self.start = start
        self.origin = int(start["origin"])
        self.skew = start["skew"]
        self.path = os.path.join(start["folder"], "state.json")
        self.lock = threading.Lock()
        self.awake = threading.Event()
        self.shown = None
        self.random = random.Random(f"{start['seed']} {start['device']} {start['incarnation']}")
        self.state = {
            "rows": [],
            "pending": [],
            "versions": {},
            "epoch": "",
            "clock": 0,
            "count": 0,
        }
        if os.path.exists(self.path):
            with open(self.path) as file:
                self.state = json.load(file)

    # Time

    def now(self):
        return max(0, (time.monotonic_ns() - self.origin) / 1e6 * self.start["timeScale"])

    def real(self, span):
        """Returns a span of scenario milliseconds in real seconds."""
        return span / 1000 / self.start["timeScale"]

    def stamp(self):
        """Returns a time that is later than all that this device has seen."""
        wall = int(self.start["epochWall"] + self.now() + self.skew)
        self.state["clock"] = max(self.state["clock"] + 1, wall)
        return f"{self.state['clock']:015d}:00000:{self.start['device']}"

    def witness(self, stamp):
        self.state["clock"] = max(self.state["clock"], int(stamp.split(":")[0]))

    # The device's state and its view

    def save(self):
        """Writes the state to disk, so that it survives a kill at any moment."""
        with open(self.path + ".new", "w") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.path + ".new", self.path)

    def rows(self):
        """Returns the server's list, with the pending writes on top."""
        rows = [dict(row) for row in self.state["rows"]]
        for write in self.state["pending"]:
            same = [r for r in rows if name_of(r) == name_of(write)]
            if write["type"] == "delete":
                rows = [row for row in rows if row not in same]
            elif same:
                same[0]["content"] = write["content"]
            elif write["type"] == "create":
                rows.append({key: write[key] for key in ("collection", "record", "content")})
        return [{**row, "id": row["record"]} for row in rows]

    def show(self, always=False):
        with self.lock:
            rows = self.rows()
            if always or rows != self.shown:
                self.shown = rows
                say(type="view", t=self.now(), view={"rows": rows})

    # Actions of people

    def perform(self, action):
        with self.lock:
            if action["type"] != "refresh":
                self.state["count"] += 1
                name = name_of(action)
                write = {key: action[key] for key in ("type", "collection", "record")}
                write["key"] = f"{self.start['device']}-{self.state['count']}"
                write["content"] = action.get("content")
                write["base"] = self.state["versions"].get(name, 0)
                write["stamp"] = self.stamp()
                self.state["pending"].append(write)
                self.save()
            event = {"type": "saved", "opId": action["opId"], "durable": True}
            say(type="event", t=self.now(), event=event)
        self.show()
        self.awake.set()

    # The network

    def exchange(self, method, path, body, key):
        """
        Returns status, the wait that Retry-After asks for, and body of a response, whoever sent it.
        Raises Unanswered if there is none.
        """
        address = urlsplit(self.start["server"])
        headers = {
            "tunnelproof-device": self.start["device"],
            "tunnelproof-user": self.start["user"],
        }
        if body is not None:
            headers["content-type"] = "application/json"
        if key is not None:
            headers["idempotency-key"] = key
        secure = address.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(
            address.hostname, address.port, timeout=self.real(DEADLINE)
        )
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, headers)
            response = connection.getresponse()
            retry_after = response.headers.get("retry-after", "0")
            wait = min(int(retry_after) * 1000 if retry_after.isdigit() else 0, RETRY_AFTER_MAX)
            return response.status, wait, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered() from error
        finally:
            connection.close()

    def request(self, method, path, body=None, key=None):
        """Returns status and JSON of a response that may be the server's own."""
        status, wait, content = self.exchange(method, path, body, key)
        if wait > 0 or status >= 500 or status in (401, 403, 408, 429):
            raise Unanswered(wait)
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise Unanswered() from error
        if not isinstance(answer, dict):
            raise Unanswered()
        return status, answer

    def send(self, write):
        """Sends a write once. Returns its outcome and the record's current version, if known."""
        if write["collection"] == "messages":
            return self.send_message(write)
        item = {key: write[key] for key in ("type", "key", "collection", "record", "base", "stamp")}
        item["rev"] = 1
        if write["type"] != "delete":
            item["content"] = write["content"]
        status, answer = self.request("POST", "/push", {"items": [item]})
        results = answer.get("results")
        if status != 200 or not results or results[0].get("key") != write["key"]:
            raise Unanswered()
        current = results[0].get("current")
        if current:
            self.witness(current["stamp"])
        # After a conflict the other write is the current version: the next list shows it.
        return results[0]["outcome"], current

    def send_message(self, write):
        path = "/messages/" + quote(write["record"], safe="")
        if write["type"] == "create":
            body = {"id": write["record"], **write["content"]}
            status, answer = self.request("POST", "/messages", body, write["key"])
        elif write["type"] == "update":
            status, answer = self.request("PUT", path, write["content"], write["key"])
        else:
            status, answer = self.request("DELETE", path, None, write["key"])
        expected = 201 if write["type"] == "create" else 200
        if status == expected and answer.get("id") == write["record"]:
            return "applied", None
        # A refusal is final only if it is certainly the server's own: it knows its epoch.
        is_own = self.state["epoch"] != "" and answer.get("epoch") == self.state["epoch"]
        if is_own and status in (400, 404, 409, 410, 413):
            return "rejected", None
        raise Unanswered()

    def settle(self, write, outcome, current):
        with self.lock:
            self.state["pending"] = [w for w in self.state["pending"] if w["key"] != write["key"]]
            name = name_of(write)
            if outcome in ("applied", "duplicate"):
                rows = [row for row in self.state["rows"] if name_of(row) != name]
                if write["type"] == "delete":
                    self.state["rows"] = rows
                elif len(rows) < len(self.state["rows"]) or write["type"] == "create":
                    self.replace(write)
                if current:
                    version = current["version"]
                    self.state["versions"][name] = max(version, self.state["versions"].get(name, 0))
                    for later in self.state["pending"]:
                        if name_of(later) == name:
                            later["base"] = max(later["base"], version)
            self.save()

    def replace(self, write):
        row = {key: write[key] for key in ("collection", "record", "content")}
        rows = self.state["rows"]
        for i, each in enumerate(rows):
            if name_of(each) == name_of(write):
                rows[i] = row
                return
        rows.append(row)

    def pull(self):
        """Reads the whole list: nothing that arrives late can be missed."""
        changes, after = [], 0
        while True:
            path = f"/changes?after={after}&limit={PAGE}"
            if after > 0:
                path += f"&epoch={quote(epoch)}&full=1"
            status, answer = self.request("GET", path)
            if status != 200 or not isinstance(answer.get("changes"), list):
                raise Unanswered()
            epoch = answer["epoch"]
            changes += answer["changes"]
            after = answer["next"]
            if not answer["more"]:
                break
        live = {}
        for change in changes:
            live[name_of(change)] = change
        listed = [change for change in live.values() if not change["deleted"]]
        listed.sort(key=lambda change: change.get("place", 0))
        with self.lock:
            self.state["epoch"] = epoch
            for change in changes:
                self.witness(change["stamp"])
                self.state["versions"][name_of(change)] = change["version"]
            self.state["rows"] = [
                {key: change[key] for key in ("collection", "record", "content")}
                for change in listed
            ]
            self.save()

    def sync(self):
        backoff = BACKOFF_FIRST
        while True:
            self.awake.clear()
            try:
                # Its own refusals are known by the epoch of a list.
                if self.state["epoch"] == "":
                    self.pull()
                while self.state["pending"]:
                    write = self.state["pending"][0]
                    self.settle(write, *self.send(write))
                    self.show()
                self.pull()
                self.show()
                backoff = BACKOFF_FIRST
                self.awake.wait(self.real(POLL))
            except Unanswered as failure:
                backoff = self.pause(backoff, failure.retry_after)
            except (AttributeError, LookupError, TypeError):
                # JSON that is not the server's: a member is missing, or has another type.
                backoff = self.pause(backoff)

    def pause(self, backoff, retry_after=0):
        """Waits, and returns the next backoff. Nothing shortens the wait that a server asks for."""
        wait = max(retry_after, backoff * self.random.uniform(0.5, 1))
        time.sleep(self.real(wait))
        return min(backoff * 2, BACKOFF_MAX)


def name_of(row):
    return f"{row['collection']}/{row['record']}"


def main(kind=Device):
    device = None
    say(type="ready")
    for line in sys.stdin:
        command = json.loads(line)
        if command["type"] == "start":
            time.sleep(max(0, (int(command["origin"]) - time.monotonic_ns()) / 1e9))
            device = kind(command)
            say(type="reply", id=command["id"])
            device.show()
            threading.Thread(target=device.sync, daemon=True).start()
        elif command["type"] == "perform":
            device.perform(command["action"])
        elif command["type"] == "set":
            device.skew = command.get("skew", device.skew)
            device.awake.set()
        elif command["type"] == "view":
            device.show(always=True)
            say(type="reply", id=command["id"])
        elif command["type"] in ("sync", "stop"):
            say(type="reply", id=command["id"])
            if command["type"] == "stop":
                return


if __name__ == "__main__":
    main()
