"""The table of damages: one way to break a sound export for every rule of the catalogue."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from hcfmt.damage import (
    absences,
    dialects,
    duplicates,
    files,
    histories,
    json_text,
    layers,
    members,
    messages,
    properties,
    references,
    schemas,
)
from hcfmt.export.editing import EditableExport

DamageFunction = Callable[[EditableExport, Random, int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to break a sound export so that the validator finds one rule.

    ``code`` is the rule's. ``apply`` takes the export, the source of random choices, and how many times to do the
    damage, each of which gives one more finding. It logs its changes in the export, and raises UsageError if the export
    lacks what the damage changes. ``once``: an archive can have the damage one time only. ``companions`` are the codes
    of rules that the damage may break as well.
    """

    code: str
    apply: DamageFunction
    once: bool = False
    companions: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """One sentence that says what the damage does: the function's docstring."""
        return " ".join(inspect.cleandoc(self.apply.__doc__ or "").split())


_NO_FILES = ("HC803",)  # if the archive had no other file

DAMAGES: Mapping[str, Damage] = {
    damage.code: damage
    for damage in (
        Damage("HC001", layers.misnamed_container, once=True),
        Damage("HC002", layers.cannot_decrypt, once=True),
        Damage("HC003", layers.ciphertext_cut, once=True),
        Damage("HC004", layers.bad_padding, once=True),
        Damage("HC005", layers.not_an_archive, once=True),
        Damage("HC006", layers.gzip_corrupt, once=True),
        Damage("HC007", layers.gzip_cut, once=True),
        Damage("HC008", layers.trailing_data, once=True),
        Damage("HC009", layers.tar_corrupt, once=True),
        Damage("HC010", layers.tar_cut, once=True),
        Damage("HC011", layers.tar_unterminated, once=True),
        Damage("HC012", members.not_an_export, once=True),
        Damage("HC013", layers.modern_key_derivation, once=True),
        Damage("HC014", layers.ambiguous_header),
        Damage("HC015", layers.joined_archives, once=True),
        Damage("HC016", layers.encrypted_twice, once=True),
        Damage("HC017", members.several_exports, once=True),
        Damage("HC018", layers.trailing_padding, once=True),
        Damage("HC019", dialects.other_dialect, once=True),
        Damage("HC020", dialects.wrong_dialect, once=True),
        Damage("HC021", layers.packed_twice, once=True),
        Damage("HC101", members.unsafe_path),
        Damage("HC102", members.special_member),
        Damage("HC103", members.duplicate_member),
        Damage("HC104", members.missing_file),
        Damage("HC105", members.absent_optional_file),
        Damage("HC106", members.unexpected_file),
        Damage("HC107", members.prefixed_members, once=True),
        Damage("HC108", members.reserved_file_name),
        Damage("HC109", members.case_collision),
        Damage("HC110", members.undecodable_name),
        Damage("HC111", members.history_of_unknown_room),
        Damage("HC112", members.history_of_unknown_user),
        Damage("HC113", members.room_without_history),
        Damage("HC114", members.user_without_history),
        Damage("HC116", members.lookalike_data_file),
        Damage("HC117", members.name_too_long),
        Damage("HC118", members.empty_history_of_unknown),
        Damage("HC119", members.dotted_members, once=True),
        Damage("HC201", json_text.invalid_json),
        Damage("HC202", json_text.byte_order_mark),
        Damage("HC203", json_text.invalid_utf8),
        Damage("HC204", json_text.non_finite_number),
        Damage("HC205", json_text.duplicate_key),
        Damage("HC206", json_text.unstorable_text),
        Damage("HC207", json_text.unsafe_integer),
        Damage("HC301", schemas.schema_violation),
        Damage("HC302", schemas.unknown_record_kind),
        Damage("HC303", schemas.undocumented_property),
        Damage("HC304", schemas.embedded_not_json),
        Damage("HC305", schemas.embedded_schema_violation),
        Damage("HC306", schemas.legacy_field_used),
        Damage("HC307", schemas.members_as_objects),
        Damage("HC308", schemas.key_letter_case),
        Damage("HC309", schemas.integer_as_float),
        Damage("HC310", schemas.null_for_empty),
        Damage("HC401", references.unknown_sender),
        Damage("HC402", references.unknown_receiver),
        Damage("HC403", references.unknown_room_member),
        Damage("HC404", references.unknown_owner),
        Damage("HC405", references.unknown_room_admin),
        Damage("HC406", references.unknown_participant),
        Damage("HC407", references.unknown_emoticon_owner),
        Damage("HC408", references.unknown_uploader),
        Damage("HC409", references.unknown_deleter),
        Damage("HC410", references.unknown_autojoin_user),
        Damage("HC411", references.unknown_autojoin_target),
        Damage("HC412", dialects.unknown_mention, companions=("HC019",)),
        Damage("HC413", messages.integration_as_user),
        Damage("HC420", duplicates.duplicate_user_id),
        Damage("HC421", duplicates.duplicate_room_id),
        Damage("HC422", duplicates.duplicate_emoticon),
        Damage("HC423", duplicates.duplicate_message_id),
        Damage("HC424", duplicates.mention_name_clash),
        Damage("HC425", duplicates.email_clash),
        Damage("HC426", duplicates.room_name_clash),
        Damage("HC427", duplicates.mention_name_of_deleted),
        Damage("HC428", duplicates.email_of_deleted),
        Damage("HC430", histories.unmirrored_private_messages),
        Damage("HC431", histories.foreign_private_message),
        Damage("HC432", histories.archived_state_disagrees),
        Damage("HC433", histories.guest_access_disagrees),
        Damage("HC434", histories.topic_disagrees),
        Damage("HC435", histories.missing_sender_copy),
        Damage("HC501", files.missing_attachment, companions=_NO_FILES),
        Damage("HC502", files.missing_thumbnail),
        Damage("HC503", files.missing_avatar, companions=_NO_FILES),
        Damage("HC504", files.missing_avatar_size),
        Damage("HC505", files.missing_emoticon, companions=_NO_FILES),
        Damage("HC506", files.missing_emoticon_scale),
        Damage("HC507", files.attachment_size_disagrees),
        Damage("HC508", files.empty_file),
        Damage("HC509", files.content_type_disagrees),
        Damage("HC510", files.orphan_file),
        Damage("HC511", files.attachment_path_disagrees),
        Damage("HC512", files.misplaced_attachment),
        Damage("HC513", files.odd_attachment_path),
        Damage("HC514", files.unsafe_reference),
        Damage("HC515", files.foreign_avatar),
        Damage("HC516", files.emoticon_size_disagrees),
        Damage("HC517", files.remote_avatar),
        Damage("HC518", messages.empty_attachment_path),
        Damage("HC601", messages.impossible_date),
        Damage("HC602", messages.no_microseconds),
        Damage("HC603", histories.before_creation),
        Damage("HC604", messages.deleted_before_sent),
        Damage("HC701", messages.long_message),
        Damage("HC702", messages.empty_message),
        Damage("HC703", messages.deleted_not_empty),
        Damage("HC704", properties.odd_mention_name),
        Damage("HC705", properties.missing_email),
        Damage("HC706", properties.roles_without_user),
        Damage("HC707", properties.account_type_disagrees),
        Damage("HC708", properties.foreign_group),
        Damage("HC709", properties.long_name),
        Damage("HC710", properties.odd_canonical_name),
        Damage("HC711", properties.odd_guest_url),
        Damage("HC712", properties.unknown_timezone),
        Damage("HC713", properties.secret_in_export),
        Damage("HC714", properties.long_account_text),
        Damage("HC715", properties.odd_email),
        Damage("HC716", duplicates.id_out_of_range),
        Damage("HC801", absences.no_messages, once=True),
        Damage("HC802", absences.no_private_messages, once=True, companions=("HC803",)),
        Damage("HC803", absences.no_stored_files, once=True, companions=("HC802", "HC804")),
        Damage("HC804", absences.no_room_messages, once=True, companions=("HC803",)),
        Damage("HCX01", json_text.budget_exceeded, once=True),
    )
}
"""The damages by the codes of their rules."""

EXCUSED: Mapping[str, str] = {
    "HCX02": "no archive causes it; only a mistake in hcfmt does",
}
"""Rules without a damage, and why."""
