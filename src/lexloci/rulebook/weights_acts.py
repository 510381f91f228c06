"""The moves of a model's weights: the act, and how much training went into them."""

from __future__ import annotations

from datetime import date

from lexloci.model.act import Act, ActKind, Role
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.rulebook.dataset_acts import workload_facts
from lexloci.rulebook.placing import Placing, body_of, stated


def brought_weights_act(placing: Placing, start: date) -> Act | None:
    """The move of weights that no workload of the portfolio made, from where the model lies to the site.

    None where nothing is brought: a pre-training, published weights, a model made by a workload before
    this one (``plan`` asks for that move), and weights that lie in the site's country. Where it is not
    stated where they lie, the act comes from an unknown country.
    """
    workload, model = placing.workload, placing.model
    if workload.kind in (WorkloadKind.PRE_TRAIN, WorkloadKind.COPY) or model.open_weights is True:
        return None
    if any(placing.portfolio.workload_by_id[before].model == model.id for before in workload.after):
        return None
    lies_at = placing.portfolio.site_by_id[model.located_at].country if model.located_at else None
    if lies_at == placing.site.country:
        return None
    return weights_act(placing, lies_at, placing.site.country, start)


def weights_act(placing: Placing, departure: str | None, arrival: str, on: date) -> Act:
    """The move of a model's weights from one country to another, for the workload's party; None: not stated whence."""
    model = placing.model
    where = f"models: {model.id}"
    flop = training_flop(placing.portfolio, placing.workload)
    facts = {
        "item.class": Fact("model weights", where),
        "item.subject_to_ear": Fact(UNKNOWN, f"{where}: not stated"),
        "departure.country": stated(departure, f"{where}.located_at"),
        "site.country": Fact(arrival, "plan"),
        "model.training_flop": stated(flop, f"{where}: 6 x parameters used x tokens of the workloads that train it"),
        "model.open_weights": stated(model.open_weights, f"{where}.open_weights"),
        **workload_facts(placing),
    }
    parties = {Role.EXPORTER: placing.workload.party, Role.RECIPIENT: placing.workload.party}
    leg = f"move of the weights of {model.name} from {departure or 'a place not stated'} to {arrival}"
    bodies = ("us", body_of(departure), body_of(arrival))
    return placing.act(ActKind.WEIGHTS_TRANSFER, leg, on, parties, facts, bodies)


def training_flop(portfolio: Portfolio, workload: Workload) -> float | None:
    """Operations of the whole training of a workload's model; None where they are not known.

    The training of the portfolio's workloads counts as 6 x parameters used x tokens (Kaplan et al.,
    arXiv:2001.08361, 2020-01, C = 6 N D). Where one of them pre-trains the model, it begins with it, and
    a figure that is stated counts if it is higher; else the training before it must be stated, and theirs
    is added.
    """
    model = portfolio.model_by_id[workload.model]
    training = [one for one in portfolio.workloads if one.model == model.id and one.kind.is_training]
    tokens = [one.tokens for one in training]
    begins = any(one.kind is WorkloadKind.PRE_TRAIN for one in training)
    if any(count is None for count in tokens) or (model.training_flop is None and not begins):
        return None
    here = 6 * model.used_parameters * sum(count for count in tokens if count is not None)
    before = model.training_flop or 0.0
    return max(before, here) if begins else before + here
