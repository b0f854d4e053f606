"""Every command. A line here is all that a new one needs to be reachable: mutation, refusals and docs follow."""

from typing import Final

from domain.commands import calendar, erasure, item, people, policy, question, sign_off
from domain.commands.pushbacks import pushback, terms
from domain.decision import Command

COMMANDS: Final[dict[str, Command]] = {
    command.name: command
    for command in (
        Command(item.draft_item, "Item", opens=True),
        Command(item.revise_item, "Item", item.may_revise),
        Command(item.withdraw_item, "Item", item.may_revise),
        Command(item.rank_item, "Item", item.may_rank),
        Command(item.record_estimate, "Item", item.may_estimate),
        Command(pushback.raise_pushback, "Pushback", pushback.may_raise),
        Command(pushback.sort_pushback, "Pushback", pushback.may_sort),
        Command(terms.amend_pushback, "Pushback", terms.may_amend),
        Command(terms.change_stance, "Pushback", terms.may_change_stance),
        Command(terms.reassign_pushback, "Pushback", terms.may_amend),
        Command(pushback.answer_pushback, "Pushback", pushback.may_answer),
        Command(pushback.settle_pushback, "Pushback", pushback.may_settle),
        Command(pushback.reject_answer, "Pushback", pushback.may_settle),
        Command(pushback.concede_pushback, "Pushback", pushback.may_answer),
        Command(pushback.withdraw_pushback, "Pushback", pushback.may_withdraw),
        Command(question.ask_question, "Question", question.may_ask),
        Command(question.answer_question, "Question", question.may_answer),
        Command(question.close_question, "Question", question.may_close),
        Command(question.promote_question, "Pushback", question.may_promote),
        Command(sign_off.grant_sign_off, "SignOff", sign_off.may_sign),
        Command(sign_off.revoke_sign_off, "SignOff", sign_off.may_revoke),
        Command(people.register_person, "Person", opens=True),
        Command(people.issue_credential, "Credential", people.may_administer),
        Command(people.revoke_credential, "Credential"),
        Command(people.form_team, "Team", opens=True),
        Command(calendar.set_calendar, "Team", calendar.may_set_calendar),
        Command(people.assign_role, "RoleAssignment", people.may_assign),
        Command(people.assign_workspace_role, "RoleAssignment", people.may_administer),
        Command(people.end_role, "RoleAssignment", people.may_assign),
        Command(erasure.erase_prose, "Workspace"),
        Command(erasure.erase_name, "Person"),
        Command(policy.adopt_policy, "PolicyVersion", policy.may_adopt),
        Command(policy.adopt_workspace_policy, "PolicyVersion", policy.may_adopt_for_all),
        Command(people.end_workspace_role, "RoleAssignment", people.may_administer),
    )
}
