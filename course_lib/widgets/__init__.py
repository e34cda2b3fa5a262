"""The explorers: in each, the learner changes something and sees the consequence at once. Imported when first used."""

from importlib import import_module

_LAZY = {
    "AdaptationScrubber": "scrubber", "ComparisonExplorer": "comparison", "CurveExplorer": "curves",
    "EpisodeExplorer": "episodes", "FamilyExplorer": "family", "InnerLoopExplorer": "inner_loop",
    "PrototypeExplorer": "prototypes", "RelationHeatmap": "relation_heatmap", "Sketchpad": "sketchpad",
}  # fmt: skip

__all__ = ["AdaptationScrubber", "ComparisonExplorer", "CurveExplorer", "EpisodeExplorer", "FamilyExplorer",
           "InnerLoopExplorer", "PrototypeExplorer", "RelationHeatmap", "Sketchpad"]  # fmt: skip


def __getattr__(name: str):
    if name not in _LAZY:
        raise AttributeError(f"course_lib.widgets has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
