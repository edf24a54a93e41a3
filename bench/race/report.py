"""Tables, the plot and RESULTS.md."""

import datetime
import json
import platform
import subprocess
from pathlib import Path

from curves import GOALS, by_round, frontier, qps, ratios, spread

AGAINST = ("symphonyqg", "hnswlib")


def machine(root: Path, options) -> dict[str, str]:
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    commit = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    load = Path("/proc/loadavg").read_text().split()[0]
    return {
        "date": datetime.date.today().isoformat(),
        "processor": model,
        "system": f"{platform.system()} {platform.machine()}",
        "commit": commit,
        "rounds": str(options.rounds),
        "CPU seconds per point": str(options.seconds),
        "load average at the end": load,
    }


def _titled(result: dict) -> str:
    data = result["data"]
    passing = "all rows" if result["filter"] is None else f"filter passing {result['filter']} %"
    return f"{data['name']} ({data['count']} × {data['dim']}, {data['metric']}), {passing}"


def _cell(values: list[float], form: str) -> str:
    if not values:
        return "–"
    middle, least, most = spread(values)
    return f"{middle:{form}} ({least:{form}}–{most:{form}})"


def _megabytes(ready: dict, data: dict) -> str:
    """An index of Elanus lies beside its segment's vectors; they count, and are told apart."""
    index = f"{ready['index_bytes'] / 1e6:.0f}"
    vectors = 4 * int(data["count"]) * int(data["dim"])
    return index + (f" + {vectors / 1e6:.0f}" if ready["version"].startswith("JDK") else "")


def table(result: dict, unfiltered: dict | None) -> str:
    """Queries per CPU second at each goal, median (least–most of the rounds), and ratios."""
    points: dict[str, list[dict]] = {}
    for point in result["points"]:
        points.setdefault(point["system"], []).append(point)
    against = [name for name in AGAINST if name in points]
    head = ["system", *(f"{goal:.2f}"[1:] for goal in GOALS)]
    head += [f"÷ {name} {f'{goal:.2f}'[1:]}" for name in against for goal in GOALS]
    head += ["÷ all rows .95"] if unfiltered else []
    head += ["recall reached", "wall .95", "build, CPU s", "index MB"]
    rows = []
    for name in result["systems"]:
        speeds = {goal: by_round(points[name], goal) for goal in GOALS}
        row = [name, *(_cell(list(speeds[goal].values()), ",.0f") for goal in GOALS)]
        for other in against:
            for goal in GOALS:
                row.append(_cell(ratios(speeds[goal], by_round(points[other], goal)), ".2f"))
        if unfiltered:
            row.append(_share(list(speeds[0.95].values()), name, unfiltered))
        ready = result["systems"][name]
        wall = list(by_round(points[name], 0.95, "wall").values())
        build = ready.get("build_cpu_seconds")
        row += [f"{max(p['recall'] for p in points[name]):.4f}", f"{spread(wall)[0]:,.0f}"
                if wall else "–", f"{build:.0f}" if build else "–"]
        rows.append([*row, _megabytes(ready, result["data"])])
    return _titled(result) + "\n\n" + _markdown(head, rows)


def _share(filtered: list[float], name: str, unfiltered: dict) -> str:
    """Of the speed without a filter, minutes before."""
    points = [point for point in unfiltered["points"] if point["system"] == name]
    whole = list(by_round(points, 0.95).values())
    return f"{spread(filtered)[0] / spread(whole)[0]:.2f}" if filtered and whole else "–"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in lines
    )


def tables(results: list[dict]) -> str:
    note = (
        "Queries per CPU second at recall@10, k = 10, one core: median (least–most) of the rounds,"
        "\ninterpolated; ratios are taken within each round.\n"
    )
    whole = {r["data"]["name"]: r for r in results if r["filter"] is None}
    texts = [
        "### " + table(result, whole.get(result["data"]["name"]) if result["filter"] else None)
        for result in results
    ]
    return "\n\n".join([note, *texts])


def plot(results: list[dict], path: Path) -> None:
    """QPS over recall, a panel per result; beside the SVG a PNG."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    across = min(3, len(results))
    down = -(-len(results) // across)
    figure, panels = plt.subplots(down, across, figsize=(7 * across, 5 * down), squeeze=False)
    for panel in panels.flat[len(results):]:
        panel.set_visible(False)
    for panel, result in zip(panels.flat, results):
        for name in result["systems"]:
            middle: dict[int, list[dict]] = {}
            for point in result["points"]:
                if point["system"] == name:
                    middle.setdefault(point["step"], []).append(point)
            curve = frontier(
                [
                    (group[0]["recall"], spread([qps(point) for point in group])[0])
                    for group in middle.values()
                ]
            )
            style = {"linewidth": 2.4} if name.startswith("elanus") else {"linewidth": 1.2}
            panel.plot(*zip(*curve), marker="o", markersize=3, label=name, **style)
        panel.set(title=_titled(result), xlabel="recall@10", ylabel="queries per CPU second",
                  yscale="log", xlim=(0.8, 1.0))
        panel.grid(True, which="both", alpha=0.3)
        panel.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
    figure.savefig(path.with_suffix(".png"), dpi=100)
    plt.close(figure)


def write_results(path: Path, results: list[dict]) -> None:
    versions = {
        ready["version"] for result in results for ready in result["systems"].values()
    }
    builds = sorted({f"{n}: {b}" for r in results for n, b in r["build"].items() if b})
    runs: dict[str, list[str]] = {}
    for result in results:
        facts = ", ".join(f"{name} {value}" for name, value in result["about"].items())
        runs.setdefault(facts, []).append(f"{result['data']['name']} {result['filter'] or 'all'}")
    facts = "\n".join(f"- {', '.join(of)}: {facts}" for facts, of in runs.items())
    path.write_text(
        "# Results\n\nWritten by `bench/race/run --results`. Only ratios inside one table count: "
        "the machine is shared, and its hours differ.\n\n"
        f"{facts}\n- versions: {', '.join(sorted(versions))}\n- builds: {'; '.join(builds)}\n\n"
        f"{tables(results)}\n{_servers(path.parent / 'target' / 'race-servers.json')}"
    )


def _servers(file: Path) -> str:
    """The last race over gRPC, where there was one."""
    if not file.exists():
        return ""
    from servers import table as servers_table

    return "\n## Over gRPC\n\n" + servers_table(json.loads(file.read_text())) + "\n"
