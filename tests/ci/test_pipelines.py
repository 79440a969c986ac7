"""The action, the GitLab template and the examples of docs/pipelines.md do what they say, as far as they run here."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command import PASSWORD, ROOT, SAMPLE, environment
from tests.support.recipes import cook

ACTION = ROOT / "action.yml"
GITLAB = ROOT / "ci" / "gitlab.yml"
DOCKERFILE = ROOT / "ci" / "Dockerfile"
PAGE = (ROOT / "docs" / "pipelines.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

HCFMT = f'#!/bin/sh\nexec "{sys.executable}" -m hcfmt "$@"\n'
ERROR = "metadata.json = nothing"
CUT = "gzip cut 9000"


def loaded(path: Path) -> Any:  # noqa: ANN401 - any YAML
    return yaml.safe_load(path.read_text("utf-8"))


def conforms(schema: str, path: Path) -> None:
    """Check a file against a schema that check-jsonschema ships, as published on SchemaStore."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_action_conforms_to_the_schema_of_actions() -> None:
    conforms("vendor.github-actions", ACTION)


def test_the_gitlab_template_conforms_to_the_schema_of_gitlab_ci() -> None:
    conforms("vendor.gitlab-ci", GITLAB)


@pytest.mark.parametrize(
    ("example", "schema"), [*zip(EXAMPLES, ["vendor.github-workflows", "vendor.gitlab-ci"], strict=True)]
)
def test_an_example_conforms_to_the_schema_of_its_pipeline(example: str, schema: str, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yml").write_text(example, encoding="utf-8")
    conforms(schema, tmp_path / "pipeline.yml")


def test_the_examples_use_inputs_variables_and_outputs_that_exist() -> None:
    workflow, gitlab = map(yaml.safe_load, EXAMPLES)
    steps = workflow["jobs"]["check"]["steps"]
    (used,) = (step for step in steps if step["uses"].startswith("hcfmt/"))
    action = loaded(ACTION)
    assert set(used["with"]) <= set(action["inputs"])
    assert steps[-1]["with"]["sarif_file"] == action["inputs"]["sarif"]["default"]
    assert set(gitlab["exports"]["variables"]) <= set(loaded(GITLAB)[".hcfmt"]["variables"])
    assert gitlab["exports"]["extends"] in loaded(GITLAB)


def steps_of_the_action() -> Mapping[str, Mapping[str, Any]]:
    return {step.get("name", "python"): step for step in loaded(ACTION)["runs"]["steps"]}


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """Return a directory with the command hcfmt in bin/, and what a runner has: a workspace and its files."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "hcfmt"
    command.write_text(HCFMT, encoding="utf-8")
    command.chmod(0o755)
    for name in ("work", "temp"):
        (tmp_path / name).mkdir()
    for name in ("output", "summary", "path"):
        (tmp_path / name).touch()
    return tmp_path


def shell(script: str, runner: Path, variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a script as a runner's bash does, in its workspace."""
    path = f"{runner / 'bin'}{os.pathsep}{os.environ['PATH']}"
    files = {name: str(runner / name.rpartition("_")[2].lower()) for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
    settings = {
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(runner / "temp"),
        "GITHUB_STEP_SUMMARY": str(runner / "summary"),
        **files,
        **variables,
    }
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=runner / "work", env=environment(settings), capture_output=True, text=True, check=False
    )


def acted(runner: Path, **inputs: str) -> tuple["subprocess.CompletedProcess[str]", Mapping[str, str]]:
    """Run the checking step of the action; return the process and the outputs."""
    step = steps_of_the_action()["Check the archives"]
    given = {name: str(row.get("default", "")) for name, row in loaded(ACTION)["inputs"].items()} | inputs
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: given[match[1]], value)
        for name, value in step["env"].items()
    }
    done = shell(step["run"], runner, variables)
    outputs = dict(line.split("=", 1) for line in (runner / "output").read_text("utf-8").splitlines())
    return done, outputs


def archives(runner: Path, recipes: Sequence[str]) -> str:
    names = [f"{number} of them.tar.gz.aes" for number in range(len(recipes))]
    for name, recipe in zip(names, recipes, strict=True):
        (runner / "work" / name).write_bytes(cook(recipe).data)
    return "\n".join(names)


@pytest.mark.parametrize(
    ("recipes", "status", "verdict"),
    [
        (["digest md5"], 0, "valid"),
        (["digest md5", ERROR], 1, "invalid"),
        ([ERROR, CUT], 3, "incomplete"),
    ],
)
def test_the_action_has_the_status_of_the_command_and_writes_its_reports(
    runner: Path, recipes: Sequence[str], status: int, verdict: str
) -> None:
    done, outputs = acted(runner, archive=archives(runner, recipes), password=PASSWORD)
    assert (done.returncode, outputs) == (status, {"status": str(status), "verdict": verdict})
    assert ("::error" in done.stdout) == (status > 0)
    assert verdict in (runner / "summary").read_text("utf-8")
    runs = json.loads((runner / "work" / "hcfmt.sarif").read_text("utf-8"))["runs"]
    assert runs[0]["tool"]["driver"]["name"] == "hcfmt"
    assert not (runner / "temp" / "hcfmt.passwords").exists()


def test_the_action_passes_options_and_its_level_on(runner: Path) -> None:
    done, outputs = acted(
        runner,
        archive=archives(runner, ["digest sha256"]),
        password=f"another\n{PASSWORD}",
        options="--output=junit:of hcfmt.xml\n\n--for=zulip\n",
        sarif="of hcfmt.sarif",
        **{"fail-on": "warning"},
    )
    assert (done.returncode, outputs["verdict"]) == (1, "invalid")
    assert "zulip" in (runner / "work" / "of hcfmt.xml").read_text("utf-8")
    assert (runner / "work" / "of hcfmt.sarif").exists()


def test_the_action_leaves_the_level_to_the_configuration(runner: Path) -> None:
    (runner / "work" / "hcfmt.toml").write_text('fail-on = "warning"\n', encoding="utf-8")
    done, outputs = acted(runner, archive=archives(runner, ["digest sha256"]), password=PASSWORD)
    assert (done.returncode, outputs["verdict"]) == (1, "invalid")


def test_a_second_run_shows_nothing_of_the_first(runner: Path) -> None:
    names = archives(runner, ["digest md5"])
    assert acted(runner, archive=names, password=PASSWORD)[0].returncode == 0
    (runner / "summary").write_text("")
    assert acted(runner, archive=names, options="--no-such-option")[0].returncode == 2
    assert (runner / "summary").read_text("utf-8") == ""
    assert not (runner / "work" / "hcfmt.sarif").exists()


def test_the_action_says_that_nothing_was_checked(runner: Path) -> None:
    done, outputs = acted(runner, archive="missing.tar", options="--no-such-option")
    assert (done.returncode, outputs) == (2, {"status": "2", "verdict": "error"})


@pytest.mark.parametrize("name", ["$(touch made)", "`touch made`", "; touch made", "-q", "a'b\"c"])
def test_no_input_of_the_action_is_run_or_taken_for_an_option(runner: Path, name: str) -> None:
    (runner / "work" / name).write_bytes(cook("layers tar").data)
    done, outputs = acted(runner, archive=name)
    assert (done.returncode, outputs["verdict"]) == (0, "valid")
    assert not (runner / "work" / "made").exists()


def test_the_action_installs_itself_and_nothing_else() -> None:
    install = steps_of_the_action()["Install hcfmt"]["run"]
    assert re.findall(r"pip install (.+)", install) == ['--quiet "$GITHUB_ACTION_PATH[remote]"']


def expressions(value: object) -> list[str]:
    """Return the texts of a step that hold an expression."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in expressions(each)]
    return [value] if isinstance(value, str) and "${{" in value else []


def test_no_script_of_the_action_holds_an_expression() -> None:
    assert [step for step in steps_of_the_action().values() if expressions({"run": step.get("run")})] == []


@pytest.mark.parametrize(("recipe", "status"), [("digest md5", 0), (ERROR, 1), (CUT, 3)])
def test_the_gitlab_job_has_the_status_of_the_command_and_writes_its_artifacts(
    runner: Path, recipe: str, status: int
) -> None:
    job = loaded(GITLAB)[".hcfmt"]
    (runner / "work" / "export.tar.gz.aes").write_bytes(cook(recipe).data)
    variables = {**job["variables"], "HCFMT_OPTIONS": "--fail-on=error --for=zulip", "HCFMT_PASSWORD": PASSWORD}
    assert shell("\n".join(job["script"]), runner, variables).returncode == status
    for report in job["artifacts"]["reports"].values():
        assert (runner / "work" / report).stat().st_size


def test_the_image_has_a_user_that_is_not_root_and_runs_the_command() -> None:
    lines = DOCKERFILE.read_text("utf-8").splitlines()
    instructions = [line.split(" ", 1) for line in lines if re.match(r"[A-Z]+ ", line)]
    last = dict(instructions)
    assert int(last["USER"]) > 0
    assert json.loads(last["ENTRYPOINT"]) == ["hcfmt"]
    example = [line.removeprefix("# ") for line in lines if line.startswith("# docker")]
    assert all(line in PAGE for line in example)


def test_a_job_without_a_template_is_a_few_lines_of_shell(runner: Path) -> None:
    (script,) = re.findall(r"```sh\n(python3 -m venv.*?)```", PAGE, re.DOTALL)
    check = script.splitlines()[-1].removeprefix("hcfmt-env/bin/")
    (runner / "work" / "exports").mkdir()
    (runner / "work" / "exports" / "export.tar.gz.aes").write_bytes(SAMPLE.read_bytes())
    assert shell(check, runner, {"HCFMT_PASSWORD": PASSWORD}).returncode == 0
