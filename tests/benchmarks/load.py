"""The load generator, in its own process: `python -m tests.benchmarks.load` reads a job from standard input and writes
figures to standard output.

One thread keeps all connections busy and open, so it takes little CPU from the server.
"""

import json
import secrets
import selectors
import socket
import sys
import time
from collections import Counter

_HEAD_ENDS = b"\r\n\r\n"


class Connection:
    """One keep-alive connection with one request in flight."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def send(self, request):
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self):
        """Return the status when the response is complete, else None."""
        chunk = self.socket.recv(1 << 20)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._received += chunk
        head, found, body = self._received.partition(_HEAD_ENDS)
        if not found:
            return None
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        return int(head.split(b" ", 2)[1])


def requests(job):
    """Yield requests without end. `{n}` in the body becomes a new number for each row of each request."""
    run, number = secrets.token_hex(4), 0
    head = f"{job['method']} {job['path']} HTTP/1.1\r\nHost: {job['host']}\r\n"
    head += f"Authorization: Bearer {job['key']}\r\nContent-Type: application/json\r\n"
    while True:
        bodies = []
        for _row in range(job["rows"]):
            number += 1
            bodies.append(job["body"].replace("{n}", f"{run}{number}"))
        body = f"[{','.join(bodies)}]" if job["rows"] > 1 else "".join(bodies)
        yield f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def run(job):
    """Return the latencies in seconds, the statuses of all responses within the time, and the time taken."""
    selector, source = selectors.DefaultSelector(), requests(job)
    for _number in range(job["concurrency"]):
        connection = Connection(job["port"])
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(source))
    latencies, statuses = [], Counter()
    started = time.perf_counter()
    while time.perf_counter() < started + job["seconds"] or len(latencies) < job["concurrency"]:
        for ready, _events in selector.select(1):
            status = ready.data.receive()
            if status:
                latencies.append(time.perf_counter() - ready.data.sent_at)
                statuses[status] += 1
                ready.data.send(next(source))
    return latencies, statuses, time.perf_counter() - started


def main():
    job = json.load(sys.stdin)
    latencies, statuses, took = run(job)
    if set(statuses) - {200}:
        sys.exit(f"answers: {dict(statuses)}")
    latencies.sort()
    p50 = latencies[len(latencies) // 2]
    json.dump({"rate": len(latencies) * max(1, job["rows"]) / took, "p50": p50 * 1000}, sys.stdout)


if __name__ == "__main__":
    main()
