"""One peer in a process of its own: builds, says so, then runs the rounds it is asked for.

Started by race.py, pinned to one core. Commands come as lines of name=value words on standard
input; `filter`, `seconds` and `warm` speak to the worker, all else to the index. Answers are lines
of JSON, in the same shape as those of io.elanus.bench.race.InProcess.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from datasets import meta
from othergraphs import OTHER_GRAPHS
from peers import PEERS
from truth import truth_file
from vectors import read_rows

K = 10
SYSTEMS = PEERS | OTHER_GRAPHS

# Libraries may print what they like: it goes where warnings go, not among the answers.
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def say(**fields) -> None:
    print(json.dumps(fields), file=ANSWERS, flush=True)


def words(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in text.replace(",", " ").split())


def built(peer, base: np.ndarray, folder: Path, name: str, params: dict[str, str]):
    """The index with its build's figures; from the cache where the same was built before."""
    key = hashlib.sha256(f"{peer.version()} {sorted(params.items())}".encode()).hexdigest()[:12]
    file = folder / "indexes" / f"{name}-{key}.bin"
    figures = file.with_suffix(".json")
    file.parent.mkdir(exist_ok=True)
    if figures.exists():
        peer.load(str(file), base)
        return json.loads(figures.read_text())
    wall, cpu = time.perf_counter(), time.process_time()
    peer.build(base)
    cost = {
        "build_cpu_seconds": time.process_time() - cpu,
        "build_wall_seconds": time.perf_counter() - wall,
    }
    peer.save(str(file))
    parts = [part for part in [file, *file.rglob("*")] if part.is_file()]
    cost["index_bytes"] = sum(part.stat().st_size for part in parts)
    figures.write_text(json.dumps(cost))
    # Every run searches a loaded index, the first one as well.
    peer.index = None
    peer.load(str(file), base)
    return cost


def timed(peer, queries: np.ndarray, params: dict[str, str], seconds: float):
    """Whole passes over the queries until that many CPU seconds went by."""
    passes, wall, cpu = 0, time.perf_counter(), time.process_time()
    while True:
        found = peer.search(queries, K, params)
        passes += 1
        spent = time.process_time() - cpu
        if spent >= seconds:
            return found, passes * len(queries), spent, time.perf_counter() - wall


def recall(found: np.ndarray, truth: np.ndarray) -> float:
    wanted = hits = 0
    for got, right in zip(np.asarray(found).tolist(), truth.tolist()):
        right = {row for row in right if row >= 0}
        wanted += len(right)
        hits += len(right.intersection(got))
    return hits / wanted


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--peer", choices=SYSTEMS, required=True)
    options.add_argument("--name", required=True)
    options.add_argument("--build", default="")
    options = options.parse_args()
    about = meta(options.data)
    base = read_rows(options.data / "base.fvecs")
    queries = read_rows(options.data / "queries.fvecs")
    labels = np.fromfile(options.data / "labels.i32", np.int32)
    params = words(options.build)
    peer = SYSTEMS[options.peer](about["metric"], base.shape[1], params)
    cost = built(peer, base, options.data, peer.shares or options.peer, params)
    say(event="ready", system=options.name, version=peer.version(), **cost)
    allowed = None
    for line in sys.stdin:
        asked = words(line)
        percent = asked.pop("filter", None)
        seconds, warm = float(asked.pop("seconds", 0.3)), float(asked.pop("warm", 0.05))
        if percent != allowed:
            peer.allow(labels, percent)
            allowed = percent
        if warm > 0:
            timed(peer, queries, asked, warm)
        found, count, cpu, wall = timed(peer, queries, asked, seconds)
        truth = read_rows(truth_file(options.data, percent), np.int32)[:, :K]
        say(
            event="point", system=options.name, params=asked, filter=percent,
            recall=recall(found, truth), queries=count, cpu_seconds=cpu, wall_seconds=wall,
        )


if __name__ == "__main__":
    main()
