"""What holds for every metric learner."""

import pytest
import torch
from test_prototypical import random_episode

from course_lib import Episode, evaluate, load, save
from course_lib.learners import MatchingNet, PrototypicalNet, RelationNet, SiameseNet
from course_lib.models import Conv4
from course_lib.tasks import Scripts
from tests.learners.metric_cases import FEATURES, in_float64, learners

EACH = pytest.mark.parametrize("name", learners())


@EACH
def test_permuting_labels_permutes_scores(name):
    episode, learner = random_episode(), learners()[name]
    permutation = torch.tensor([2, 0, 3, 1])
    relabelled = Episode(episode.support_x, permutation[episode.support_y], episode.query_x, episode.query_y, 4)
    assert torch.allclose(learner(relabelled)[..., permutation], learner(episode), atol=1e-12)


@EACH
def test_the_order_of_the_support_set_matters_only_to_full_context(name):
    episode, learner = random_episode(), learners()[name]
    order = torch.arange(episode.support_x.shape[1]).flip(0)
    shuffled = Episode(episode.support_x[:, order], episode.support_y[:, order], episode.query_x, episode.query_y, 4)
    same = torch.allclose(learner(shuffled), learner(episode), atol=1e-12)
    assert same == (name != "matching, full context")  # its LSTM reads the support set in order: appendix A.2


@EACH
def test_a_query_does_not_feel_the_other_queries(name):
    episode, learner = random_episode(), learners()[name]
    adapted = learner.adapt(episode.support_x, episode.support_y)
    alone, together = learner.predict(adapted, episode.query_x[:, :1]), learner.predict(adapted, episode.query_x)
    assert torch.allclose(alone, together[:, :1], atol=1e-12)


@EACH
def test_tasks_of_a_meta_batch_do_not_meet(name):
    episode, learner = random_episode(), learners()[name]
    assert torch.allclose(learner(episode.task(1)), learner(episode)[1:2], atol=1e-12)


@EACH
def test_one_shot_works_and_one_class_is_refused(name):
    episode, learner = random_episode(shots=(1, 1, 1, 1)), learners()[name]
    assert learner(episode).isfinite().all()
    with pytest.raises(ValueError, match="two classes or more"):
        learner(random_episode(way=1, shots=(4,)))


@EACH
def test_losses_in_one_pass_are_those_of_adapt_and_predict(name):
    episode, learner = random_episode(), learners()[name]
    _, outer = learner.losses(episode)
    assert torch.allclose(outer, learner.loss(learner(episode), episode.query_y), atol=1e-12)


@EACH
def test_a_learner_comes_back_from_its_file(name, tmp_path):
    learner = learners()[name].float()
    learner.backbone = Conv4(FEATURES)
    if name == "relation":
        learner = RelationNet(Conv4(FEATURES, maps=True), FEATURES, hidden=3)
    again = load(save(learner, tmp_path / "learner.safetensors"))
    episode = Scripts(way=3, shot=2, query=1).sample(2, torch.Generator().manual_seed(0))
    assert torch.equal(again(episode), learner.eval()(episode)) and again.config == learner.config


IMAGE_LEARNERS = {
    "prototypical": lambda: PrototypicalNet(Conv4(8, chunk=8), distance="cosine", temperature=0.1),
    "matching": lambda: MatchingNet(Conv4(8), full_context=2, features=8),
    "siamese": lambda: SiameseNet(Conv4(8), 8),
    "relation": lambda: RelationNet(Conv4(8, maps=True), 8),
}


@pytest.mark.parametrize("name", IMAGE_LEARNERS)
def test_on_images_gradients_arrive_and_evaluation_changes_nothing(name):
    torch.manual_seed(0)
    learner, tasks = IMAGE_LEARNERS[name](), Scripts(way=3, shot=1, query=2)
    learner.losses(tasks.sample(2, torch.Generator().manual_seed(0)))[1].backward()
    for parameter, p in learner.named_parameters():
        assert p.grad is not None and p.grad.isfinite().all(), parameter
    before = {k: v.clone() for k, v in learner.state_dict().items()}
    evaluate(learner, tasks, 3)
    assert learner.training and all(torch.equal(v, before[k]) for k, v in learner.state_dict().items())


@pytest.mark.parametrize("name", IMAGE_LEARNERS)
def test_on_images_a_query_is_answered_alone_unless_batch_norm_uses_the_batch(name):
    torch.manual_seed(0)
    learner = IMAGE_LEARNERS[name]().double()
    episode = in_float64(Scripts(way=3, shot=1, query=2).sample(1, torch.Generator().manual_seed(0)))
    learner.losses(episode)  # fills the running statistics
    for training in (False, True):
        learner.train(training)
        adapted = learner.adapt(episode.support_x, episode.support_y)
        alone, together = learner.predict(adapted, episode.query_x[:, :1]), learner.predict(adapted, episode.query_x)
        assert torch.allclose(alone, together[:, :1], atol=1e-10) != training
