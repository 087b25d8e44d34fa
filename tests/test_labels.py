"""Every word that a person reads is there, in both languages, and none is left over."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, get_args, get_origin

import pytest
from pydantic_core.core_schema import ErrorType

import api
import application
import domain
import infrastructure
from api.cli.cases import REPORTED
from api.cli.people import COLUMNS
from api.labels import labels, word, words
from api.labels.names import kebab
from api.web.case import ROOMS
from api.web.case_export import TITLES as EXPORTED
from api.web.figure_drawn import FUNNEL
from api.web.figure_pictures import PICTURES
from api.web.figure_tables import TITLES as TITLES_OF_TABLES
from api.web.titles import THROUGH
from application.case import picture, progress
from application.case.amendments import AmendmentKind
from application.case.disclosure.silence import NotHandedOver
from application.case.readers import Why
from application.case.replay import STEPS_OF
from application.figures.asking import AGES, View
from application.figures.case_figures import CaseFilter, Move
from application.figures.counting import FigureGroup, RowKind
from application.figures.definitions import FIGURES
from application.figures.queues import Queue, Sort
from application.legacy.misfits import Wanted
from application.legacy.reading import Outcome as ImportOutcome
from application.legacy.rows import RowFault
from application.papers.lists import FORMS
from application.privacy import ROLES, PersonStanding
from application.rules import CLOCKS
from application.sheets.area_decisions import SHOWN as AREA_PLAN
from application.sheets.area_decisions import Choice as AreaChoice
from application.signal.definitions import SIGNALS
from domain.case.commands import CaseEvent
from domain.case.composite.agreed import Agreed, Term
from domain.case.composite.closing_record import Asked, Filed, Performed
from domain.case.composite.composite import Signature
from domain.case.composite.lists import COMPOSITES
from domain.case.composite.meeting_record import AtTable, Helper
from domain.case.kinds import Paper
from domain.case.mediating.agreement import Promise
from domain.case.mediating.consent import (
    ToClosedDoors,
    ToCorrection,
    ToDisclosure,
    ToExtension,
    ToMediation,
    ToMediator,
    ToParticipant,
)
from domain.case.mediating.lacking import SIGNS
from domain.case.opening.listed import LISTED_FIELDS
from domain.case.people import NewParty
from domain.case.record.rewriting import correctable_fields
from domain.jurisdiction.body import Member
from domain.shared import errors
from domain.shared.clocks import ClockKind
from domain.shared.decider import Amending, Command, Event
from domain.shared.errors import DomainError, code
from domain.shared.law import Due
from domain.shared.slices import Slice
from domain.shared.text_files import FileRefused
from domain.shared.told_numbers import NumberFault
from domain.shared.values import BodyKind, Channel, ReferralKind
from domain.sweep.meeting import Point
from tests.conftest import MISSED

OURS = (domain, application, infrastructure, api)
for package in OURS:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def below(base: type[Any]) -> Iterator[type[Any]]:
    for child in base.__subclasses__():
        yield child
        yield from below(child)


def ours(base: type[Any], *packages: Any) -> list[type[Any]]:
    """Everything below it that one of the packages defines: tests have classes of their own."""
    roots = {package.__name__ for package in packages}
    found = {one for one in below(base) if one.__module__.partition(".")[0] in roots and "[" not in one.__name__}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def concrete(base: type[Any]) -> list[type[Any]]:
    return [one for one in ours(base, domain) if not one.__abstractmethods__ and not list(below(one))]


def table_of(enum: type[StrEnum]) -> str:
    """SessionState -> session_state: the table of its members' labels."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", enum.__name__).lower()


KINDS = {one for one in vars(errors).values() if isinstance(one, type) and DomainError in one.__bases__}
REFUSALS = [one for one in ours(DomainError, *OURS) if one not in KINDS]
ENUMS = [one for one in ours(StrEnum, domain) if not issubclass(one, ClockKind)]
COMMANDS = concrete(Command)
EVENTS = concrete(Event)
SUBJECTS = (ToMediation, ToDisclosure, ToClosedDoors, ToMediator, ToParticipant, ToExtension, ToCorrection)
NESTED = (NewParty, Promise, Member, Slice, Point, *SUBJECTS)
AT_ONCE = (*COMPOSITES, Agreed, Term, Signature, AtTable, Helper, Performed, Filed, Asked)
CORRECTED = [one for one in concrete(CaseEvent) if not one.immutable and not issubclass(one, Amending)]
CORRECTABLE = {name for one in CORRECTED for name in correctable_fields(one)}
FIELDS = {name for one in (*COMMANDS, *NESTED, *AT_ONCE) for name in one.model_fields} | CORRECTABLE | {"version"}
REFUSALS_OF_A_FILE = {*(one.kind for one in FileRefused.__subclasses__()), "double", "known", "lacking", "read"}
OF_THEIR_CODE: dict[str, Iterable[str]] = {
    "amendment_kind": AmendmentKind,
    "crossing": {*Channel, *BodyKind},
    "area_choice": AreaChoice,
    "area_plan": AREA_PLAN,
    "import_fault": RowFault,
    "import_outcome": ImportOutcome,
    "import_refusal": REFUSALS_OF_A_FILE,
    "import_wanted": Wanted,
    "import_would": ImportOutcome,
    "import_report": REPORTED,
    "kind_help": set(ReferralKind) - {ReferralKind.GUIDE},
    "missing_sign": SIGNS,
    "printed": set(FORMS) - set(Paper),
    "move": Move,
    "person_list": COLUMNS,
    "person_role": ROLES.values(),
    "person_standing": PersonStanding,
    "picture": picture.FIELDS,
    "picture_section": get_args(picture.Section),
    "progress": progress.Milestone,
    "queue": Queue,
    "reached": progress.Reached,
    "room": ROOMS,
    "sort": Sort,
    "step_of_what": STEPS_OF,
    "through": {kind for _, kind in THROUGH},
    "why": Why,
    "wish": {*CaseFilter.model_fields} - {*LISTED_FIELDS, "day", "cohort", "position", "known"},
    "view": View,
    "signal": SIGNALS,
    "signal_meaning": SIGNALS,
    "row_kind": RowKind,
    "figure_group": FigureGroup,
    "board_picture": PICTURES,
    "board_picture_help": PICTURES,
    "table_title": TITLES_OF_TABLES,
    "funnel": FUNNEL,
    "age": [str(one) for one in range(len(AGES) + 1)],
}
"""Tables whose keys are those of a constant, exactly."""
OF_A_TEST = {"about", "command", "deadline", "event", "field", "field_help", "figure", "figure_definition", "help"}
OF_A_TEST |= {"command_line", "figure_gamed", "invalid", "page", "problem", "sentence"}
"""Tables that a test of their own asks, below."""
FIELD_FAULTS = {*(f"identity_number_{one}" for one in NumberFault), "phone_damaged", "phone_shape", "key_twice"}
OF_NO_REFUSAL = {"unfit-request", "no-such-page", "method-not-allowed", "bad-request", "unexpected"}
OF_NO_MEMBER = {"result": {"going-on", "agreed"}, "channel": {"none"}}
ALWAYS = {"who", "body", "for"}
LIMITS = {"min_length", "max_length", "gt", "ge", "lt", "le", "multiple_of", "decimal_places", "expected"}
LEFT_OUT = re.compile(r"\b[Ll]eft? (?:it )?(?:out|empty)\b|\b[Ll]eave (?:out|empty)\b|不填|留空|不用选择")
LANGUAGES = ("zh", "en")
TEMPLATES = sorted((Path(api.__file__).parent / "web" / "templates").rglob("*.html"))
PYTHON = sorted(Path(api.__file__).parent.rglob("*.py"))
QUOTED = re.compile(r"""['"]([a-z][a-z0-9_]*)['"]""")
ASKED = re.compile(r"\b(?:t|phrases)\('(\w+)'((?:, ?\w+=[^,()]*(?:\([^()]*\)[^,()]*)*)*)\)")


def placeholders(template: Any) -> set[str]:
    texts = template if isinstance(template, list) else [template]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def table(language: Any, name: str) -> dict[str, Any]:
    """Empty where there is none: the test then names every key that it lacks."""
    return labels(language).get(name, {})


def check_words(language: Any, name: str, wanted: set[str], least: bool = False) -> None:
    """Names each word that a table lacks, on a line; and, unless it may have more, each that it has for nothing."""
    found = set(table(language, name))
    lacking = [f"api/labels/<context>.{language}.toml: [{name}] lacks {key}" for key in sorted(wanted - found)]
    more = [] if least else sorted(found - wanted)
    told = [*lacking, *(f"api/labels: [{name}] {key} ({language}) is a word for nothing" for key in more)]
    assert not told, "\n".join(told)


def texts(language: Any) -> Iterator[tuple[str, str]]:
    for table, entries in labels(language).items():
        for key, value in entries.items():
            yield from ((f"{table}.{key}", text) for text in (value if isinstance(value, list) else [value]))


def stored(things: Iterable[Any]) -> set[str]:
    return {thing.name for thing in things}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file_of_a_language(language):
    parts = [one for one in files("api.labels").iterdir() if one.name.endswith(f".{language}.toml")]
    read = [tomllib.loads(part.read_text("utf-8")) for part in parts]
    keys = [(table, key) for part in read for table, entries in part.items() for key in entries]

    assert len(keys) == len(set(keys)) > 0


def test_both_languages_have_the_same_keys():
    chinese, english = ({table: set(entries) for table, entries in labels(one).items()} for one in LANGUAGES)

    assert chinese == english


def test_both_languages_tell_the_same_facts():
    chinese, english = (
        {(table, key): placeholders(value) for table, entries in labels(one).items() for key, value in entries.items()}
        for one in LANGUAGES
    )

    assert chinese == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_asked_for_its_keys(language):
    claimed = {*OF_THEIR_CODE, *OF_A_TEST, *map(table_of, ENUMS)}

    assert sorted(set(labels(language)) ^ claimed) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OF_THEIR_CODE)
def test_a_table_has_a_word_for_each_key_of_its_code_and_no_other(name, language):
    check_words(language, name, {str(one) for one in OF_THEIR_CODE[name]})


def calls(*names: str) -> Iterator[ast.expr]:
    """What functions of these names are given first, anywhere in the ways in."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield from node.args[:1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_command_line_refuses_it_says_in_both_languages(language):
    ends = [ast.unparse(one) for one in calls("fail", "SystemExit", "AlreadyRuns", "NotDone")]
    spoken = [one for one in ends if re.match("f?['\"]", one) and "no label" not in one]
    kinds = {str(one.value) for asked in calls("refuse", "refusal") for one in ast.walk(asked) if is_text(one)}

    assert spoken == [], "say it with `refuse`, and its words in api/labels/shared, [command_line]"
    check_words(language, "command_line", kinds)


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_page_is_on_one(language):
    shown = {key for path in (*TEMPLATES, *PYTHON) for key in QUOTED.findall(path.read_text("utf-8"))}
    moves = {f"moved_{one}_told" for one in Move} | {f"export_{one}" for one in EXPORTED}

    left = sorted(set(table(language, "page")) - shown - moves)
    assert not left, f"api/labels: [page] has words for nothing: {left}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_blank(language):
    assert [key for key, text in texts(language) if not text.strip(" .:")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_and_no_other(language):
    check_words(language, "problem", {code(one) for one in REFUSALS} | OF_NO_REFUSAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_field_is_one_that_pydantic_finds_or_a_number_has(language):
    assert set(table(language, "invalid")) <= {*get_args(ErrorType), *FIELD_FAULTS, "other"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_a_field_tells_limits_and_never_what_was_sent(language):
    assert set().union(*map(placeholders, table(language, "invalid").values())) <= LIMITS


def test_a_limit_is_filled_in():
    told = words("en", "invalid", {"type": "string_too_long", "ctx": {"max_length": 200}})

    assert told == "At most 200 characters allowed."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_member_has_a_word_and_no_other(enum, language):
    expected = {member.value for member in enum} | OF_NO_MEMBER.get(table_of(enum), set())

    check_words(language, table_of(enum), expected)


def test_no_two_enums_share_a_table():
    assert len({table_of(enum) for enum in ENUMS}) == len(ENUMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_of_a_consent_has_a_word(language):
    check_words(language, "about", {one.model_fields["about"].default for one in SUBJECTS})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["command", "help"])
def test_every_command_has_a_title_and_a_help_and_no_other(name, language):
    check_words(language, name, {kebab(one) for one in (*COMMANDS, *COMPOSITES)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_label(language):
    check_words(language, "field", set(FIELDS), least=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["field", "field_help"])
def test_every_label_and_hint_is_of_a_field(name, language):
    of_commands = {f"{kebab(one)}.{field}" for one in COMMANDS for field in one.model_fields}
    of_events = {f"{one.name}.{field}" for one in EVENTS for field in one.model_fields}

    assert sorted(set(table(language, name)) - FIELDS - of_commands - of_events) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_limit_that_a_correction_counts_anew_has_a_word(language):
    told = table(language, "field")
    counted = [
        f"{one.name}.{name}"
        for one in CORRECTED
        for name, field in one.model_fields.items()
        if Due in (field.annotation, *get_args(field.annotation)) and get_origin(field.annotation) is not tuple
    ]

    assert counted
    lacking = [one for one in counted if one not in told and one.rpartition(".")[2] not in told]
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_hint_says_that_a_field_which_is_required_may_be_left_out(language):
    hints = table(language, "field_help")
    required = [
        (kebab(one), name) for one in COMMANDS for name, field in one.model_fields.items() if field.is_required()
    ]

    told = {f"{command}.{name}": hints.get(f"{command}.{name}") or hints.get(name, "") for command, name in required}

    assert [key for key, hint in told.items() if LEFT_OUT.search(hint)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["event", "sentence"])
def test_every_event_has_a_title_and_a_sentence_and_no_other(name, language):
    never_stored = {NotHandedOver.name} if name == "sentence" else set()
    check_words(language, name, stored(EVENTS) | never_stored)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_a_sentence_tells_what_its_event_holds(event, language):
    sentence = table(language, "sentence").get(event.name, "")

    assert placeholders(sentence) <= {*event.model_fields, *ALWAYS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clock_has_a_name(language):
    check_words(language, "deadline", set(set(CLOCKS)), least=True)


def test_a_word_that_is_missing_is_noted_for_the_tests_and_reads_as_its_key():
    assert (word("en", "no_such_table", "a-key"), word("en", "status", "no-such-status")) == ("a-key", "no-such-status")
    assert MISSED == ["[no_such_table] a-key", "[status] no-such-status"]
    MISSED.clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["figure", "figure_definition"])
def test_every_figure_has_a_title_and_a_definition_and_no_other(kind, language):
    check_words(language, kind, set(FIGURES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_a_figure_is_bent_is_said_of_figures_that_there_are(language):
    told = set(table(language, "figure_gamed"))

    assert told <= set(FIGURES)
    assert told == set(table("zh", "figure_gamed"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_finds_every_word_and_gives_it_its_facts(template, language):
    page = table(language, "page")
    asked = [(key, set(re.findall(r"(\w+)=", facts))) for key, facts in ASKED.findall(template.read_text("utf-8"))]

    assert [key for key, facts in asked if key not in page or placeholders(page[key]) - facts] == []
