"""Names: every resolver's answer, names that nobody knows, long lists, and networks without the resolver."""

from __future__ import annotations

import pytest

from mast_tui.archive import Archive
from mast_tui.core.errors import NotFound, TemporarilyUnavailable
from mast_tui.core.resolution import disagree, largest_separation_arcsec
from mast_tui.core.secret import Secret

from .servers import Asked, Reply, ScriptedServer, as_json

pytestmark = pytest.mark.asyncio(loop_scope="module")

# as the resolver answers for M8, with the two positions that MAST's users meet
M8 = [
    {"searchString": "m8", "resolver": "NED", "canonicalName": "MESSIER 008", "ra": 270.92194, "decl": -24.38017},
    {
        "searchString": "m8",
        "resolver": "SIMBAD",
        "canonicalName": "M   8",
        "ra": 270.90417,
        "decl": -24.38667,
        "objectType": "OpC",
    },
]


def knows(*entries: dict[str, object]) -> Reply:
    return as_json({"resolvedCoordinate": list(entries), "status": ""})


async def test_all_resolvers_answer_side_by_side(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: knows(*M8))
    answers = (await archive.resolve(["M8"]))["M8"]
    assert [(a.resolver, a.canonical_name, a.object_type) for a in answers] == [
        ("NED", "MESSIER 008", ""),
        ("SIMBAD", "M 8", "OpC"),
    ]
    assert 60 < largest_separation_arcsec(answers) < 70
    assert disagree(answers, 0.02)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/Santa-war/query")
    assert asked.query == {"name": ["M8"], "outputFormat": ["json"], "resolveAll": ["true"]}
    assert asked.headers["user-agent"].startswith("mast-tui/")


async def test_a_name_that_nobody_knows(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: knows())
    with pytest.raises(NotFound) as caught:
        await archive.resolve(["M999\x1b[2J"])
    assert str(caught.value).startswith("Nobody knows “M999␛[2J”. SIMBAD, NED")
    assert "coordinates" in caught.value.next_step


async def test_in_a_list_the_unknown_names_are_empty_and_the_others_answered(
    archive: Archive, server: ScriptedServer
) -> None:
    server.play(lambda asked: knows(*M8, {"searchString": "m9", "resolver": "NED", "ra": None, "decl": 3}))
    answers = await archive.resolve(["nowhere", "m8", "M9", "m8"])
    assert {name: len(some) for name, some in answers.items()} == {"nowhere": 0, "m8": 2, "M9": 0}


async def test_long_lists_go_in_thirties(archive: Archive, server: ScriptedServer) -> None:
    def answer(asked: Asked) -> Reply:
        found = [{"searchString": n.lower(), "resolver": "TIC", "ra": 1.0, "decl": 2.0} for n in asked.query["name"]]
        return knows(*found)

    server.play(answer)
    names = [f"TIC {i}" for i in range(70)]
    answers = await archive.resolve(names)
    assert list(answers) == names and all(len(a) == 1 for a in answers.values())
    assert sorted(len(a.query["name"]) for a in server.asked) == [10, 30, 30]


async def test_where_the_resolver_cannot_be_reached_the_archive_looks_names_up(
    archive: Archive, server: ScriptedServer
) -> None:
    server.play(lambda asked: Reply(502) if asked.path.startswith("/Santa-war") else knows(M8[0]))
    answers = await archive.resolve(["M8", "M 8"])
    assert [a.resolver for a in answers["M 8"]] == ["NED"]
    assert [a.mashup["params"]["input"] for a in server.asked if a.service == "Mast.Name.Lookup"] == ["M8", "M 8"]


async def test_when_neither_answers_the_user_is_told_of_the_resolver(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: Reply(503) if asked.path.startswith("/Santa-war") else Reply(404))
    with pytest.raises(TemporarilyUnavailable, match=r"can't answer now \(503\)"):
        await archive.resolve(["M8"])


async def test_the_resolver_never_sees_the_token(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: Reply(502) if asked.path.startswith("/Santa-war") else knows(M8[0]))
    archive.token = Secret("SEKRIT")
    try:
        await archive.resolve(["M8"])
    finally:
        archive.token = None
    assert len(server.asked) == 2
    assert all("SEKRIT" not in str(asked) for asked in server.asked)


async def test_escapes_in_an_answer_are_made_visible(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: knows({**M8[0], "canonicalName": "M\x1b]52;c;x\x07 8", "objectType": "\u202eG"}))
    (answer,) = (await archive.resolve(["M8"]))["M8"]
    assert (answer.canonical_name, answer.object_type) == ("M␛]52;c;x␇ 8", "\ufffdG")
