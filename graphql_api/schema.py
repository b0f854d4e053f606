"""The schema: what SQL answers, what Python answers, what can be done, what can be followed. Run to print the SDL."""

import sys

import strawberry

from graphql_api.islands import Executor
from graphql_api.mutations import make_mutation_type
from graphql_api.policy import PolicyInForce, policy
from graphql_api.requirements import Requirement, readiness
from graphql_api.roots import make_query_type
from graphql_api.subscriptions import make_subscription_type
from graphql_api.types.graph import implementations
from graphql_api.types.scalars import configuration
from graphql_api.types.webhooks import Delivery, deliveries
from graphql_api.viewer import Action, Viewer, available_actions, viewer


def make_schema() -> strawberry.Schema:
    """Everything that clients see."""
    reads = make_query_type()

    @strawberry.type(description="Everything that can be asked. Every field takes `asOf`, but for what is of now only.")
    class Query(reads):  # type: ignore[valid-type, misc]  # made at run time
        """What can be asked."""

        viewer: Viewer = strawberry.field(resolver=viewer, description="Who asks, and with which powers.")
        available_actions: list[Action] = strawberry.field(
            resolver=available_actions, description="What the asker may do to the thing with this id, now."
        )

        readiness: list[Requirement] = strawberry.field(
            resolver=readiness, description="What has to be true for an item to be ready, and whether it is."
        )
        deliveries: list[Delivery] = strawberry.field(
            resolver=deliveries, description="How the delivery to each webhook goes: how far it is, and what fails."
        )
        policy: PolicyInForce | None = strawberry.field(
            resolver=policy, description="What policy says for a team and a track, and who decided it."
        )

    return strawberry.Schema(
        query=Query,
        mutation=make_mutation_type(),
        subscription=make_subscription_type(),
        types=implementations(),
        config=configuration(),
        execution_context_class=Executor,
    )


def main() -> None:
    """Print the SDL."""
    sys.stdout.write(make_schema().as_str() + "\n")


if __name__ == "__main__":
    main()
