"""`make bench`: print each measured figure beside its limit; assert nothing.

OLLIO_BENCH_ROWS (1000000) invitations and users fill the big database. OLLIO_BENCH_ROUNDS (5) is the number of rounds,
OLLIO_BENCH_SECONDS (2) the time of each measurement. Every round runs each measurement once, Ollio's and the
reference's, so that a busy machine slows both alike; the printed figure is the median of the rounds.
OLLIO_BENCH_TIMINGS (100) is explained in timings.py.
"""

import os
import statistics
import sys
import tempfile

from tests.benchmarks import measures, places, timings

ROWS = int(os.environ.get("OLLIO_BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("OLLIO_BENCH_ROUNDS", "5"))
SMALL = 1000


def say(what, figure="", bar=""):
    sys.stdout.write(f"{what:58} {figure:>24}  {bar}\n")
    sys.stdout.flush()


def rounds(turns):
    """Return the figures of each measurement by its name, one a round. A first round only warms up and is dropped."""
    figures = {name: [] for name in turns}
    for number in range(ROUNDS + 1):
        for name, turn in turns.items():
            figure = turn()
            if number:
                figures[name].append(figure)
    return figures


def median(figures):
    return statistics.median(figures)


def ratio(figures, of, to):
    """Return the median of the ratios, one a round."""
    return median([a / b for a, b in zip(figures[of], figures[to], strict=True)])


def say_speed(small):
    turns = {}
    for many in (8, 32):
        turns[f"ollio {many}"] = lambda many=many: measures.create(small, concurrency=many)["rate"]
        turns[f"psycopg {many}"] = lambda many=many: measures.statements(small, concurrency=many)
    turns["bulk"] = lambda: measures.bulk(small)["rate"]
    turns["copy"] = lambda: measures.copy(small)
    figures = rounds(turns)
    for many in (8, 32):
        own, reference = (median(figures[f"{who} {many}"]) for who in ("ollio", "psycopg"))
        share = ratio(figures, f"ollio {many}", f"psycopg {many}")
        say(f"create, c={many}: a second, psycopg alone", f"{own:.0f}, {reference:.0f}")
        say(f"create, c={many}: share of psycopg", f"{share:.2f}", "at least 0.20")
    own, reference = median(figures["bulk"]), median(figures["copy"])
    say("bulk of 1,000: rows a second, COPY alone", f"{own:.0f}, {reference:.0f}")
    say("bulk of 1,000: share of COPY", f"{ratio(figures, 'bulk', 'copy'):.2f}", "at least 0.30")


def say_size(small, big):
    """Print what a million rows cost."""
    middle = f"inv_{ROWS // 2:027}"
    somebody = f"somebody{ROWS * 7 // 9}"
    pages = {
        "list small": (small, "/v1/invitations?limit=50"),
        "list": (big, "/v1/invitations?limit=50"),
        "list counted": (big, "/v1/invitations?limit=50&paginated=true"),
        "list deep": (big, f"/v1/invitations?limit=50&starting_after={middle}"),
        "list offset": (big, f"/v1/invitations?limit=50&offset={ROWS // 2}"),
        "list query": (big, f"/v1/invitations?query={somebody}"),
        "users": (big, "/v1/users?limit=50"),
        "users query": (big, f"/v1/users?limit=50&query={somebody}"),
    }
    turns = {
        name: lambda server=server, path=path: measures.read(server, path)["p50"]
        for name, (server, path) in pages.items()
    }
    turns["create small"] = lambda: measures.create(small, concurrency=1)["p50"]
    turns["create"] = lambda: measures.create(big, concurrency=1)["p50"]
    turns["count"] = lambda: measures.count(big)
    figures = rounds(turns)
    for name in turns:
        say(f"{name}: p50 in ms", f"{median(figures[name]):.2f}")
    compare(figures, "create", "create small", f"create at {ROWS:,} rows to {SMALL:,}", 1.25)
    compare(figures, "list", "list small", f"list at {ROWS:,} rows to {SMALL:,}", 1.25)
    compare(figures, "list deep", "list", "page in the middle by starting_after to first", 1.25)
    compare(figures, "list offset", "list", "page in the middle by offset to first")
    compare(figures, "users query", "users", "users by query to unfiltered page", 5)
    say("total_count by the counter, ms", f"{median(figures['count']):.2f}", "at most 5")


def say_sign_up(server):
    """Print the CPU time of a sign-up with a ticket (one request) and of one by address and code (four). A second
    server with an almost free password hash shows what the rest costs.
    """
    with places.servers(server.url, OLLIO_FREE_HASH="yes") as (free,):
        turns = {
            "sign-up with a ticket": lambda: measures.sign_up(server),
            "sign-up with a ticket, free hash": lambda: measures.sign_up(free),
            "sign-up by address and code": lambda: measures.sign_up_by_code(server),
            "sign-up by address and code, free hash": lambda: measures.sign_up_by_code(free),
            "a hash alone": measures.hash_password,
        }
        for name, costs in rounds(turns).items():
            bar = "at most 10 with a ticket" if "free" in name else ""
            say(f"{name}: CPU in ms", f"{median(costs):.1f}", bar)


def say_timings(server):
    say(f"known and unknown addresses, {timings.TIMINGS} timings each, {timings.RUNS} runs")
    for way, known, unknown, chances in timings.compare(server):
        say(f"{way}: medians in ms, ratio", f"{known:.2f}, {unknown:.2f}, {known / unknown:.3f}")
        say(f"{way}: Mann-Whitney p", ", ".join(f"{p:.3f}" for p in chances), "each over 0.01")


def compare(figures, of, to, what, most=None):
    say(what, f"{ratio(figures, of, to):.2f}", f"at most {most}" if most else "")


def say_memory(server, *, when, bar):
    say(f"memory of a worker, {when}, MiB", f"{server.memory():.0f}", f"at most {bar}")


def on_postgres():
    with places.postgres_server() as address:
        small = places.database(address, "small", rows=SMALL)
        big = places.database(address, "big", rows=ROWS)
        say(f"\n{places.version(address)}, {ROWS:,} rows, {ROUNDS} rounds")
        with places.servers(small, big) as (at_small, at_big):
            say_memory(at_small, when="idle", bar=80)
            say_speed(at_small)
            say_memory(at_small, when="loaded", bar=95)
            say_sign_up(at_small)
            say_timings(at_small)
            say_size(at_small, at_big)


def on_sqlite():
    with tempfile.TemporaryDirectory(prefix="ollio-bench-") as folder:
        url = f"sqlite:///{folder}/ollio.sqlite3"
        places.prepare(url)
        with places.servers(url) as (server,):
            say("\nSQLite, empty at first")
            turns = {
                many: lambda many=many: measures.create(server, concurrency=many) for many in (1, 8)
            }
            for many, figures in rounds(turns).items():
                rate, p50 = (median([each[name] for each in figures]) for name in ("rate", "p50"))
                say(f"create, c={many}: a second, p50 in ms", f"{rate:.0f}, {p50:.2f}")
            figures = rounds(
                {"list": lambda: measures.read(server, "/v1/invitations?limit=50")["p50"]}
            )
            say("list: p50 in ms", f"{median(figures['list']):.2f}")
            say("bulk of 1,000: rows a second", f"{measures.bulk(server)['rate']:.0f}")
            say_sign_up(server)
            say_timings(server)
            say_memory(server, when="loaded", bar=95)


if __name__ == "__main__":
    on_postgres()
    on_sqlite()
