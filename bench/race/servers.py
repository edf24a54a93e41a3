"""Elanus and the embedded Milvus as servers, asked over gRPC by the same lean client, by turns.

`./elanus bench` is the client of both: prepared requests, no Python. What counts is the server's
own CPU time per query, which the clients' share of the machine does not touch.
"""

import argparse
import datetime
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from curves import at_recall
from datasets import ROOT, meta, prepared


class Elanus:
    name = "elanus"

    def __init__(self, folder: Path):
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(ROOT / "elanus"), "serve", "--data", str(folder), "--port", str(self.port),
             "--admin-port", str(free_port())],
            stdout=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        wait_for(self.port)

    def close(self):
        self.process.terminate()
        self.process.wait(60)


class Milvus:
    name = "milvus"

    def __init__(self, folder: Path):
        from milvus import MilvusServer

        self.server = MilvusServer()
        self.server.set_base_dir(str(folder))
        self.server.webservice_port = free_port()
        self.server.start()
        self.port = self.server.listen_port
        self.pid = self.server.server_proc.pid

    def close(self):
        self.server.stop()


SERVERS = {server.name: server for server in (Elanus, Milvus)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, seconds: int = 300) -> None:
    for _ in range(seconds * 5):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"no server at port {port} after {seconds} s")


def bench(server, data: Path, options, *more: str) -> dict:
    """One run of the client; its table goes to standard error, its results come back."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [str(ROOT / "elanus"), "bench", "--address", f"127.0.0.1:{server.port}",
             "--server-pid", str(server.pid), "--file", str(data / "base.fvecs"),
             "--queries-file", str(data / "queries.fvecs"), "--queries", str(options.queries),
             "--metric", meta(data)["metric"], "--keep", "--json", out.name,
             "--index", options.index, *options.build, *more],
            check=True, stdout=sys.stderr,
        )
        return json.loads(Path(out.name).read_text())


def raced(servers: list, data: Path, options) -> list[dict]:
    points = []
    for server in servers:
        print(f"{data.name}: {server.name} loads", file=sys.stderr, flush=True)
        loaded = bench(
            server, data, options, "--sweep", "ef=64", "--clients", "8",
            "--seconds", str(options.warm), "--filters", options.filters,
        )
        print(json.dumps({key: loaded.get(key) for key in
                          ("ingest_rows_per_second", "build_seconds")}), file=sys.stderr)
        server.loaded = loaded
    for number in range(options.rounds):
        for server in servers if number % 2 == 0 else servers[::-1]:
            report = bench(
                server, data, options, "--loaded", "--sweep", f"ef={options.sweep}",
                "--clients", options.clients, "--filters", options.filters,
                "--seconds", str(options.seconds),
            )
            points += [{**p, "server": server.name, "round": number} for p in report["results"]]
    return points


def rows(points: list[dict], goal: float) -> list[list[str]]:
    """Per filter, clients and server: at that recall, the median of the rounds."""
    answer = []
    for share, clients in sorted({(-p["filter"], p["clients"]) for p in points}):
        cells = {}
        for name in SERVERS:
            mine = [p for p in points
                    if (p["server"], -p["filter"], p["clients"]) == (name, share, clients)]
            cells[name] = [at_goal(mine, goal, key) for key in ("server_cpu_us", "qps", "p99_ms")]
        cpu = {name: values[0] for name, values in cells.items()}
        ratio = f"{cpu['milvus'] / cpu['elanus']:.1f}" if all(cpu.values()) else "–"
        for name, (micros, calls, late) in cells.items():
            if micros is None:
                row = [f"not at {goal}", "–", "–", "–"]
            else:
                row = [f"{micros:,.0f}", f"{calls:,.0f}", f"{late:.1f}",
                       ratio if name == "elanus" else ""]
            answer.append([f"{-share:g}", str(clients), name, *row])
    return answer


def table(out: dict, goal: float = 0.95) -> str:
    """Server CPU time per query and what the clients saw, at that recall."""
    head = ["share", "clients", "server", "server CPU µs", "QPS", "p99 ms", "CPU ratio"]
    lines = [f"{out['data']['name']}, {out['index']}, at recall {goal}, {out['date']}, medians of "
             "the rounds; the clients are `./elanus bench` on the same machine.", ""]
    for row in [head, ["---"] * len(head), *rows(out["points"], goal)]:
        lines.append("| " + " | ".join(row) + " |")
    lines.append("")
    for name, loaded in out["loaded"].items():
        lines.append(f"- {name}: {loaded['ingest_rows_per_second']:,.0f} rows/s in, "
                     f"index built in {loaded['build_seconds']:.0f} s")
    return "\n".join(lines)


def at_goal(points: list[dict], goal: float, key: str) -> float | None:
    """Interpolated as in process; times by way of their inverse."""
    rounds = []
    for number in {p["round"] for p in points}:
        inverse = key != "qps"
        curve = [(p["recall"], 1 / p[key] if inverse else p[key])
                 for p in points if p["round"] == number]
        speed = at_recall(curve, goal)
        if speed:
            rounds.append(1 / speed if inverse else speed)
    return statistics.median(rounds) if rounds else None


def main() -> None:
    given = argparse.ArgumentParser(prog="bench/race/run servers", description=__doc__)
    given.add_argument("--data", default="minilm-100k")
    given.add_argument("--servers", default="elanus,milvus")
    given.add_argument("--index", default="HNSW")
    given.add_argument("--build", nargs="*", default=["M=16", "efConstruction=200"])
    given.add_argument("--sweep", default="16,32,64,128,256")
    given.add_argument("--clients", default="1,8")
    given.add_argument("--filters", default="1.0,0.1", help="shares that pass")
    given.add_argument("--queries", type=int, default=500)
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--seconds", type=int, default=3)
    given.add_argument(
        "--warm", type=int, default=40,
        help="seconds per filter after loading: until a JVM's server has compiled what it needs",
    )
    given.add_argument("--goal", type=float, default=0.95)
    options = given.parse_args()
    options.build = [word for pair in options.build for word in ("--params", pair)]
    data = prepared(options.data)
    scratch = Path(tempfile.mkdtemp(dir=ROOT / "bench" / "target"))
    servers = []
    try:
        for name in options.servers.split(","):
            servers.append(SERVERS[name](scratch / name))
        points = raced(servers, data, options)
        out = {"data": meta(data), "date": datetime.date.today().isoformat(),
               "index": options.index, "points": points,
               "loaded": {server.name: server.loaded for server in servers}}
        (ROOT / "bench" / "target" / "race-servers.json").write_text(json.dumps(out, indent=1))
    finally:
        for server in servers:
            server.close()
        shutil.rmtree(scratch, ignore_errors=True)
    print(table(out, options.goal))


if __name__ == "__main__":
    # Asked to stop, stop the servers as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(ROOT)
    main()
