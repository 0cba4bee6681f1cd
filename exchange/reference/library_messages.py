"""The messages of the libraries that a person can meet on our pages, found in the installed libraries themselves.

Their own message files lack many of them in Kazakh, Kyrgyz, Uzbek, Tajik and Turkmen and get others wrong, so all are translated
here, in `locale/libraries/`. `collect_messages` brings those files up to date; a new message of a new version is untranslated there
until somebody translates it, and a test fails until then.
"""

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import polib
from django.conf import settings
from django.template import Context, engines
from django.template.base import NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

from exchange.core.interface_languages import BY_CODE, TRANSLATED_LANGUAGES
from exchange.core.message_files import HEADER, LINE, read_message_file, write_message_file

LIBRARIES = ("django", "allauth", "ninja", "csp", "django_htmx", "template_partials", "channels")
"""Packages that are searched. Of `django/contrib` and `allauth` only the installed apps are."""

NOT_MET = {
    "admin": "administrators read Django's own texts",
    "admin.py": "shown in the admin only",
    "apps.py": "names of apps are shown in the admin only",
    "management": "commands",
    "django/conf": "names of a hundred languages: ours are in interface_languages.py and spoken_languages.py",
    "django/contrib/auth/forms.py": "the admin's forms; ours are allauth's",
    "django/contrib/auth/hashers.py": "what the admin shows of a password",
    "django/contrib/auth/models.py": "Django's own users, groups and permissions; the admin shows groups",
    "django/contrib/auth/views.py": "not among our URLs",
    "django/contrib/contenttypes": "the admin only",
    "django/contrib/humanize": "intcomma alone is used, which has no texts",
    "django/contrib/postgres/fields/hstore.py": "no such field",
    "django/contrib/postgres/forms/hstore.py": "no such field",
    "django/contrib/postgres/forms/ranges.py": "no such field",
    "django/contrib/sites": "the admin only",
    "django/views/csrf.py": "has our own page, 403_csrf.html",
    "django/views/generic": "not used",
    "django/views/static.py": "lists of folders, not among our URLs",
    "allauth/account/fields.py": "phone numbers: not asked for at sign-up",
    "allauth/account/models.py": "names of models are shown in the admin only",
    "allauth/mfa/models.py": "names of models are shown in the admin only",
    "allauth/templates/account/base_manage_phone.html": "phone numbers",
    "allauth/templates/account/confirm_phone_verification_code.html": "phone numbers",
    "allauth/templates/account/messages/phone_verification_sent.txt": "phone numbers",
    "allauth/templates/account/messages/phone_verified.txt": "phone numbers",
    "allauth/templates/account/phone_change.html": "phone numbers",
    "allauth/templates/account/confirm_email_verification_code.html": "codes by e-mail: links are sent",
    "allauth/templates/account/confirm_login_code.html": "codes by e-mail",
    "allauth/templates/account/confirm_password_reset_code.html": "codes by e-mail",
    "allauth/templates/account/email/login_code_message.txt": "codes by e-mail",
    "allauth/templates/account/email/login_code_subject.txt": "codes by e-mail",
    "allauth/templates/account/email/password_reset_code_message.txt": "codes by e-mail",
    "allauth/templates/account/email/password_reset_code_subject.txt": "codes by e-mail",
    "allauth/templates/account/request_login_code.html": "codes by e-mail",
    "allauth/templates/account/signup_by_passkey.html": "sign-up is with a password",
}
"""Folders and files, by name or by path, whose messages nobody meets on our pages; and why."""

TEMPLATES = ("account", "mfa")
"""Folders of templates that our URLs render. Those that `templates/` replaces are not searched."""

NOT_SHOWN = {"description", "_description"}
"""Descriptions of model fields: Django's admin documentation shows them, which is not installed."""

ONE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}


class LibraryMessage(NamedTuple):
    """A message as gettext knows it, without context and plural where it has none."""

    context: str
    text: str
    plural: str


@cache
def library_messages() -> dict[LibraryMessage, str]:
    """Every message that a person can meet, with the first file that has it, sorted."""
    found: dict[LibraryMessage, str] = {}
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        package = Path(spec.origin).parent
        for path in sorted(package.rglob("*.py")):
            place = path.relative_to(package.parent).as_posix()
            if is_met(place):
                for message in messages_of_module(path.read_text(encoding="utf-8")):
                    found.setdefault(message, place)
        for path in sorted(path for folder in TEMPLATES for path in (package / "templates" / folder).rglob("*.*")):
            place, template = path.relative_to(package.parent).as_posix(), path.relative_to(package / "templates").as_posix()
            if is_met(place) and not (settings.BASE_DIR / "templates" / template).exists():
                for message in messages_of_template(path.read_text(encoding="utf-8")):
                    found.setdefault(message, place)
    return dict(sorted(found.items()))


def is_met(place: str) -> bool:
    """Whether the messages of this module can be met: a path such as "django/forms/fields.py"."""
    parts = place.split("/")
    for length in range(1, len(parts) + 1):
        if "/".join(parts[:length]) in NOT_MET or parts[length - 1] in NOT_MET:
            return False
    app = parts[2] if parts[:2] == ["django", "contrib"] else ""
    if app and app.removesuffix(".py") != "__init__" and f"django.contrib.{app}" not in settings.INSTALLED_APPS:
        return False
    optional = parts[0] == "allauth" and parts[1] in {"headless", "idp", "socialaccount", "usersessions"}
    return not (optional and f"allauth.{parts[1]}" not in settings.INSTALLED_APPS)


def messages_of_module(source: str) -> Iterator[LibraryMessage]:
    """The messages that a Python module gives to gettext as literals."""
    tree = ast.parse(source)
    hidden = {call for node in ast.walk(tree) if _is_description(node) for call in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or node in hidden:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in ONE and len(words) == 1:
            yield LibraryMessage("", words[0], "")
        elif name in CONTEXT and len(words) == 2:
            yield LibraryMessage(words[0], words[1], "")
        elif name in PLURAL and len(words) >= 2:
            yield LibraryMessage("", words[0], words[1])
        elif name in CONTEXT_PLURAL and len(words) >= 3:
            yield LibraryMessage(words[0], words[1], words[2])


def _is_description(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name in NOT_SHOWN
    return isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id in NOT_SHOWN for target in node.targets)


def messages_of_template(source: str) -> Iterator[LibraryMessage]:
    """The messages of the `translate` and `blocktranslate` tags of a template."""
    nodes: NodeList = engines["django"].from_string(source).template.nodelist  # type: ignore[attr-defined]
    for node in cast("list[TranslateNode]", nodes.get_nodes_by_type(TranslateNode)):
        words = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
        if isinstance(words, str):
            yield LibraryMessage(_context_of(node), words, "")
    for block in cast("list[BlockTranslateNode]", nodes.get_nodes_by_type(BlockTranslateNode)):
        one, many = (block.render_token_list(tokens or [])[0] for tokens in (block.singular, block.plural))
        if block.trimmed:
            one, many = trim_whitespace(one), trim_whitespace(many)
        yield LibraryMessage(_context_of(block), one, many)


def _context_of(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.resolve(Context())) if node.message_context else ""


def update_library_files(locale: Path, main: Path) -> None:
    """Write the library message files in `locale`: add new messages untranslated, drop those that are gone. Plural rules come from `main`."""
    for language in TRANSLATED_LANGUAGES:
        path = locale / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        plural_rule = read_message_file(main / language / "LC_MESSAGES" / "django.po").metadata["Plural-Forms"]
        before = read_message_file(path) if path.exists() else polib.POFile()
        after = polib.POFile(wrapwidth=LINE)
        after.header = f"Messages of libraries in {BY_CODE[language].name}."
        after.metadata = {**HEADER, "Language": language, "Plural-Forms": plural_rule}
        for message, place in library_messages().items():
            entry = _entry(message, forms=number_of_forms(plural_rule))
            known = before.find(message.text, msgctxt=message.context or False)
            if known is not None and (known.msgid_plural or "") == message.plural:
                entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
            entry.occurrences = [(place, "")]
            after.append(entry)
        write_message_file(after, path)


def number_of_forms(plural_rule: str) -> int:
    """The number of plural forms: 2 for "nplurals=2; plural=(n != 1);"."""
    return int(plural_rule.split(";", maxsplit=1)[0].split("=")[1])


def _entry(message: LibraryMessage, *, forms: int) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if "%(" in message.text or "%d" in message.text or "%s" in message.text:
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, dict.fromkeys(range(forms), "")
    return entry
