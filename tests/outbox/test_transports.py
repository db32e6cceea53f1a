"""Speaking to mail servers: doors that are locked, tired, strange or not there."""

import ssl
from collections.abc import Iterator
from email.message import EmailMessage

import post
import pytest
from post import MAIL_FROM, MONDAY, Sink

from survey_service.outbox.envelope import Letter
from survey_service.outbox.headers import POLICY
from survey_service.outbox.transports import Later, Refused, Smtp, Unreachable, Unsure


def letter(to: str = "anna@nordlicht.example", text: str = "Good day\n") -> Letter:
    made = EmailMessage(policy=POLICY)
    made["From"], made["To"], made["Date"] = MAIL_FROM, to, MONDAY
    made["Message-ID"] = "<one@survey.example.org>"
    made.set_content(text)
    return Letter(sender="no-reply@survey.example.org", recipient=to, content=made.as_bytes())


def smtp(sink: Sink, scheme: str = "smtp", context: ssl.SSLContext | None = None) -> Smtp:
    return Smtp(f"{scheme}://localhost:{sink.port}", timeout=5, context=context)


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(post.CERTIFICATE))


def test_starttls_carries_a_letter_to_a_server_it_knows() -> None:
    with post.sink(starttls=post.server_context()) as sink:
        with smtp(sink, "smtp+starttls", context=trusting()) as server:
            server.send(letter())
        assert sink.recipients == ["anna@nordlicht.example"]


def test_a_server_with_a_strange_certificate_gets_nothing() -> None:
    with post.sink(starttls=post.server_context()) as sink:
        with smtp(sink, "smtp+starttls") as server, pytest.raises(Unreachable) as told:
            server.send(letter())
        assert told.value.code == "SSLCertVerificationError"
        assert sink.letters == []


def test_a_server_without_starttls_gets_nothing_in_clear() -> None:
    with post.sink() as sink:
        with smtp(sink, "smtp+starttls", context=trusting()) as server, pytest.raises(Unreachable):
            server.send(letter())
        assert sink.letters == []


def test_smtps_carries_a_letter() -> None:
    with post.sink(tls=post.server_context()) as sink:
        with smtp(sink, "smtps", context=trusting()) as server:
            server.send(letter())
        assert sink.recipients == ["anna@nordlicht.example"]


def test_name_and_password_are_read_from_the_address() -> None:
    with post.sink(auth_in_clear=True) as sink:
        sink_url = f"smtp://ines%40hanse.example:p%3Aass%2Fword@127.0.0.1:{sink.port}"
        with Smtp(sink_url, timeout=5) as server:
            server.send(letter())
        assert sink.logins == [("ines@hanse.example", "p:ass/word")]


def test_a_wrong_password_is_our_fault_and_nobody_elses() -> None:
    with post.sink(auth_in_clear=True) as sink:
        sink.lets_in = False
        with Smtp(f"smtp://ines:wrong@127.0.0.1:{sink.port}") as server, pytest.raises(Unreachable) as told:
            server.send(letter())
        assert told.value.code == "535"


def test_a_connection_that_tires_is_replaced() -> None:
    with post.sink() as sink:
        sink.most_per_connection = 2
        with smtp(sink) as server:
            for number in range(5):
                server.send(letter(f"person{number}@nordlicht.example"))
        assert len(sink.letters) == 5
        assert len(sink.connections) == 3


def test_a_server_that_takes_nothing_at_all_is_asked_once() -> None:
    with post.sink() as sink:
        sink.most_per_connection = 0
        with smtp(sink) as server, pytest.raises(Unreachable) as told:
            server.send(letter())
        assert told.value.code == "421"
        assert len(sink.connections) == 1


def test_nobody_there() -> None:
    with Smtp(f"smtp://127.0.0.1:{post.free_port()}") as server, pytest.raises(Unreachable) as told:
        server.send(letter())
    assert told.value.code == "ConnectionRefusedError"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("450 mailbox busy", Later),
        ("452 full", Later),
        ("550 unknown", Refused),
        ("553 odd name", Refused),
        ("530 sign in first", Unreachable),
        ("421 closing", Unreachable),
    ],
)
def test_an_answer_about_the_recipient_and_one_about_us(answer: str, meaning: type[Exception]) -> None:
    with post.sink() as sink:
        sink.answers["anna@nordlicht.example"] = [answer]
        with smtp(sink) as server:
            with pytest.raises(meaning):
                server.send(letter())
            server.send(letter("ben@nordlicht.example"))
        assert sink.recipients == ["ben@nordlicht.example"]


def test_a_break_after_the_letter_was_read_leaves_doubt() -> None:
    with post.sink() as sink:
        sink.drops.add("anna@nordlicht.example")
        with smtp(sink) as server:
            with pytest.raises(Unsure):
                server.send(letter())
            server.send(letter("ben@nordlicht.example"))
        assert sink.recipients == ["anna@nordlicht.example", "ben@nordlicht.example"]


def test_lines_of_dots_arrive_as_they_were_written() -> None:
    text = ".\n..\nGood day.\n.hidden\n\n.\n"
    with post.sink() as sink:
        with smtp(sink) as server:
            server.send(letter(text=text))
            server.send(letter("ben@nordlicht.example"))
        assert sink.letters[0].get_content().replace("\r\n", "\n") == text
        assert len(sink.letters) == 2


@pytest.fixture(params=[False, True], ids=["one by one", "in one go"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    with post.sink() as made:
        made.takes_several = request.param
        yield made


def test_nothing_of_a_letter_leaves_before_it_is_said_to_be_leaving(sink: Sink) -> None:
    seen: list[int] = []

    def begin() -> bool:
        seen.append(len(sink.letters))
        return True

    with smtp(sink) as server:
        server.send(letter(), begin)
        server.send(letter("ben@nordlicht.example"), begin)
    assert seen == [0, 1]
    assert sink.recipients == ["anna@nordlicht.example", "ben@nordlicht.example"]
    assert len(sink.connections) == 1


def test_a_letter_that_may_not_leave_stays_and_the_next_one_leaves(sink: Sink) -> None:
    with smtp(sink) as server:
        server.send(letter(), lambda: False)
        server.send(letter("ben@nordlicht.example"))
    assert sink.recipients == ["ben@nordlicht.example"]


def test_after_a_refused_recipient_the_connection_goes_on(sink: Sink) -> None:
    sink.answers["gone@nordlicht.example"] = ["550 5.1.1 no such user"]
    with smtp(sink) as server:
        with pytest.raises(Refused, match="550"):
            server.send(letter("gone@nordlicht.example"))
        server.send(letter("ben@nordlicht.example"))
    assert sink.recipients == ["ben@nordlicht.example"]
    assert len(sink.connections) == 1


def test_what_goes_wrong_while_a_letter_begins_leaves_nothing_behind(sink: Sink) -> None:
    def begin() -> bool:
        raise LookupError("the database is away")

    with smtp(sink) as server:
        with pytest.raises(LookupError):
            server.send(letter(), begin)
        server.send(letter("ben@nordlicht.example"))
    assert sink.recipients == ["ben@nordlicht.example"]
