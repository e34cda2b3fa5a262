"""What a sweep found: the mean over seeds as a table for the terminal and as a plot. See sweep.py beside it."""

from __future__ import annotations

from pathlib import Path


def average(rows: list[dict], names: list[str]) -> list[dict]:
    """Runs that differ in SEED alone become one row: all accuracies, their mean, and the mean interval over tasks."""
    groups = {}
    for row in rows:
        if row["status"] == "ok":
            setting = ", ".join(f"{n} {row[n]}" for n in names if n != "SEED") or "as it is"
            groups.setdefault((setting, row["learner"]), []).append(row)
    table = []
    for (setting, learner), runs in groups.items():
        scores = [r["accuracy"] for r in runs]
        table.append({"setting": setting, "learner": learner, "mean": sum(scores) / len(scores), "scores": scores,
                      "ci95": sum(r["ci95"] for r in runs) / len(runs)})  # fmt: skip
    return table


def as_text(table: list[dict]) -> str:
    """The table for a terminal: a line for each learner in each setting, in %."""
    lines = [f"{'setting':24} {'learner':32} {'mean':>6} {'± tasks':>8}  seeds: lowest to highest"]
    for row in table:
        low, high = 100 * min(row["scores"]), 100 * max(row["scores"])
        seeds = f"{len(row['scores'])}: {low:.1f} to {high:.1f}"
        mean, half = 100 * row["mean"], 100 * row["ci95"]
        lines.append(f"{row['setting']:24} {row['learner']:32} {mean:6.1f} {half:8.1f}  {seeds}")
    return "\n".join(lines)


def plot(table: list[dict], path: Path):
    """Accuracy by setting. Bar: the interval over tasks; rings beside it: the seeds, one by one."""
    from course_lib.plots import COLORS, new_figure, png

    settings, learners = (list(dict.fromkeys(row[key] for row in table)) for key in ("setting", "learner"))
    figure, ax = new_figure(width=max(7.0, 2.0 + 0.35 * len(settings) * len(learners)), height=4.0)
    for k, learner in enumerate(learners):
        mine = [row for row in table if row["learner"] == learner]
        x = [settings.index(row["setting"]) + 0.8 * ((k + 0.5) / len(learners) - 0.5) for row in mine]
        color, marker = COLORS[k % len(COLORS)], "osD^vP*"[k // len(COLORS) % 7]
        y, half = [100 * row["mean"] for row in mine], [100 * row["ci95"] for row in mine]
        ax.errorbar(x, y, half, fmt=marker, color=color, capsize=3, label=learner)
        for at, row in zip(x, mine, strict=True):
            ax.plot([at + min(0.05, 0.2 / len(learners))] * len(row["scores"]), [100 * s for s in row["scores"]], "o",
                    mfc="none", mec=color, ms=4)  # fmt: skip
    ax.set_xticks(range(len(settings)), settings)
    ax.set_ylabel("accuracy, %")
    ax.set_title("filled: mean over seeds; bar: 95 % interval over tasks; rings: seeds, one by one", fontsize=10)
    figure.legend(loc="outside right upper")
    path.write_bytes(png(figure))
