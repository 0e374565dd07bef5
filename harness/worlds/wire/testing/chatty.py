"""A device in another language: speaks the device protocol and keeps its notes in a file."""
import json
import os
import sys
import time


def say(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


start = None
say(type="ready")
for line in sys.stdin:
    command = json.loads(line)
    if command["type"] == "start":
        start = command
        path = os.path.join(start["folder"], "notes.json")
        notes = json.load(open(path)) if os.path.exists(path) else []
        say(type="reply", id=command["id"])
    elif command["type"] == "perform":
        action = command["action"]
        now = (time.monotonic_ns() - int(start["origin"])) / 1e6 * start["timeScale"]
        notes.append({"collection": "notes", "id": action["record"], "content": action["content"]})
        with open(path, "w") as file:
            json.dump(notes, file)
        say(type="event", t=now, event={"type": "saved", "opId": action["opId"], "durable": True})
    elif command["type"] == "view":
        say(type="view", view={"rows": notes})
        say(type="reply", id=command["id"])
    elif command["type"] in ("sync", "stop"):
        say(type="reply", id=command["id"])
