#!/bin/sh
# Runs an importer on every case of the suite in this directory, and judges its exit statuses and its counts.
#
#   sh run.sh [--jobs N] [--format table|tap|junit] IMPORTER-COMMAND [ARGUMENT...]
#
# The command runs once for each case, with the archive's path as its last argument, HCFMT_PASSWORD, HCFMT_DIGEST (md5,
# sha256 or pbkdf2) and HCFMT_RESULT in its environment, empty standard input, and its output discarded. Exit status 0
# accepts an archive, and 1 to 125 reject it. 126 and above, as after a signal or if the program does not exist, are a
# crash.
#
# HCFMT_RESULT is the path of a file. When the command has accepted an archive, it writes there what it imported, as a
# JSON object of counts: {"users": 10, "messages": 240}. They are compared with what the case holds, in the cases that
# must be accepted; README.md beside this file explains the counts.
#
# HCFMT_REJECTS lists the only exit statuses that reject an archive, such as "65 66"; every other status except 0 is then
# a crash. Set it for an importer whose language exits with 1 or 2 after an uncaught exception, as most do.
#
# HCFMT_TIMEOUT is the number of seconds for a case, 60 by default; the status of a command that takes longer is 124.
# Without a timeout command there is no limit.
#
# Exit status: 0 all cases as expected, 1 not all, 2 wrong usage, 130 interrupted.
set -uf

tab=$(printf '\t')
longest=65536 # bytes of a result

fail() {
    echo "run.sh: $1" >&2
    exit 2
}

# Runs the command on a case, and writes its row to a file: result, expectation, outcome, status, path, the reason of a
# failure, and the counts that were compared, each in a line.
run_case() {
    # The importer runs in the background, so that an interrupt is handled immediately. It is $! as soon as it runs.
    before=${!-}
    trap 'test "${!-}" = "$before" || kill "$!" 2>/dev/null; exit 130' HUP INT TERM
    # shellcheck disable=SC2086 - the limit is several words, or none
    HCFMT_PASSWORD=$password HCFMT_DIGEST=$digest HCFMT_RESULT=$work/$started.json \
        $limit "$@" "$here/$path" </dev/null >/dev/null 2>&1 3<&- &
    wait "$!" 2>/dev/null
    status=$?
    trap - HUP INT TERM

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
    reason=
    compared=
    if [ "$expect/$outcome" = must-accept/accepted ]; then
        compare "$work/$started.json"
    fi
    result=FAIL
    case $expect/$outcome in
    must-accept/accepted | must-reject/rejected | must-not-crash/accepted | must-not-crash/rejected) result=ok ;;
    esac
    rm -rf "$work/$started.json"
    printf '%s\n' "$result" "$expect" "$outcome" "$status" "$path" "$reason" "$compared" >"$work/$started"
}

# Compares the counts in a file with those of the case; sets outcome, reason and compared.
compare() {
    outcome=silent
    reason='no counts were written to HCFMT_RESULT'
    [ -f "$1" ] || return
    said=$(dd if="$1" bs="$longest" count=1 2>/dev/null | tr -d ' \t\r\n\000')
    [ -n "$said" ] && [ "$said" != '{}' ] || return
    outcome=unreadable
    reason='HCFMT_RESULT is not a JSON object of counts'
    case $said in
    '{,'* | *,,* | *',}') return ;;
    '{'*'}') ;;
    *) return ;;
    esac
    differences=
    names=
    said=${said#?}
    for count in $(printf '%s' "${said%?}" | tr , ' '); do
        name=${count%%:*}
        number=${count#*:}
        plain=${name#?}
        plain=${plain%?}
        [ "$name" = "\"$plain\"" ] || return
        case $plain in
        '' | *[!A-Za-z_]*) return ;;
        esac
        case $number in
        '' | *[!0-9]* | ???????????????????*) return ;;
        esac
        names="$names $plain"
        case ",$held," in
        *",$count,"*) ;;
        *",$name:"*)
            expected=${held#*"$name:"}
            differences="$differences, $number and not ${expected%%,*} $plain"
            ;;
        *)
            reason="HCFMT_RESULT has an unknown count, $plain"
            return
            ;;
        esac
    done
    compared=$names
    outcome=accepted
    reason=
    if [ -n "$differences" ]; then
        outcome=different
        reason="imported${differences#,}"
    fi
}

# Starts the next case in the background. Returns 1 after the last one.
start_case() {
    IFS=$tab read -r expect digest password path held <&3 || return 1
    held=${held#?}
    held=${held%?}
    started=$((started + 1))
    run_case "$@" &
    running="$running $!"
}

# Waits for the first of the running cases, and reads its row.
finish_case() {
    running=${running# }
    wait "${running%% *}"
    case $running in
    *' '*) running=${running#* } ;;
    *) running= ;;
    esac
    finished=$((finished + 1))
    {
        read -r result
        read -r expect
        read -r outcome
        read -r status
        read -r path
        read -r reason
        read -r compared
    } <"$work/$finished" || exit 2
    [ "$result" = ok ] || failed=$((failed + 1))
    for name in $compared; do
        case " $all_compared " in
        *" $name "*) ;;
        *) all_compared="$all_compared $name" ;;
        esac
    done
}

begin_table() {
    printf '%-6s %-14s %-10s %6s  %s\n' result expected outcome status case
}

row_of_table() {
    printf '%-6s %-14s %-10s %6s  %s\n' "$result" "$expect" "$outcome" "$status" "$path"
    [ -z "$reason" ] || printf '       %s\n' "$reason"
}

end_table() {
    [ -z "$all_compared" ] || echo "Compared:$all_compared."
    echo "$finished cases, $failed not as expected."
}

begin_tap() {
    printf 'TAP version 13\n1..%s\n' "$total"
}

row_of_tap() {
    if [ "$result" = ok ]; then
        echo "ok $finished - $path"
        return
    fi
    printf 'not ok %s - %s\n  ---\n' "$finished" "$path"
    printf '  expected: %s\n  outcome: %s\n  status: %s\n' "$expect" "$outcome" "$status"
    [ -z "$reason" ] || printf '  reason: "%s"\n' "$reason"
    echo '  ...'
}

end_tap() {
    [ -z "$all_compared" ] || echo "# Compared:$all_compared."
    echo "# $finished cases, $failed not as expected."
}

begin_junit() {
    :
}

row_of_junit() {
    {
        if [ "$result" = ok ]; then
            printf '  <testcase classname="%s" name="%s"/>\n' "$expect" "$path"
        else
            printf '  <testcase classname="%s" name="%s">\n' "$expect" "$path"
            printf '    <failure message="%s, status %s">%s</failure>\n  </testcase>\n' "$outcome" "$status" "$reason"
        fi
    } >>"$work/junit"
}

end_junit() {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n'
    printf '<testsuite name="hcfmt corpus" tests="%s" failures="%s" errors="0">\n' "$finished" "$failed"
    cat "$work/junit"
    echo '</testsuite>'
}

jobs=1
format=table
while [ $# -gt 0 ]; do
    case $1 in
    --jobs=*) jobs=${1#*=} ;;
    --format=*) format=${1#*=} ;;
    --jobs | --format)
        [ $# -ge 2 ] || fail "$1 needs a value"
        option=$1
        shift
        if [ "$option" = --jobs ]; then jobs=$1; else format=$1; fi
        ;;
    --)
        shift
        break
        ;;
    -*) fail "there is no option $1" ;;
    *) break ;;
    esac
    shift
done
if [ $# -eq 0 ]; then
    echo "usage: sh run.sh [--jobs N] [--format table|tap|junit] IMPORTER-COMMAND [ARGUMENT...]" >&2
    exit 2
fi
case $jobs in
'' | 0* | *[!0-9]* | ????*) fail "--jobs is not a number of processes from 1 to 999" ;;
esac
case $format in
table | tap | junit) ;;
*) fail "--format is none of table, tap and junit" ;;
esac
command -v "$1" >/dev/null 2>&1 || fail "there is no command $1"
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
[ -s "$here/cases.tsv" ] || fail "there is no cases.tsv beside it"
seconds=${HCFMT_TIMEOUT:-60}
limit=
if timeout -k 5 60 true >/dev/null 2>&1; then
    timeout -k 5 "$seconds" true >/dev/null 2>&1 || fail "HCFMT_TIMEOUT is not a number of seconds"
    limit="timeout -k 5 $seconds"
fi
total=0
while IFS= read -r _; do
    total=$((total + 1))
done <"$here/cases.tsv"

work=${TMPDIR:-/tmp}/hcfmt-run-$$
(umask 077 && mkdir -- "$work") || fail "TMPDIR names no directory that can be written to"
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 - several processes
trap 'kill $running ${!-} 2>/dev/null; exit 130' HUP INT PIPE TERM

started=0
finished=0
failed=0
running=
all_compared=
exec 3<"$here/cases.tsv"
"begin_$format"
while [ "$started" -lt "$jobs" ] && start_case "$@"; do
    :
done
while [ -n "$running" ]; do
    finish_case
    "row_of_$format"
    start_case "$@"
done
"end_$format"
[ "$failed" -eq 0 ]
