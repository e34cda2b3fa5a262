"""What the fixes of MAML++ are worth with five adaptation steps. `python -m benchmarks.maml_plus_plus`

Every variant sees the same training tasks and has the same number of outer steps; each is trained from several seeds.
Lesson 04 shows the table, which lies in its room. Minutes on one CPU core: about 25.
"""

import json

import torch

from course_lib import evaluate, fit
from course_lib.learners import MAMLPlusPlus
from course_lib.lessons.lesson04 import fixes
from course_lib.models import Conv4
from course_lib.tasks import Scripts

STEPS, OUTER, META_BATCH, SEEDS, TEST = 5, 400, 2, 3, 200
VARIANTS = {
    "plain": {},
    "multi-step loss, annealed": {"multi_step_for": OUTER // 2},
    "a learned rate per layer and step": {"rates": "layer"},
    "first order for the first half": {"first_order_for": OUTER // 2},
    "plain, cosine outer rate": {},
}


def cosine(optimizer):
    """From the outer learning rate to zero along half a cosine."""
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, OUTER)


def main():
    """Print a row a variant, test accuracy of each seed and seconds; write the accuracies for the lesson."""
    accuracy = {}
    print(f"| {STEPS} steps with rate 0.4, {OUTER} outer steps of {META_BATCH} tasks | "
          + " | ".join(f"seed {seed}, %" for seed in range(SEEDS)) + " | mean, % | s |")  # fmt: skip
    print("|---" * (SEEDS + 3) + "|")
    for name, options in VARIANTS.items():
        means, seconds = [], 0.0
        for seed in range(SEEDS):
            torch.manual_seed(seed)
            learner = MAMLPlusPlus(Conv4(16, out=5), STEPS, 0.4, **options)
            history = fit(learner, Scripts(5, 1, 5), OUTER, meta_batch=META_BATCH, lr=2e-3, seed=seed, progress=False,
                          schedule=cosine if "cosine" in name else None)  # fmt: skip
            means.append(100 * evaluate(learner, Scripts(5, 1, 5, split="test"), TEST).accuracy)
            seconds += history.seconds_spent() / SEEDS
        accuracy[name] = [round(mean, 1) for mean in means]
        cells = " | ".join(f"{mean:.1f}" for mean in means)
        print(f"| {name} | {cells} | {sum(means) / SEEDS:.1f} | {seconds:.0f} |", flush=True)
    settings = {"adaptation steps": STEPS, "outer steps": OUTER, "meta-batch": META_BATCH, "test tasks": TEST}
    table = {"settings": settings, "accuracy": accuracy}
    fixes.TABLE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
