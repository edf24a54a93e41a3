"""Elanus and the embedded Milvus as servers, asked over gRPC by the same lean client, by turns.

`./elanus bench --ask` is the client of both, one process each: prepared requests, no Python, the
same filter, k, consistency (bounded) and output fields (none). What counts is the server's own CPU
time per query, which the clients' share of the machine does not touch.

For each filter the race first finds, by server, the cheapest effort of the sweep that reaches the
recall, and warms the server up until its CPU time per query no longer falls. Then come rounds, in
turns, at those efforts. Points are saved after every round, and what a server has loaded is kept
and taken again by the next run: a run that is cut off loses a round.
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
import time
from pathlib import Path

from datasets import ROOT, TARGET, meta, prepared

HOME = TARGET / "race-servers"
POINTS = ROOT / "bench" / "target" / "race-servers.json"
BUILDS = {"HNSW": ["M=16", "efConstruction=200"]}


class Elanus:
    name = "elanus"

    def __init__(self, folder: Path):
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(ROOT / "elanus"), "serve", "--data", str(folder), "--port", str(self.port),
             "--admin-port", str(free_port())],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid
        wait_for(self.port)

    def version(self) -> str:
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True
        ).stdout.strip()
        return f"elanus {commit}"

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

    def version(self) -> str:
        from importlib.metadata import version

        return f"milvus {version('milvus')}"

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


class Client:
    """`./elanus bench --ask`, which loads first where the server has nothing yet."""

    def __init__(self, server, data: Path, index: str, folder: Path, queries: int):
        stamp = folder.with_suffix(".json")
        words = [str(ROOT / "elanus"), "bench", "--ask", "--keep",
                 "--address", f"127.0.0.1:{server.port}", "--server-pid", str(server.pid),
                 "--file", str(data / "base.fvecs"), "--queries-file", str(data / "queries.fvecs"),
                 "--queries", str(queries), "--metric", meta(data)["metric"], "--index", index]
        for pair in BUILDS.get(index, []):
            words += ["--params", pair]
        words += ["--loaded"] if stamp.exists() else []
        self.server = server
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = self._answer()
        if not stamp.exists():
            told["version"] = server.version()
            stamp.write_text(json.dumps(told))
        self.loaded = json.loads(stamp.read_text())

    def ask(self, **words) -> dict:
        line = " ".join(f"{key}={value}" for key, value in words.items())
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return {**words, **self._answer()}

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the client of {self.server.name} ended, see above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def cheapest(client: Client, share: float, options) -> int | None:
    """The first effort of the sweep that reaches the recall; None where none does."""
    for ef in map(int, options.sweep.split(",")):
        if client.ask(ef=ef, filter=share, clients=1, seconds=0)["recall"] >= options.goal:
            return ef
    return None


def warm(client: Client, share: float, ef: int, options) -> float:
    """Until the CPU time per query has stopped falling; seconds it took."""
    begun = time.monotonic()
    best, calm = float("inf"), 0
    while calm < 3 and time.monotonic() - begun < options.warm:
        spent = client.ask(ef=ef, filter=share, clients=8, seconds=4)["server_cpu_us"]
        calm = calm + 1 if spent > 0.95 * best else 0
        best = min(best, spent)
    return time.monotonic() - begun


def raced(clients: list[Client], options, out: dict, index: str) -> None:
    shares = [float(share) for share in options.filters.split(",")]
    efforts = {}
    for client in clients:
        for share in shares:
            ef = cheapest(client, share, options)
            efforts[client.server.name, share] = ef
            seconds = warm(client, share, ef, options) if ef else 0
            print(f"{index}, {share:g}: {client.server.name} with ef {ef}, warm after "
                  f"{seconds:.0f} s", file=sys.stderr, flush=True)
    for number in range(options.rounds):
        if time.monotonic() > deadline(options):
            print(f"{index}: time is up after {number} rounds", file=sys.stderr, flush=True)
            break
        for share in shares:
            for threads in map(int, options.clients.split(",")):
                for client in clients if number % 2 == 0 else clients[::-1]:
                    ef = efforts[client.server.name, share]
                    if ef is not None:
                        point = client.ask(
                            ef=ef, filter=share, clients=threads, seconds=options.seconds)
                        out["points"].append({**point, "index": index, "round": number,
                                              "server": client.server.name})
        out["load"] = Path("/proc/loadavg").read_text().split()[0]
        POINTS.write_text(json.dumps(out, indent=1))


def deadline(options) -> float:
    return options.begun + 60 * options.minutes


def rows(out: dict) -> list[list[str]]:
    """Per index, filter, clients and server the medians of the rounds, and the ratios within."""
    groups: dict[tuple, dict[str, list[dict]]] = {}
    for point in out["points"]:
        key = (point["index"], -point["filter"], point["clients"])
        groups.setdefault(key, {}).setdefault(point["server"], []).append(point)
    answer = []
    for (index, share, clients), servers in sorted(groups.items()):
        for name in SERVERS:
            mine = sorted(servers.get(name, []), key=lambda point: point["round"])
            row = [index, f"{-share:g}", str(clients), name]
            if not mine:
                answer.append([*row, f"never {out['goal']}", *"––––––"])
                continue
            spent = [point["server_cpu_us"] for point in mine]
            row += [str(mine[0]["ef"]), f"{mine[0]['recall']:.3f}",
                    f"{statistics.median(spent):,.0f} ({min(spent):,.0f}–{max(spent):,.0f})"]
            row += [f"{statistics.median(point[key] for point in mine):{form}}"
                    for key, form in (("qps", ",.0f"), ("p50_ms", ".2f"), ("p99_ms", ".2f"))]
            answer.append([*row, _ratio(servers, name)])
    return answer


def _ratio(servers: dict[str, list[dict]], name: str) -> str:
    """How many times Elanus' queries per CPU second are theirs, within each round."""
    theirs = {point["round"]: point["server_cpu_us"] for point in servers.get("milvus", [])}
    ratios = [theirs[point["round"]] / point["server_cpu_us"]
              for point in servers.get("elanus", []) if point["round"] in theirs]
    if name != "elanus" or not ratios:
        return ""
    return f"{statistics.median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f})"


def table(out: dict) -> str:
    """Server CPU time per query and what the clients saw, at that recall."""
    head = ["index", "share", "clients", "server", "ef", "recall", "server CPU µs", "QPS",
            "p50 ms", "p99 ms", "CPU ratio"]
    rounds = 1 + max(point["round"] for point in out["points"])
    lines = [f"{out['data']['name']}, k = {out['k']}, each server at the cheapest effort of "
             f"{out['sweep']} that reaches recall {out['goal']}; {out['date']}, "
             f"{out['machine']}, load average {out['load']}; {rounds} rounds of {out['seconds']} "
             "s a point, by turns, both servers warm and idle while the other is asked: median "
             "(least–most). The clients are `./elanus bench` on the same machine.", ""]
    for row in [head, ["---"] * len(head), *rows(out)]:
        lines.append("| " + " | ".join(row) + " |")
    lines.append("")
    for name, loaded in out["loaded"].items():
        lines.append(f"- {name} ({loaded['version']}, {loaded['index']} {loaded['params']}): "
                     f"{loaded['ingest_rows_per_second']:,.0f} rows/s in, index built in "
                     f"{loaded['build_seconds']:.0f} s")
    return "\n".join(lines)


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{line.split(':', 1)[1].strip()}, {os.cpu_count()} cores"
    return f"{os.cpu_count()} cores"


def given_options() -> argparse.Namespace:
    given = argparse.ArgumentParser(prog="bench/race/run servers", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--data", default="minilm-100k")
    given.add_argument("--servers", default="elanus,milvus")
    given.add_argument("--index", default="AUTOINDEX,HNSW")
    given.add_argument("--sweep", default="10,12,16,20,24,32,40,48,64,96,128,192,256,384,512")
    given.add_argument("--clients", default="1,8")
    given.add_argument("--filters", default="1.0,0.1", help="shares that pass")
    given.add_argument("--queries", type=int, default=500)
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--seconds", type=int, default=3, help="of a point")
    given.add_argument("--warm", type=int, default=60, help="most seconds per server and filter")
    given.add_argument("--minutes", type=int, default=30, help="no new round after so many")
    given.add_argument("--goal", type=float, default=0.95)
    given.add_argument("--fresh", action="store_true", help="load anew")
    return given.parse_args()


def main() -> None:
    options = given_options()
    options.begun = time.monotonic()
    data = prepared(options.data)
    POINTS.parent.mkdir(parents=True, exist_ok=True)
    out = {"data": meta(data), "date": datetime.date.today().isoformat(), "machine": processor(),
           "goal": options.goal, "sweep": options.sweep, "seconds": options.seconds, "k": 10,
           "points": [], "loaded": {}}
    for index in options.index.split(","):
        started: list = []
        try:
            clients = []
            for name in options.servers.split(","):
                folder = HOME / f"{options.data}-{index}" / name
                stamp = folder.with_suffix(".json")
                if options.fresh or not stamp.exists():
                    stamp.unlink(missing_ok=True)
                    shutil.rmtree(folder, ignore_errors=True)
                folder.parent.mkdir(parents=True, exist_ok=True)
                print(f"{index}: {name} starts", file=sys.stderr, flush=True)
                started.append(SERVERS[name](folder))
                client = Client(started[-1], data, index, folder, options.queries)
                started.append(client)
                clients.append(client)
                out["loaded"][f"{name}, {index}"] = client.loaded
            raced(clients, options, out, index)
        finally:
            for part in reversed(started):
                part.close()
    print(table(out))


if __name__ == "__main__":
    # Asked to stop, stop the servers as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(ROOT)
    main()
