"""The race: asks each system in turn for one point after the other, round after round."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import report
from datasets import DATA, MAKERS, ROOT, meta, prepared
from systems import System, chosen, elanus
from truth import FILTERS

HERE = Path(__file__).resolve().parent
SETTLED_RECALL = 0.9965
COMPILED_SECONDS = 6


class Runner:
    """A system's process, pinned to one core, idle until asked."""

    def __init__(self, system: System, folder: Path, core: int, keep: bool):
        self.system = system
        named = ["--data", str(folder), "--name", system.name]
        named += ["--build", system.build] if system.build else []
        if system.peer:
            command = [sys.executable, str(HERE / "worker.py"), "--peer", system.peer, *named]
        elif system.jvm:
            command = [str(HERE / "on-jvm"), system.jvm, str(folder), system.name]
        else:
            command = [str(HERE / "in-process"), "--type", system.type or "", *named]
            command += ["--keep"] if keep else []
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "RACE_BUILD": "no"},
        )
        self.ready = self._answer()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.system.name} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, **words) -> dict:
        line = " ".join(f"{name}={value}" for name, value in words.items() if value is not None)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def started(systems: list[System], folder: Path, options) -> list[Runner]:
    """One after the other, so that builds do not disturb each other."""
    runners = []
    for system in systems:
        print(f"{folder.name}: {system.name} builds or loads", file=sys.stderr, flush=True)
        try:
            runners.append(Runner(system, folder, options.core, options.keep))
        except RuntimeError as failure:
            print(f"left out: {failure}", file=sys.stderr, flush=True)
    return runners


def raced(runners: list[Runner], percent: str | None, options) -> list[dict]:
    """All points of all rounds. Each effort is run by every system before the next one is."""
    points = []
    order = random.Random(1)
    for runner in runners:
        if not runner.system.peer:
            # The JVM compiles what it has seen often: this filter's way of searching, too.
            middle = runner.system.efforts()[len(runner.system.efforts()) // 2]
            runner.ask(**middle, filter=percent, seconds=0, warm=COMPILED_SECONDS)
    enough: dict[str, int] = {}
    for number in range(options.rounds):
        efforts = {r.system.name: r.system.efforts() for r in runners}
        for step in range(max(len(e) for e in efforts.values())):
            order.shuffle(runners)
            for runner in runners:
                name = runner.system.name
                if step >= min(len(efforts[name]), enough.get(name, 10**6)):
                    continue
                point = runner.ask(
                    **efforts[name][step], filter=percent, seconds=options.seconds,
                    warm=options.warm if number == 0 else options.warm / 4,
                )
                points.append({**point, "round": number, "step": step})
                # A sweep of one parameter ends where it has nothing more to tell.
                if len(efforts[name][0]) == 1 and point["recall"] >= SETTLED_RECALL:
                    enough.setdefault(name, step + 1)
        print(f"round {number + 1} of {options.rounds} is over", file=sys.stderr, flush=True)
    return points


def race(name: str, systems: list[System], options) -> list[dict]:
    """The results of one data set: one without a filter, one per filter."""
    folder = prepared(name)
    runners = started(systems, folder, options)
    results = []
    try:
        for percent in [None, *(options.filters.split(",") if options.filters else [])]:
            field = [r for r in runners if percent is None or r.system.filters]
            if field:
                results.append(
                    {
                        "data": meta(folder),
                        "filter": percent,
                        "systems": {r.system.name: r.ready for r in field},
                        "build": {r.system.name: r.system.build for r in field},
                        "points": raced(field, percent, options),
                    }
                )
    finally:
        for runner in runners:
            runner.close()
    return results


def parsed() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="bench/race/run", description=__doc__)
    options.add_argument("--data", default="glove-100k", help=f"all, or of {', '.join(MAKERS)}")
    options.add_argument("--systems", default="all", help="all, peers, or names with commas")
    options.add_argument(
        "--elanus", action="append", default=[], metavar="NAME:TYPE[:BUILD[:SWEEP]]",
        help="one more index of Elanus, say qg64:QG:degree=64:ef=16,32,64",
    )
    options.add_argument("--filters", default="", help=f"percent, of {','.join(FILTERS)}")
    options.add_argument("--rounds", type=int, help="5, or 3 when quick")
    options.add_argument("--seconds", type=float, help="CPU seconds per point: 0.4, or 0.15")
    options.add_argument("--warm", type=float, help="CPU seconds before a point: 0.4, or 0.15")
    options.add_argument("--quick", action="store_true", help="fewer rounds of short points")
    options.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    options.add_argument("--keep", action="store_true", help="reuse Elanus' index files")
    options.add_argument("--results", action="store_true", help="write bench/RESULTS.md")
    given = options.parse_args()
    given.rounds = given.rounds or (3 if given.quick else 5)
    given.seconds = given.seconds or (0.15 if given.quick else 0.4)
    given.warm = given.warm or (0.15 if given.quick else 0.4)
    if set(filter(None, given.filters.split(","))) - set(FILTERS):
        options.error(f"--filters takes of {','.join(FILTERS)}")
    return given


def main() -> None:
    options = parsed()
    DATA.mkdir(parents=True, exist_ok=True)
    systems = chosen(options.systems) if options.systems != "none" else []
    systems += [elanus(text) for text in options.elanus]
    results = []
    for name in list(MAKERS) if options.data == "all" else options.data.split(","):
        raced_now = race(name, systems, options)
        about = report.machine(ROOT, options)
        results += [{"about": about, **result} for result in raced_now]
    print(report.tables(results))
    # Each data set and filter keeps its last run; within one, all ratios are of one run.
    kept = ROOT / "bench" / "target" / "race.json"
    before = json.loads(kept.read_text())["results"] if kept.exists() else []
    latest = {(r["data"]["name"], r["filter"] or ""): r for r in before + results}
    every = [latest[key] for key in sorted(latest, key=lambda key: (key[0], -float(key[1] or 101)))]
    kept.write_text(json.dumps({"results": every}, indent=1))
    report.plot(every, kept.with_suffix(".svg"))
    if options.results:
        report.write_results(ROOT / "bench" / "RESULTS.md", every)


if __name__ == "__main__":
    # Asked to stop, stop the systems as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
