"""How often `course_lib name` is right, and knows a stranger: `COURSE_DATA=... python benchmarks/strangers.py`.

300 support sets of five characters of Omniglot's 20 evaluation alphabets. The other drawings of these five should be
named; drawings of ten other characters are strangers, and should be "none of these".
"""

import torch

from course_lib import load
from course_lib.commands.name import distances, threshold
from course_lib.paths import pretrained
from course_lib.tasks import Omniglot
from course_lib.tasks.images import as_ink


def embedded(tasks: Omniglot, name: str) -> torch.Tensor:
    """Every drawing as the network `name` sees it: `[characters, 20, features]`."""
    learner = load(pretrained(name))
    with torch.no_grad():
        parts = tasks.images.flatten(0, 1).unsqueeze(1).split(500)
        return torch.cat([learner.embed(as_ink(part)[None])[0] for part in parts]).unflatten(0, (-1, 20))


def shares(z: torch.Tensor, pools: list[torch.Tensor], shots: int, n: int = 300) -> torch.Tensor:
    """Shares of drawings named rightly, of drawings named wrongly, and of strangers refused."""
    generator, found = torch.Generator().manual_seed(0), []
    for _ in range(n):
        pool = pools[int(torch.randint(len(pools), (), generator=generator))]
        chosen = pool[torch.randperm(len(pool), generator=generator)]
        order = torch.randperm(20, generator=generator)
        support, queries = z[chosen[:5]][:, order[:shots]], z[chosen[:5]][:, order[shots:]]
        limit, _ = threshold(support.flatten(0, 1), torch.arange(5).repeat_interleave(shots), 5, "euclidean")
        near, answer = distances(queries.flatten(0, 1)[None], support.mean(1)[None], "euclidean")[0].min(-1)
        right = answer == torch.arange(5).repeat_interleave(20 - shots)
        strange = distances(z[chosen[5:15]].flatten(0, 1)[None], support.mean(1)[None], "euclidean")[0].amin(-1)
        known = near <= limit
        each = (known & right, known & ~right, strange > limit)
        found.append([share.float().mean() for share in each])
    return torch.tensor(found).mean(0)


def main():
    """Print a table."""
    torch.set_num_threads(1)
    tasks = Omniglot(split="test")
    homes = {}
    for place, name in enumerate(tasks.names):
        homes.setdefault(name.split("/")[0], []).append(place)
    pools = {"any": [torch.arange(len(tasks.names))], "one alphabet": [torch.tensor(home) for home in homes.values()]}
    print("| network | characters from | examples of each | named rightly, % | wrongly, % | strangers refused, % |")
    print("|---|---|---|---|---|---|")
    for network in ("prototypical_scripts", "prototypical_omniglot"):
        z = embedded(tasks, network)
        for kind, pool in pools.items():
            for shots in (2, 4):
                numbers = " | ".join(f"{100 * share:.1f}" for share in shares(z, pool, shots))
                print(f"| `{network}` | {kind} | {shots} | {numbers} |", flush=True)


if __name__ == "__main__":
    main()
