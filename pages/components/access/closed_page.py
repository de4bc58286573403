"""What a visitor who may not enter sees: why, and what to do. Nothing of the data, no menu."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.access import serving
from pages.components import markup, templating
from pages.components.access import identity
from pages.components.access.identity import Visit
from pages.components.shell import browser, frame, served, style

Text = tuple[str, tuple[str, ...]]
_REGARDLESS = (
    "Pour servir malgré tout sans connexion, en connaissance de cause : « serve_without_sign_in = true » dans "
    "vigistock.toml (ou VIGISTOCK_SERVE_WITHOUT_SIGN_IN=true). Un bandeau permanent le rappellera."
)


def draw(seen: Visit) -> None:
    """Title, sentences, the button that helps. The text of each state is below, under its name."""
    style.inject(projection=False)
    title, sentences = _TEXTS[seen.state](seen)
    with st.container(key="vs-closed"):
        markup.show(templating.macro(frame.FRAME, "closed", style.logo(), title, sentences))
        _buttons(seen)
    browser.in_french()
    if seen.state == "sign_in":
        browser.keep_address()
    elif seen.state in {"expired", "incomplete"}:
        browser.keep_address()
        browser.forget_cookies()


def _buttons(seen: Visit) -> None:
    if seen.state in {"sign_in", "expired", "incomplete"}:
        st.button(f"Se connecter avec {_provider()}", type="primary", on_click=identity.sign_in, key="vs-sign-in")
        if st.session_state.get("vigistock-provider-down"):
            markup.show(templating.macro(frame.FRAME, "provider_down", _provider()))
    elif seen.state in {"no_access", "broken_table"}:
        st.button("Se déconnecter", on_click=identity.sign_out, key="vs-sign-out")


def _provider() -> str:
    return served.settings().sign_in_provider


def _contact() -> str:
    return served.settings().access_contact


def _sign_in(_seen: Visit) -> Text:
    return "Connexion", (
        "Vigistock suit la disponibilité des médicaments. Il est réservé aux agents à qui un accès a été ouvert.",
    )


def _no_access(seen: Visit) -> Text:
    who = seen.login.removeprefix("sub:")
    return "Aucun accès pour ce compte", (
        f"{_provider()} vous a reconnu comme « {who} », mais aucun accès à Vigistock n'est ouvert à ce compte.",
        f"Pour en demander un, s'adresser à : {_contact()}.",
    )


def _expired(_seen: Visit) -> Text:
    return "Session expirée", ("Votre session est terminée. Se connecter de nouveau rouvre la page demandée.",)


def _incomplete(_seen: Visit) -> Text:
    return "Connexion à reprendre", (
        f"{_provider()} n'a pas transmis, ou ne transmet plus, ce qui dit à quoi vous avez accès.",
        f"Se connecter de nouveau suffit en général. Si cela se répète, prévenir : {_contact()}.",
    )


def _broken_table(_seen: Visit) -> Text:
    return "Accès fermés pour le moment", (
        "La table des accès ne peut pas être lue : personne n'entre tant qu'elle n'est pas corrigée.",
        f"Prévenir : {_contact()}. Le journal du serveur dit ce qui ne va pas.",
    )


_OPEN_ONLY = (
    "Pour ne montrer que des données publiques : « serve_open_data = true » dans vigistock.toml (ou "
    "VIGISTOCK_SERVE_OPEN_DATA=true). Au premier fichier réservé, plus rien n'est montré sans connexion."
)


def _refused_data(_seen: Visit) -> Text:
    return "Données réservées : connexion obligatoire", (
        "Ce serveur porte des données réelles et aucune connexion n'est configurée : rien n'est affiché.",
        "Si elles ne sont que publiques, « make refresh » dit quel fichier empêche de les ouvrir à tous.",
        (
            "Pour les servir, remplir la section [auth] de « .streamlit/secrets.toml » (modèle : secrets.toml.example) et la "
            "table « access.toml » (modèle : access.toml.example). Marche à suivre : docs/access.md."
        ),
        _REGARDLESS,
    )


def _refused_address(_seen: Visit) -> Text:
    return "Connexion obligatoire hors de cette machine", (
        (
            "Ce serveur écoute au-delà de sa propre machine et aucune connexion n'est configurée : rien n'est affiché, pas "
            "même la démonstration."
        ),
        (
            'Soit écouter sur l\'adresse locale (« server.address = "127.0.0.1" » dans .streamlit/config.toml), soit '
            "configurer la connexion (docs/access.md)."
        ),
        _OPEN_ONLY,
        _REGARDLESS,
    )


def _refused_secrets(_seen: Visit) -> Text:
    faults = serving.faults(identity.auth() or {})
    return "Connexion mal configurée", (
        "La section [auth] de « .streamlit/secrets.toml » est incomplète : personne ne peut entrer.",
        f"À corriger : {' ; '.join(faults)}. Modèle : secrets.toml.example.",
    )


_TEXTS: dict[str, Callable[[Visit], Text]] = {
    "sign_in": _sign_in,
    "no_access": _no_access,
    "expired": _expired,
    "incomplete": _incomplete,
    "broken_table": _broken_table,
    "refused_data": _refused_data,
    "refused_address": _refused_address,
    "refused_secrets": _refused_secrets,
}
