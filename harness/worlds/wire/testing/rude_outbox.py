"""
The correct client of outbox_client.py that also misuses its relay, in a thread of its own:
`python3 rude_outbox.py floods`. Nothing of the harness may stop, or grow without bound.
"""
import socket
import sys
import threading
from urllib.parse import urlsplit

import outbox_client

MEGABYTE = 1024 * 1024


class RudeDevice(outbox_client.Device):
    def sync(self):
        address = urlsplit(self.start["server"])
        self.relay = (address.hostname, address.port)
        threading.Thread(target=self.misuse, daemon=True).start()
        super().sync()

    def misuse(self):
        try:
            RUDENESS[sys.argv[1]](self)
        except OSError:
            pass

    def connect(self):
        return socket.create_connection(self.relay)

    def floods(self):
        """Sends 10,000 requests as fast as it can, without waiting for their responses."""
        connections = [self.connect() for _ in range(10)]
        for _ in range(100):
            for connection in connections:
                connection.sendall(b"GET /changes HTTP/1.1\r\nhost: x\r\n\r\n" * 10)
        for connection in connections:
            while connection.recv(MEGABYTE):
                pass

    def sends_big_bodies(self):
        """Sends three bodies of 100 MB at the same time."""
        threads = [threading.Thread(target=self.send_big_body) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def send_big_body(self):
        connection = self.connect()
        length = 100 * MEGABYTE
        head = f"POST /messages HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n"
        try:
            connection.sendall(head.encode())
            for _ in range(100):
                connection.sendall(b"x" * MEGABYTE)
            connection.recv(MEGABYTE)
        except OSError:
            pass

    def opens_connections(self):
        """Opens 500 connections and sends nothing."""
        self.connections = [self.connect() for _ in range(500)]

    def sends_garbage(self):
        """Sends what is not HTTP, and the beginnings of requests."""
        for text in (b"\x16\x03\x01\x02\x00", b"\x00" * MEGABYTE, b"GET / HTTP/9.9\r\n\r\n"):
            self.connect().sendall(text)
        self.half = self.connect()
        self.half.sendall(b"POST /messages HTTP/1.1\r\ncontent-length: 99\r\n\r\n{")

    def never_reads(self):
        """Sends requests over 50 connections and reads no response."""
        self.connections = [self.connect() for _ in range(50)]
        while True:
            for connection in self.connections:
                connection.sendall(b"GET /changes HTTP/1.1\r\nhost: x\r\n\r\n" * 100)


RUDENESS = {
    "floods": RudeDevice.floods,
    "never-reads": RudeDevice.never_reads,
    "opens-connections": RudeDevice.opens_connections,
    "sends-big-bodies": RudeDevice.sends_big_bodies,
    "sends-garbage": RudeDevice.sends_garbage,
}

outbox_client.main(RudeDevice)
