"""A copy being changed: questions reworded, steps dropped, concerns added or left out. Pure; nothing is lost.

A draft is a plain mapping: ``taken_from`` (the key it was copied from, "" for none), ``dropped`` (numbers of
steps that are not asked), ``left_out`` (ids of packaged concerns that are not asked; older drafts have none),
the structure (``questions``, ``concerns``, ``open_questions``, ``sections``) and ``words`` (language -> kind
-> id -> text). Words of what is not asked stay in it. What people answer with (the scale, "I can't tell",
"does not apply") and the introduction are the packaged ones: the measures rest on them.
"""

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from survey_service.instrument import catalog, definition
from survey_service.instrument.definition import Definition
from survey_service.instrument.loader import WORDED
from survey_service.instrument.model import Words

Draft = dict[str, Any]

#: Whose scale and introduction every instrument has.
COMMON: Final = "core/1"
STRUCTURE: Final = ("questions", "concerns", "open_questions", "sections")
FEWEST, MOST = 2, 4  #: questions on a screen


def of(source: Definition, taken_from: str) -> Draft:
    """A draft that asks what a definition asks, in every language it is written in."""
    raw = definition.plain(source)
    words = {language: {kind: texts[kind] for kind in WORDED} for language, texts in raw["words"].items()}
    structure = {one: raw[one] for one in STRUCTURE}
    return {"taken_from": taken_from, "dropped": [], "left_out": [], **structure, "words": words}


def build(draft: Draft, *, name: str, version: int, title: str) -> Definition:
    """What the draft asks, as it would be asked."""
    asked = [one for one in draft["questions"] if one["step"] not in draft["dropped"]]
    sections = screens(draft["sections"], {one["id"] for one in asked})
    concerns = [one for one in draft["concerns"] if one["id"] not in draft.get("left_out", ())]
    changed = {"questions": asked, "concerns": concerns, "sections": sections}
    structure = {kind: draft[kind] for kind in STRUCTURE} | changed
    ids = {kind: [one["id"] for one in structure[kind]] for kind in WORDED}
    words = {
        language: {**_common(language), "title": title, "about": "", **_only(texts, ids)}
        for language, texts in draft["words"].items()
    }
    return definition.read({"name": name, "version": version, **structure, "words": words})


def screens(sections: Sequence[Mapping[str, Any]], kept: Collection[str]) -> list[dict[str, Any]]:
    """The screens with the questions that are kept; one left alone joins its neighbour, or gets company."""
    found = [
        {"id": one["id"], "questions": [id_ for id_ in one["questions"] if id_ in kept]} for one in sections
    ]
    found = [one for one in found if one["questions"]]
    while len(found) > 1 and any(len(one["questions"]) < FEWEST for one in found):
        at = next(place for place, one in enumerate(found) if len(one["questions"]) < FEWEST)
        _join(found, at)
    return found


def _join(found: list[dict[str, Any]], at: int) -> None:
    """The lonely question of a screen goes to a neighbour with room, else the neighbour gives one."""
    lonely = found[at]["questions"]
    sides = [side for side in (at - 1, at + 1) if 0 <= side < len(found)]
    roomy = [side for side in sides if len(found[side]["questions"]) < MOST]
    if roomy:
        side = roomy[0]
        theirs = found[side]["questions"]
        found[side]["questions"] = [*theirs, *lonely] if side < at else [*lonely, *theirs]
        del found[at]
    elif sides[0] < at:
        lonely.insert(0, found[sides[0]]["questions"].pop())
    else:
        lonely.append(found[sides[0]]["questions"].pop(0))


def reword(draft: Draft, language: str, id_: str, text: str) -> None:
    """New words for a question in one language.

    The packaged words of the other languages said something else, so they stand no longer: until somebody
    writes the question there, or says that the packaged words still fit, that language is not complete.
    """
    written = draft["words"].setdefault(language, {}).setdefault("questions", {})
    if text == written.get(id_, ""):
        return
    written[id_] = text
    if not text:
        return
    if text == packaged(draft, language, id_):
        _back_to_packaged(draft, id_)
        return
    for other, texts in draft["words"].items():
        if other != language and texts.get("questions", {}).get(id_) == packaged(draft, other, id_) != "":
            del texts["questions"][id_]


def _back_to_packaged(draft: Draft, id_: str) -> None:
    """Where no language says anything else any more, all say again what they said."""
    if not is_reworded(draft, id_):
        for other, texts in draft["words"].items():
            if words := packaged(draft, other, id_):
                texts.setdefault("questions", {})[id_] = words


def packaged(draft: Draft, language: str, id_: str) -> str:
    """The words the question has in the packaged instrument this one was copied from; "" for none."""
    source = draft["taken_from"]
    if source not in catalog.names() or language not in catalog.languages(source):
        return ""
    return catalog.words(source, language).questions.get(id_, "")


def is_reworded(draft: Draft, id_: str) -> bool:
    """Whether a question says anything else than the packaged one in some language."""
    return any(
        (text := texts.get("questions", {}).get(id_)) and text != packaged(draft, language, id_)
        for language, texts in draft["words"].items()
    )


def add_concern(draft: Draft, domain: str) -> str:
    """One more concern, at the end; its id. Its words are still to be written in every language."""
    numbers = [int(one["id"][1:]) for one in draft["concerns"] if one["id"][1:].isdecimal()]
    id_ = f"K{max(numbers, default=0) + 1:02d}"
    draft["concerns"].append({"id": id_, "domain": domain})
    return id_


def drop_concern(draft: Draft, id_: str) -> None:
    """A concern of one's own is taken out again, in every language."""
    draft["concerns"] = [one for one in draft["concerns"] if one["id"] != id_]
    for texts in draft["words"].values():
        texts.get("concerns", {}).pop(id_, None)


def own_concerns(draft: Draft) -> list[dict[str, str]]:
    """The concerns that the packaged instrument does not have."""
    source = draft["taken_from"]
    theirs = {one.id for one in catalog.instrument(source).concerns} if source in catalog.names() else set()
    return [one for one in draft["concerns"] if one["id"] not in theirs]


def packaged_concerns(draft: Draft) -> list[dict[str, str]]:
    """The others: those it was copied with, asked or left out."""
    own = {one["id"] for one in own_concerns(draft)}
    return [one for one in draft["concerns"] if one["id"] not in own]


def missing_concerns(definition: Definition) -> list[str]:
    """Ids of the core form's concerns that it does not ask."""
    asked = {one.id for one in definition.instrument.concerns}
    return [one.id for one in catalog.instrument(COMMON).concerns if one.id not in asked]


def copied(draft: Draft) -> Draft:
    """The same again, to be changed by itself."""
    return copy.deepcopy(draft)


def _common(language: str) -> dict[str, Any]:
    """What no instrument may change, in a language; empty in one that is not packaged."""
    if language not in catalog.languages(COMMON):
        return {}
    words: Words = catalog.words(COMMON, language)
    return {"intro": words.intro, "scale": list(words.scale), "dk": words.dk, "na": words.na}


def _only(texts: Mapping[str, Mapping[str, str]], ids: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        kind: {id_: texts[kind][id_] for id_ in ids[kind] if id_ in texts.get(kind, {})} for kind in WORDED
    }
