"""Made-up people of the demo, and how they answer."""

import random
from collections.abc import Iterable

from survey_service.answers.intake import Ballot
from survey_service.engagements.roster_check import Person
from survey_service.instrument.model import Instrument

SPONSORS = {
    "Nordlicht Energie": ("Maren Petersen", "maren.petersen@nordlicht-energie.example"),
    "Alpenrad": ("Luis Egger", "luis.egger@alpenrad.example"),
}


def _people(domain: str, groups: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Person, ...]:
    return tuple(
        Person(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@{domain}",
            group=group,
            language="en",
            time_zone=None,
        )
        for group, names in groups
        for name in names
    )


NORDLICHT = _people(
    "nordlicht-energie.example",
    (
        (
            "Operations",
            (
                "Anna Brandt",
                "Bela Kurz",
                "Carla Voss",
                "Deniz Kaya",
                "Emil Roth",
                "Frieda Lang",
                "Georg Haas",
                "Hanna Wolf",
            ),
        ),
        (
            "Customer service",
            (
                "Ida Krause",
                "Jonas Beck",
                "Kira Simon",
                "Lars Otto",
                "Mila Engel",
                "Nils Busch",
                "Olga Frank",
                "Paul Sauer",
            ),
        ),
        ("Finance", ("Quirin Arnold", "Rosa Jahn", "Sven Kuhn", "Tilda Pohl")),
        ("Legal", ("Udo Horn", "Vera Franke", "Willi Thoma")),
        ("Human resources", ("Xenia Albers", "Yusuf Aydin", "Zoe Martens")),
    ),
)
ALPENRAD = _people(
    "alpenrad.example",
    (
        (
            "Workshop",
            (
                "Alma Gruber",
                "Bruno Moser",
                "Clara Pichler",
                "David Hofer",
                "Elena Wimmer",
                "Fabio Rossi",
                "Greta Lechner",
            ),
        ),
        ("Rental desk", ("Hugo Mayr", "Irma Steiner", "Jakob Eder")),
        ("Office", ("Karin Fuchs", "Leo Winkler")),
    ),
)

#: How far each group has come: agreement up to the first step, doubt from the second on.
COME_TO = {"Operations": (5, 8), "Customer service": (6, 9)}
SURE, TORN, DOUBT = (0, 1, 2, 10, 9), (6, 5, 1, 5, 6), (6, 9, 5, 3, 1)
TEXTS = (
    "Someone must be free to learn it while the normal work goes on.",
    "The night shift. Nobody asked them so far.",
    "I would want to see it work for one month in one team first.",
    "A clear answer who decides when two teams disagree.",
    "Our suppliers: they send the orders we would have to move.",
    "That the old way stays open until the new one works.",
    "Data protection has to say yes before, not after.",
)


def ballot(instrument: Instrument, group: str, chance: random.Random) -> Ballot:
    """One made-up person of a group."""
    sure_to, torn_to = COME_TO.get(group, (6, 8))
    answers: dict[str, int | str] = {}
    for question in instrument.questions:
        weights = SURE if question.step <= sure_to else TORN if question.step <= torn_to else DOUBT
        value = chance.choices(range(1, 6), weights)[0]
        answers[question.id] = 6 - value if question.reverse else value
        if chance.random() < 0.04:
            answers[question.id] = "dk"
    concerns = [concern.id for concern in instrument.concerns if chance.random() < _share(concern.id)]
    texts = (chance.choice(TEXTS), chance.choice(TEXTS)) if chance.random() < 0.35 else ("", "")
    return Ballot(answers=answers, concerns=tuple(concerns), texts=texts)


def _share(concern: str) -> float:
    """How common a concern is here."""
    return {"K04": 0.6, "K05": 0.45, "K12": 0.55, "K14": 0.5, "K17": 0.35}.get(concern, 0.12)
