"""Documents in, and the first answer out of them, against a server that this script starts.

Usage: measure.py first FOLDER [QUESTION]
       measure.py rate FILE...

first: how long after `./elanus serve` the first answer over FOLDER comes: with nothing cached (an
       empty data folder, no ahead-of-time cache, and, for root, none of the system's pages), and
       started again.
rate:  chunks a second that ingestion makes of FILEs, beside the same texts sent to /v1/embeddings
       (the bare rate): by the clock, and by the CPU of the server and its parsers. FILEs are dealt
       into five groups; the first warms the server up, then ingestion and the bare texts take turns
       group by group. Texts are sent with their first letter in the other case, which the model
       does not see and the cache of embeddings does. At least 50 files of some length.

The server must be built (./elanus builds it); ports 19880 and 19881 must be free.
"""
import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
COMMAND = str(HOME / "elanus")
PORT, ADMIN_PORT = 19880, 19881
SERVER = f"http://127.0.0.1:{PORT}"
MODEL = "all-minilm-l6-v2-q"
GROUPS = 5
ENVIRONMENT = dict(os.environ, ELANUS_BUILT="1")


class Server:
    """One server process; ready when this is made."""

    def __init__(self, data, log):
        self.output = open(log, "w")
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--data", data, "--port", str(PORT), "--admin-port", str(ADMIN_PORT)],
            stdout=self.output, stderr=subprocess.STDOUT, env=ENVIRONMENT)
        while True:
            if self.process.poll() is not None:
                sys.exit(f"the server ended with {self.process.returncode}; see {log}")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{ADMIN_PORT}/healthz")
                return
            except OSError:
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.output.close()

    def cpu_seconds(self):
        """Of the server and of the parsers that are there now, and have been waited for."""
        seconds, left = 0.0, [self.process.pid]
        while left:
            pid = left.pop()
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                seconds += sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
                for task in Path(f"/proc/{pid}/task").iterdir():
                    left += [int(child) for child in (task / "children").read_text().split()]
            except (FileNotFoundError, ProcessLookupError):
                continue
        return seconds


def call(path, body):
    request = urllib.request.Request(
        SERVER + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def timed(server, work):
    cpu, start = server.cpu_seconds(), time.monotonic()
    work()
    return time.monotonic() - start, server.cpu_seconds() - cpu


def ingest(files, collection):
    documents = [
        {"source_id": path.name, "name": path.name,
         "content_base64": base64.b64encode(path.read_bytes()).decode()}
        for path in files]
    job = call("/v1/documents?wait=true", {"collection": collection, "documents": documents})
    while job["state"] in ("waiting", "running"):
        with urllib.request.urlopen(f"{SERVER}/v1/jobs/{job['id']}?wait=true") as answer:
            job = json.load(answer)
    if job["documents"]["ingested"] != len(files):
        sys.exit(f"not all were ingested: {job}")


def chunks(collection):
    """What is embedded of each chunk."""
    texts = []
    while True:
        rows = call("/v2/vectordb/entities/query", {
            "collectionName": collection, "filter": "chunk_index >= 0", "limit": 1000,
            "offset": len(texts), "outputFields": ["text", "title", "heading"]})["data"]
        if not rows:
            return texts
        texts += [
            " ".join(filter(None, [row.get("title"), row.get("heading"), row["text"]]))
            for row in rows]


def embed(texts):
    def one(start):
        part = [text[:1].swapcase() + text[1:] for text in texts[start:start + 64]]
        call("/v1/embeddings", {"model": MODEL, "input": part})

    # Two at a time, so that the model never waits for a request.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(0, len(texts), 64)))


def rate(files):
    if len(files) < 50:
        sys.exit("give at least 50 files")
    folder = tempfile.mkdtemp()
    server = Server(folder + "/data", folder + "/log")
    by_clock, by_cpu = [], []
    try:
        for group in range(GROUPS):
            collection = f"group_{group}"
            wall, cpu = timed(server, lambda: ingest(files[group::GROUPS], collection))
            texts = chunks(collection)
            bare_wall, bare_cpu = timed(server, lambda: embed(texts))
            print(
                f"{'warming up' if group == 0 else 'group %d' % group}: {len(texts)} chunks, "
                f"ingested {len(texts) / wall:.1f} a second, {len(texts) / cpu:.1f} a CPU-second; "
                f"bare {len(texts) / bare_wall:.1f} and {len(texts) / bare_cpu:.1f}; "
                f"ratio {bare_wall / wall:.2f} and {bare_cpu / cpu:.2f}", flush=True)
            if group > 0:
                by_clock.append(bare_wall / wall)
                by_cpu.append(bare_cpu / cpu)
    finally:
        server.stop()
        shutil.rmtree(folder)
    for name, ratios in (("the clock", by_clock), ("CPU", by_cpu)):
        print(f"of the bare rate, by {name}: median {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})")


def first(documents, question):
    folder = tempfile.mkdtemp()
    cache, kept = HOME / "app/target/elanus.aot", Path(folder) / "elanus.aot"
    if cache.exists():
        shutil.move(cache, kept)
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        print("the system's pages stay cached: only root can drop them")
    try:
        start = time.monotonic()
        server = Server(folder + "/data", folder + "/log")
        ready = time.monotonic() - start
        subprocess.run(
            [COMMAND, "ingest", documents, "--server", SERVER],
            env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
        ingested = time.monotonic() - start
        answer = call("/v1/answer", {"question": question})
        print(f"cold: ready after {ready:.1f} s, ingested after {ingested:.1f} s, "
              f"answered after {time.monotonic() - start:.1f} s")
        print(answer["answer"][:300])
        server.stop()
        start = time.monotonic()
        server = Server(folder + "/data", folder + "/log")
        ready = time.monotonic() - start
        call("/v1/answer", {"question": question})
        print(f"again: ready after {ready:.1f} s, answered after {time.monotonic() - start:.1f} s")
        server.stop()
    finally:
        if kept.exists() and not cache.exists():
            shutil.move(kept, cache)
        shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "rate":
        rate([Path(file) for file in sys.argv[2:]])
    elif len(sys.argv) in (3, 4) and sys.argv[1] == "first":
        first(sys.argv[2], (sys.argv[3:] or ["How do I back up a server and restore it?"])[0])
    else:
        sys.exit(__doc__)
