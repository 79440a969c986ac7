"""The rules that decide something themselves: one function for each, by the rule's code.

A function takes one value of its rule's subject (see ``hcfmt.check.catalogue``) and returns the flaws that it finds.
Each module holds the rules of one subject: headers of ``members``, the ``layout`` of all members, single ``records``,
the ``export`` as a whole, ``absences`` of what an export should hold, ``names`` that importers convert, the
``rhythm`` of histories, and what ``second_sources`` say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hcfmt.check.catalogue import BUDGET_EXCEEDED, REPORTED_BELOW, RULE_FAILED, RULES, Rule
from hcfmt.check.rules import absences, export, layout, members, names, records, rhythm, second_sources
from hcfmt.container.budget import OUT_OF_MEMORY
from hcfmt.findings import Flaw

CHECKS: Mapping[str, Callable[[Any], Iterable[Flaw]]] = {
    "HC012": layout.not_an_export,
    "HC014": members.ambiguous_header,
    "HC019": layout.other_dialect,
    "HC020": layout.wrong_dialect,
    "HC101": members.unsafe_path,
    "HC102": members.special_member,
    "HC103": layout.duplicate_member,
    "HC104": layout.missing_file,
    "HC105": layout.absent_optional_file,
    "HC106": layout.unexpected_file,
    "HC107": layout.prefixed_members,
    "HC108": layout.reserved_file_name,
    "HC109": layout.case_collision,
    "HC110": members.undecodable_name,
    "HC111": export.history_of_unknown_room,
    "HC112": export.history_of_unknown_user,
    "HC113": export.room_without_history,
    "HC114": export.user_without_history,
    "HC116": layout.lookalike_data_file,
    "HC117": members.name_too_long,
    "HC118": export.empty_history_of_unknown,
    "HC119": layout.dotted_members,
    "HC430": export.unmirrored_private_messages,
    "HC431": export.foreign_private_message,
    "HC432": export.archived_state_disagrees,
    "HC433": export.guest_access_disagrees,
    "HC434": export.topic_disagrees,
    "HC435": export.missing_sender_copy,
    "HC436": names.mention_names_alike,
    "HC437": names.room_names_alike,
    "HC508": layout.empty_file,
    "HC509": layout.content_type_disagrees,
    "HC511": records.attachment_path_disagrees,
    "HC519": export.shared_attachment_path,
    "HC603": export.before_creation,
    "HC604": records.deleted_before_sent,
    "HC710": records.odd_canonical_name,
    "HC712": records.unknown_timezone,
    "HC717": names.odd_room_name,
    "HC718": records.unclosed_html_tag,
    "HC801": absences.no_messages,
    "HC802": absences.no_private_messages,
    "HC803": absences.no_stored_files,
    "HC804": absences.no_room_messages,
    "HC805": rhythm.activity_gap,
    "HC806": rhythm.early_end,
    "HC807": second_sources.expectation_failed,
    "HC808": second_sources.export_log_incomplete,
    "HC809": second_sources.logged_member_missing,
    "HC810": second_sources.member_not_logged,
    "HC811": second_sources.log_of_another_archive,
}

_MISSING = [code for code, rule in RULES.items() if not REPORTED_BELOW.issuperset(rule.subjects) and code not in CHECKS]
if _MISSING:  # else every archive with a value of that subject is reported with HCX02
    raise RuntimeError(f"CHECKS has no function of {', '.join(_MISSING)}.")


def run_rules(rules: Iterable[Rule], value: object) -> Iterator[tuple[str, Flaw]]:
    """Yield (rule code, flaw) for every flaw that rules of one subject find in a value of that subject.

    A rule that raises is reported as HCX02 with its code and the type of the exception, never with the exception's
    text, which may quote the archive. Memory that runs out is reported as a limit that was reached.
    """
    for rule in rules:
        try:
            for flaw in CHECKS[rule.code](value):
                yield rule.code, flaw
        except MemoryError:
            yield BUDGET_EXCEEDED, Flaw(OUT_OF_MEMORY)
        except Exception as error:  # noqa: BLE001 - whatever a rule raises is reported, none may pass as a verdict
            values = {"rule": f"{rule.code} {rule.name}", "exception": type(error).__name__}
            yield RULE_FAILED, Flaw("Rule {rule} raised {exception}.", values)
