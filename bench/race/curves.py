"""From measured points to queries per second at a stated recall."""

import math
import statistics

GOALS = (0.90, 0.95, 0.99)


def frontier(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """(recall, qps) by rising recall; only points that no other one beats in both.

    >>> frontier([(0.9, 100), (0.8, 90), (0.95, 50)])
    [(0.9, 100), (0.95, 50)]
    """
    best: list[tuple[float, float]] = []
    for recall, qps in sorted(points, reverse=True):
        if not best or qps > best[-1][1]:
            best.append((recall, qps))
    return best[::-1]


def at_recall(points: list[tuple[float, float]], goal: float) -> float | None:
    """Interpolated in log(misses) and log(qps). None where the goal is not reached.

    Where even the cheapest point lies above the goal, that point's speed: more is not claimed.

    >>> round(at_recall([(0.9, 400), (0.975, 100)], 0.95))
    200
    >>> at_recall([(0.9, 400)], 0.95) is None
    True
    """
    curve = frontier(points)
    if not curve or curve[-1][0] < goal:
        return None
    if curve[0][0] >= goal:
        return curve[0][1]
    for (low, fast), (high, slow) in zip(curve, curve[1:]):
        if low <= goal <= high:
            misses = [math.log(max(1 - r, 1e-5)) for r in (low, goal, high)]
            share = (misses[0] - misses[1]) / (misses[0] - misses[2])
            return math.exp(math.log(fast) + share * (math.log(slow) - math.log(fast)))
    return None


def qps(point: dict, clock: str = "cpu") -> float:
    return point["queries"] / point[f"{clock}_seconds"]


def by_round(points: list[dict], goal: float, clock: str = "cpu") -> dict[int, float]:
    """Round to speed, for the rounds that reach the goal."""
    rounds: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        rounds.setdefault(point["round"], []).append((point["recall"], qps(point, clock)))
    speeds = {number: at_recall(curve, goal) for number, curve in rounds.items()}
    return {number: speed for number, speed in speeds.items() if speed is not None}


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, least, most."""
    return statistics.median(values), min(values), max(values)


def ratios(mine: dict[int, float], theirs: dict[int, float]) -> list[float]:
    """Within each round: what the hour does to both cancels out."""
    return [mine[number] / theirs[number] for number in mine if theirs.get(number)]
