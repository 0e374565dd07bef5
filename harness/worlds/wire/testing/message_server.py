"""A chat server, unaware of tunnelproof: Python's standard library, and SQLite in DATA_DIR.

POST /messages stores a message, GET /messages lists them, GET /dump shows what it holds. With
`--once` it stores a message once for each Idempotency-Key; with `--late` it responds first and
stores afterwards; with `--crash TEXT` it exits when it is sent this text.
"""

import json
import os
import sqlite3
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

store = sqlite3.connect(os.path.join(os.environ["DATA_DIR"], "chat.db"), check_same_thread=False)
store.execute(
    "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, key TEXT, content TEXT, n INTEGER)"
)
store.commit()
lock = Lock()
once = "--once" in sys.argv
fatal = sys.argv[sys.argv.index("--crash") + 1] if "--crash" in sys.argv else None


def rows():
    with lock:
        found = store.execute("SELECT id, content FROM messages ORDER BY n").fetchall()
    return [{"id": id, **json.loads(content)} for id, content in found]


def add(content, key):
    with lock:
        known = store.execute("SELECT id FROM messages WHERE key = ?", (key,)).fetchone()
        if once and key is not None and known:
            return known[0]
        id = str(uuid.uuid4())
        store.execute(
            "INSERT INTO messages SELECT ?, ?, ?, COUNT(*) FROM messages",
            (id, key, json.dumps(content)),
        )
        store.commit()
        return id


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/dump":
            items = [
                {
                    "collection": "messages",
                    "id": row["id"],
                    "content": {k: row[k] for k in ("conversation", "text")},
                }
                for row in rows()
            ]
            self.respond(200, items)
        else:
            self.respond(200, {"messages": rows()})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if fatal and fatal in body["text"]:
            print("cannot go on", file=sys.stderr, flush=True)
            os._exit(3)
        content = {"conversation": body["conversation"], "text": body["text"]}
        self.respond(201, {"id": add(content, self.headers.get("Idempotency-Key"))})

    def respond(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


print("listening", flush=True)
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
