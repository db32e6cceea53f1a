"""Words people use in rosters, as data, and how two spellings are compared. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

#: Control characters, half surrogates, and marks that turn the direction of the text after them.
UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
#: Comparisons remembered: groups and languages are the same few words in every row of a roster.
FEW: Final = 4096
_ARABIC_TWINS: Final = str.maketrans("ةى", "هي")


def tidy(text: str) -> str:
    """The text on one line: unseen characters and runs of white space become one space; NFC."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join(UNSEEN.sub(" ", text).split()))


@lru_cache(maxsize=FEW)
def fold(text: str) -> str:
    """What remains of a word without case, accents and punctuation: "E-Mail (Büro)" -> "e mail buro"."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) != "Mn")
    spaced = "".join(one if one.isalnum() else " " for one in plain.casefold().translate(_ARABIC_TWINS))
    return " ".join(spaced.replace("ـ", "").split())


@lru_cache(maxsize=FEW)
def compact(text: str) -> str:
    """The fold without its spaces, so that "FirstName" meets "first name"."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=FEW)
def same_group(name: str) -> str:
    """A key that is equal for group names which differ in case and spaces only."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def known_by(email: str | None, name: str) -> str:
    """What tells one person of a roster from another: the address, or without one the name.

    Names that differ in case and spaces only are the same.
    """
    return email or f"without address: {same_group(name)}"


def listed(text: str) -> frozenset[str]:
    """The words of a text that is data."""
    return frozenset(text.split())


def _phrases(lines: Iterable[str]) -> Iterator[str]:
    return (phrase.strip() for line in lines for phrase in line.split("|"))


def _index(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(phrase): meaning for meaning, lines in words.items() for phrase in _phrases(lines)}


#: Folded phrase -> field. One line a language: English, German, French, Spanish, Arabic.
HEADINGS: Final = _index(
    {
        "name": (
            "name | full name | display name | stakeholder | person | participant | contact | employee",
            "name | voller name | vollständiger name | anzeigename | vor- und nachname | mitarbeiter | "
            "mitarbeiterin | teilnehmer | ansprechpartner",
            "nom | nom complet | nom et prénom | prénom et nom | nom affiché | personne | collaborateur",
            "nombre | nombre completo | nombre y apellidos | nombre y apellido | persona | empleado",
            "الاسم | اسم | الاسم الكامل | الاسم بالكامل | اسم الموظف",
        ),
        "first_name": (
            "first name | given name | forename | first",
            "vorname | rufname",
            "prénom",
            "nombre de pila | primer nombre",
            "الاسم الأول | الاسم الشخصي",
        ),
        "last_name": (
            "last name | surname | family name | second name | last",
            "nachname | familienname | zuname",
            "nom de famille",
            "apellido | apellidos | primer apellido",
            "اسم العائلة | الاسم الأخير | اللقب | الكنية",
        ),
        "email": (
            "email | e-mail | mail | email address | e-mail address | mail address | emails | address | upn",
            "e-mail-adresse | email-adresse | mailadresse | mail-adresse | adresse | dienstliche e-mail",
            "courriel | adresse e-mail | adresse email | adresse mail | adresse électronique | mél | "
            "adresse de courriel | adresse courriel",
            "correo | correo electrónico | dirección de correo | dirección de correo electrónico | "
            "dirección electrónica | dirección",
            "البريد الإلكتروني | بريد إلكتروني | البريد | الإيميل | ايميل | عنوان البريد الإلكتروني",
        ),
        "group": (
            "group | department | dept | function | team | division | unit | business unit | area | "
            "group name | team name | department name | org unit",
            "gruppe | abteilung | bereich | funktion | fachbereich | team | einheit | organisationseinheit | "
            "referat | gruppenname",
            "groupe | service | département | direction | fonction | équipe | unité | pôle",
            "grupo | departamento | área | función | equipo | unidad | división | dpto",
            "المجموعة | مجموعة | القسم | قسم | الإدارة | إدارة | الفريق | فريق | الوظيفة",
        ),
        "language": (
            "language | lang | preferred language | locale",
            "sprache | bevorzugte sprache | korrespondenzsprache",
            "langue | langue préférée",
            "idioma | lengua | idioma preferido",
            "اللغة | لغة | اللغة المفضلة",
        ),
        "time_zone": (
            "time zone | timezone | tz",
            "zeitzone",
            "fuseau horaire | fuseau",
            "zona horaria | huso horario",
            "المنطقة الزمنية | التوقيت",
        ),
    }
)

#: A heading with one of these words speaks of something else, unless it is a known phrase as a whole.
OTHER_HEADINGS: Final = frozenset(
    compact(word)
    for word in _phrases(
        (
            "company | manager | supervisor | user | middle | phone | telephone | mobile | street | postal",
            "firma | unternehmen | vorgesetzter | vorgesetzte | benutzer | telefon | handy | straße | nummer",
            "entreprise | société | responsable | utilisateur | téléphone | rue",
            "empresa | jefe | usuario | calle",
        )
    )
)

#: Folded word or code -> language code.
LANGUAGE_WORDS: Final = _index(
    {
        "en": ("en | eng | english | englisch | anglais | inglés | الإنجليزية | إنجليزي",),
        "de": ("de | deu | ger | german | deutsch | allemand | alemán | الألمانية | ألماني",),
        "fr": ("fr | fra | fre | french | französisch | français | francés | الفرنسية | فرنسي",),
        "es": ("es | spa | spanish | spanisch | espagnol | español | castellano | الإسبانية | إسباني",),
        "ar": ("ar | ara | arabic | arabisch | arabe | árabe | العربية | عربي",),
    }
)

#: Part names that the release makes itself (anonymity.md, rule 3), compact, in every language above.
RESERVED_GROUPS: Final = frozenset(
    compact(phrase)
    for phrase in _phrases(
        (
            "Other roles | Other role | Organisation | Organization | The organisation | The organization",
            "Andere Rollen | Weitere Rollen | Sonstige Rollen | Übrige Rollen | Organisation | "
            "Die Organisation | Gesamte Organisation",
            "Autres rôles | Autres fonctions | Organisation | L'organisation",
            "Otros roles | Otras funciones | Organización | La organización",
            "أدوار أخرى | الأدوار الأخرى | المنظمة | المؤسسة",
        )
    )
)

#: Domains that belong to nobody's company (anonymity.md, rule 12 leaves them aside).
PUBLIC_PROVIDERS: Final = listed(
    """
    aim.com aol.com aol.de arcor.de bluewin.ch bt.com comcast.net email.de fastmail.com free.fr
    freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk
    hotmail.com hotmail.de hotmail.es hotmail.fr icloud.com laposte.net libero.it live.com live.de
    live.fr mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com orange.fr outlook.com outlook.de
    outlook.es outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rocketmail.com sfr.fr
    t-online.de tuta.com tutanota.com tutanota.de wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.de
    yahoo.es yahoo.fr yandex.com yandex.ru ymail.com zoho.com 163.com 126.com
    """
)
