"""Figures and whether they meet their aims: distributions, counts, and the small table that shows them."""

import math
import os
import platform
import time


def percentile(samples, share):
    """The nearest-rank percentile; `share` is 0 to 1. No interpolation: every figure was really measured."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


class Report:
    """Rows of figures, each with its aim; prints itself, and knows the exit status."""

    def __init__(self, title):
        self.title = title
        self.rows = []
        self.missed = []
        self.began = time.monotonic()
        self.load = os.getloadavg()[0]

    def distribution(self, name, samples, unit="ms", **aims):
        """Adds n, p50, p90, p99 and max of `samples`; aims are upper bounds: `p50=300, p99=450`."""
        if not samples:
            self.count(name + " (samples)", 0, at_least=1)
            return
        figures = {f"p{share}": percentile(samples, share / 100) for share in (50, 90, 99)}
        figures["max"] = max(samples)
        failed = [key for key, bound in aims.items() if figures[key] > bound]
        shown = "  ".join(f"{key} {value:.1f}" for key, value in figures.items())
        wanted = ", ".join(f"{key} ≤ {bound}" for key, bound in aims.items())
        self._row(name, f"{shown} {unit}  (n={len(samples)})", wanted, not failed)

    def count(self, name, value, unit="", at_most=None, below=None, at_least=None, never_zero=False):
        """Adds one number with at most one aim.

        `never_zero` is for what is zero only when it was not measured: what is printed as zero misses then, whatever
        the aim is.
        """
        if at_most is not None:
            wanted, met = f"≤ {at_most}", value <= at_most
        elif below is not None:
            wanted, met = f"< {below}", value < below
        elif at_least is not None:
            wanted, met = f"≥ {at_least}", value >= at_least
        else:
            wanted, met = "", True
        text = f"{value:.2f}" if isinstance(value, float) else str(value)
        if never_zero:
            wanted, met = f"> 0, {wanted}".rstrip(", "), met and float(text) > 0
        self._row(name, f"{text} {unit}".strip(), wanted, met)

    def note(self, name, text):
        """Adds a line without an aim."""
        self._row(name, text, "", True)

    def _row(self, name, figures, wanted, met):
        self.rows.append((name, figures, wanted, met))
        if not met:
            self.missed.append(name)

    def finish(self):
        """Prints the table and returns the exit status: 0 when every aim is met."""
        widths = [max((len(row[column]) for row in self.rows), default=0) for column in range(3)]
        print(f"\n{self.title}")
        for name, figures, wanted, met in self.rows:
            mark = "" if not wanted else ("ok" if met else "MISSED")
            print(f"  {name:<{widths[0]}}  {figures:<{widths[1]}}  {wanted:<{widths[2]}}  {mark}".rstrip())
        took = time.monotonic() - self.began
        print(
            f"  ({took:.0f} s; Linux {platform.release()}, {os.cpu_count()} CPUs, "
            f"load {self.load:.1f} before, {os.getloadavg()[0]:.1f} after)"
        )
        if not self.rows:
            self.missed.append("everything: nothing was measured")
        if self.missed:
            print(f"  missed: {'; '.join(self.missed)}")
        return 1 if self.missed else 0
