"""Every command. A line here is all that a new one needs to be reachable: mutation, refusals and docs follow."""

from typing import Final

from domain.commands import calendar, challenge, definition, erasure, item, policy, question, readiness, role_terms
from domain.commands.estimation import conclusion, loop, rounds, votes
from domain.commands.people import credentials, delegations, hand_over, registry, roles
from domain.commands.pushbacks import override, pushback, standing, terms
from domain.commands.sign_offs import ending, granting, implementers, powers, requests
from domain.decision import Command
from domain.events.people import Scope

COMMANDS: Final[dict[str, Command]] = {
    command.name: command
    for command in (
        Command(item.draft_item, "Item", opens=True),
        Command(item.revise_item, "Item", item.may_revise),
        Command(challenge.challenge_editorial_claim, "Item", challenge.may_challenge),
        Command(item.withdraw_item, "Item", item.may_revise),
        Command(item.rank_item, "Item", item.may_rank),
        Command(item.record_estimate, "Item", item.may_estimate),
        Command(rounds.open_round, "EstimationRound", rounds.may_open),
        Command(votes.cast_vote, "EstimationRound", votes.may_vote),
        Command(rounds.reveal_votes, "EstimationRound", rounds.may_reveal),
        Command(votes.give_rationale, "EstimationRound", votes.may_explain),
        Command(conclusion.conclude_round, "EstimationRound", conclusion.may_conclude),
        Command(rounds.cancel_round, "EstimationRound", rounds.may_cancel),
        Command(loop.link_spike, "Item", loop.may_draw_on),
        Command(loop.note_three_amigos, "Item", loop.may_draw_on),
        Command(loop.split_item, "Item", loop.may_draw_on),
        Command(pushback.raise_pushback, "Pushback", pushback.may_raise),
        Command(pushback.sort_pushback, "Pushback", pushback.may_sort),
        Command(terms.amend_pushback, "Pushback", terms.may_amend),
        Command(terms.change_stance, "Pushback", terms.may_change_stance),
        Command(terms.reassign_pushback, "Pushback", terms.may_amend),
        Command(pushback.answer_pushback, "Pushback", pushback.may_answer),
        Command(pushback.settle_pushback, "Pushback", pushback.may_settle),
        Command(pushback.reject_answer, "Pushback", pushback.may_settle),
        Command(pushback.concede_pushback, "Pushback", standing.on_the_item_s_side),
        Command(pushback.withdraw_pushback, "Pushback", pushback.may_withdraw),
        Command(override.propose_override, "Pushback", override.may_override),
        Command(override.confirm_understanding, "Pushback", override.may_reply),
        Command(override.dispute_understanding, "Pushback", override.may_reply),
        Command(override.rescind_override, "Pushback", override.may_rescind),
        Command(override.take_override_effect, "Pushback", override.may_take_effect, by_system=True),
        Command(override.second_emergency_override, "Pushback", override.may_second),
        Command(override.ratify_override, "Pushback", override.may_ratify),
        Command(question.ask_question, "Question", question.may_ask),
        Command(question.answer_question, "Question", question.may_answer),
        Command(question.close_question, "Question", question.may_close),
        Command(question.promote_question, "Pushback", question.may_promote),
        Command(granting.grant_sign_off, "SignOff", powers.may_sign, gate=True),
        Command(granting.decline_sign_off, "Pushback", granting.may_decline),
        Command(ending.revoke_sign_off, "SignOff", ending.may_revoke),
        Command(ending.expire_sign_off, "SignOff", ending.may_expire, by_system=True),
        Command(requests.request_sign_off, "SignOffRequest", requests.may_request),
        Command(requests.withdraw_sign_off_request, "SignOffRequest", requests.may_withdraw),
        Command(implementers.name_implementer, "Item", implementers.may_name),
        Command(implementers.release_implementer, "Item", implementers.may_name),
        Command(readiness.confirm_readiness, "Item", readiness.may_confirm),
        Command(readiness.revoke_readiness, "Item", readiness.may_confirm),
        Command(definition.adopt_definition, "Definition", definition.may_adopt),
        Command(definition.adopt_workspace_definition, "Definition", definition.may_adopt_for_all),
        Command(registry.register_person, "Person", opens=True, scope=Scope.ADMIN),
        Command(credentials.issue_credential, "Credential", registry.may_administer, scope=Scope.ADMIN),
        Command(credentials.invite_person, "Credential", registry.may_administer, scope=Scope.ADMIN),
        Command(credentials.open_session, "Credential", scope=Scope.READ),
        Command(credentials.revoke_credential, "Credential", scope=Scope.ADMIN),
        Command(registry.form_team, "Team", opens=True, scope=Scope.ADMIN),
        Command(calendar.set_calendar, "Team", calendar.may_set_calendar),
        Command(roles.assign_role, "RoleAssignment", roles.may_assign, scope=Scope.ADMIN),
        Command(roles.assign_workspace_role, "RoleAssignment", registry.may_administer, scope=Scope.ADMIN),
        Command(roles.end_role, "RoleAssignment", roles.may_assign, scope=Scope.ADMIN),
        Command(role_terms.end_role_on_time, "RoleAssignment", by_system=True),
        Command(role_terms.end_workspace_role_on_time, "RoleAssignment", by_system=True),
        Command(hand_over.hand_over_product_owner, "RoleAssignment", hand_over.may_hand_over),
        Command(delegations.grant_delegation, "Delegation", delegations.may_delegate),
        Command(delegations.revoke_delegation, "Delegation", delegations.may_revoke),
        Command(delegations.expire_delegation, "Delegation", by_system=True),
        Command(erasure.erase_prose, "Workspace", scope=Scope.ADMIN),
        Command(erasure.erase_name, "Person", scope=Scope.ADMIN),
        Command(policy.adopt_policy, "PolicyVersion", policy.may_adopt),
        Command(policy.adopt_workspace_policy, "PolicyVersion", policy.may_adopt_for_all),
        Command(roles.end_workspace_role, "RoleAssignment", registry.may_administer, scope=Scope.ADMIN),
    )
}
