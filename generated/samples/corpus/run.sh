#!/bin/sh
# Runs an importer on every case of the suite in this directory, and checks its exit statuses.
#
#   sh run.sh IMPORTER-COMMAND [ARGUMENT...]
#
# The command runs once for each case, with the archive's path as its last argument, HCFMT_PASSWORD and HCFMT_DIGEST
# (md5, sha256 or pbkdf2) in its environment, empty standard input, and its output discarded. Exit status 0 accepts an
# archive, and 1 to 125 reject it. 126 and above, as after a signal or if the program does not exist, are a crash.
#
# HCFMT_REJECTS lists the only exit statuses that reject an archive, such as "65 66"; every other status except 0 is then
# a crash. Set it for an importer whose language exits with 1 or 2 after an uncaught exception, as most do.
#
# HCFMT_TIMEOUT is the number of seconds for a case, 60 by default; the status of a command that takes longer is 124.
# Without a timeout command there is no limit.
#
# Exit status: 0 all cases as expected, 1 not all, 2 wrong usage, 130 interrupted.
set -u

if [ $# -eq 0 ]; then
    echo "usage: sh run.sh IMPORTER-COMMAND [ARGUMENT...]" >&2
    exit 2
fi
if ! command -v "$1" >/dev/null 2>&1; then
    echo "run.sh: there is no command $1" >&2
    exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
if ! [ -s "$here/cases.tsv" ]; then
    echo "run.sh: there is no cases.tsv beside it" >&2
    exit 2
fi
seconds=${HCFMT_TIMEOUT:-60}
limit=
if timeout -k 5 60 true >/dev/null 2>&1; then
    if ! timeout -k 5 "$seconds" true >/dev/null 2>&1; then
        echo "run.sh: HCFMT_TIMEOUT is not a number of seconds" >&2
        exit 2
    fi
    limit="timeout -k 5 $seconds"
fi

# The importer runs in the background, so that an interrupt is handled immediately.
importer=
trap 'test -n "$importer" && kill "$importer" 2>/dev/null; exit 130' HUP INT TERM

cases=0
failed=0
tab=$(printf '\t')
printf '%-6s %-14s %-9s %6s  %s\n' result expected outcome status case
while IFS=$tab read -r expect digest password path <&3; do
    # shellcheck disable=SC2086 - the limit is several words, or none
    HCFMT_PASSWORD=$password HCFMT_DIGEST=$digest $limit "$@" "$here/$path" </dev/null >/dev/null 2>&1 3<&- &
    importer=$!
    wait "$importer" 2>/dev/null
    status=$?
    importer=

    if [ "$status" -eq 0 ]; then
        outcome=accepted
    elif [ -n "$limit" ] && [ "$status" -eq 124 ]; then
        outcome=late
    elif [ "$status" -ge 126 ]; then
        outcome=crashed
    else
        case " ${HCFMT_REJECTS-$status} " in
        *" $status "*) outcome=rejected ;;
        *) outcome=crashed ;;
        esac
    fi
    result=FAIL
    case $expect/$outcome in
    must-accept/accepted | must-reject/rejected | must-not-crash/accepted | must-not-crash/rejected) result=ok ;;
    esac
    cases=$((cases + 1))
    [ "$result" = ok ] || failed=$((failed + 1))
    printf '%-6s %-14s %-9s %6s  %s\n' "$result" "$expect" "$outcome" "$status" "$path"
done 3<"$here/cases.tsv"

echo "$cases cases, $failed not as expected."
[ "$failed" -eq 0 ]
