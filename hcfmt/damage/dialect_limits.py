"""The rules that cannot be broken, or not in one way, in the exports of Server and Cloud, and why."""

from collections.abc import Mapping

from hcfmt.export.dialects import CLOUD, SERVER

_BOTH = (SERVER, CLOUD)
_EMOTICONS = "of an emoticon they hold an id, a path and a shortcut alone"
_AVATARS = "avatars are part of users.json there"
_AUTOJOINS = "they hold no autojoins.json"

_ADMINS = "they hold no admins of rooms"

_REASONS: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (_BOTH, ("HC019",), "they are of another dialect from the beginning"),
    (_BOTH, ("HC020",), "the damage makes a part of an export of hc-migrate another exporter's"),
    (_BOTH, ("HC105",), "no file but users.json and rooms.json is expected there"),
    ((SERVER,), ("HC119",), "names that begin with ./ are usual there"),
    (_BOTH, ("HC306",), "no field is known to be always empty there"),
    (_BOTH, ("HC307",), "members may be objects there"),
    (_BOTH, ("HC301:path-absent",), "an attachment may lack its path there"),
    ((CLOUD,), ("HC301:topic-absent",), "a room may lack its topic there"),
    (
        (CLOUD,),
        (
            "HC301:room-admins-absent",
            "HC301:room-admins-objects",
            "HC310:room-admins",
            "HC318:room-admins-object",
            "HC318:room-admins-text",
            "HC405",
        ),
        _ADMINS,
    ),
    (_BOTH, ("HC317:color-absent", "HC317:user-rooms-absent"), "the property may be missing there"),
    (_BOTH, ("HC317:format-absent", "HC317:format-null"), "the format of a notification is message_format there"),
    (_BOTH, ("HC317:metadata-absent", "HC317:metadata-null"), "their users have no metadata"),
    (_BOTH, ("HC317:room-deleted-absent", "HC317:room-deleted-null"), "their rooms have no is_deleted"),
    (_BOTH, ("HC317:autojoin-id-absent", "HC317:autojoin-id-number"), _AUTOJOINS),
    (
        _BOTH,
        (
            "HC317:uploader-absent",
            "HC317:uploader-null",
            "HC317:width-absent",
            "HC317:width-null",
            "HC317:width-text",
        ),
        _EMOTICONS,
    ),
    (_BOTH, ("HC401:notification",), "their notifications name a sender without an id"),
    (_BOTH, ("HC407", "HC516", "HC708"), _EMOTICONS),
    (_BOTH, ("HC408",), "they do not say who uploaded a file"),
    (_BOTH, ("HC304:autojoins", "HC305:autojoins", "HC410", "HC411"), _AUTOJOINS),
    (_BOTH, ("HC503", "HC504", "HC515"), _AVATARS),
    (_BOTH, ("HC506",), "they hold one image of each emoticon"),
    (_BOTH, ("HC710",), "they hold no canonical names"),
)

NO_PLACE: Mapping[tuple[str, str], str] = {
    (dialect, way): reason for dialects, ways, reason in _REASONS for way in ways for dialect in dialects
}
"""Why a way to break a rule has no place in the exports of a dialect, as the end of a sentence.

The keys are the dialect and the rule's code for all ways, or the code and the variant for one: ``HC310:room-admins``.
"""
