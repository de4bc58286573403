"""What colleagues wrote on this molecule, each for the roles its author chose; kept in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from connectors.language.typography import french
from data.access.roles import ROLE_LABEL, ROLES, Identity, Role
from data.journal import JournalUnavailable
from data.journal.entries import Comment
from data.journal.store import LONGEST_TEXT
from pages.components import markup, templating
from pages.components.access import identity
from pages.components.access.identity import NoAccess
from pages.components.shell import errors, frame, session

TEMPLATE, _FORM = "molecules/comment", "commenter"
_WARNING = "Un texte visible hors de l'ANSM ne doit nommer ni un laboratoire ni ses stocks : il est montré tel qu'il est écrit."


@st.fragment
def draw(subject_id: str) -> None:
    """Comments this role may read, then the form; alone runs again when one is written or withdrawn.

    A shared screen shows none: anybody may be in the room.
    """
    if frame.projected() or session.is_open():
        return
    try:
        identity.identity()
    except NoAccess:
        st.rerun(scope="app")
    session.begin()
    errors.contained(partial(_section, subject_id))


def _section(subject_id: str) -> None:
    who = identity.identity()
    place = st.container()
    box = st.expander("Écrire un commentaire", key=f"{_FORM}-{subject_id}", on_change="rerun")
    if box.open:  # drawn when it is opened: its boxes cost a reader's browser as much as a chart
        with box:
            _form(subject_id, who)
    with place:
        _written(subject_id, who)


def _written(subject_id: str, who: Identity) -> None:
    try:
        found = identity.journal().comments(subject_id, who.role)
    except JournalUnavailable as error:
        frame.section("Commentaires")
        frame.empty_state("Les commentaires ne peuvent pas être lus.", str(error))
        return
    markup.show(templating.macro(TEMPLATE, "heading", bool(found)))
    for comment in found:
        _line(comment, who)


def _line(comment: Comment, who: Identity) -> None:
    words, button = st.columns([6, 1], vertical_alignment="center")
    markup.show(line_html(comment), box=words)
    if comment.login == who.login:
        button.button("Retirer", key=f"retirer-{comment.id}", on_click=_withdraw, args=(comment.id,))


def line_html(comment: Comment) -> Markup:
    """One comment: its text as typed, who, when, for whom."""
    readers = ", ".join(ROLE_LABEL[role] for role in ROLES if role in comment.visible_to)
    return templating.macro(TEMPLATE, "line", comment.text.splitlines(), comment.login, comment.at, readers)


def _form(subject_id: str, who: Identity) -> None:
    others = [role for role in ROLES if role != who.role]
    with st.form(f"commenter-form-{subject_id}", clear_on_submit=True, border=False):
        text = st.text_area("Texte", max_chars=LONGEST_TEXT, height=90)
        roles = st.multiselect(
            french(f"Visible aussi par (votre rôle, « {ROLE_LABEL[who.role]} », le voit toujours)"),
            others,
            default=[role for role in others if role in ("ansm", "ansm_steward")],
            format_func=lambda role: ROLE_LABEL[role],
            placeholder="Aucun autre rôle",
        )
        markup.show(templating.macro("components/templates/parts", "empty_line", _WARNING))
        sent = st.form_submit_button("Enregistrer le commentaire")
    if sent:
        _add(subject_id, who, text, roles)


def _add(subject_id: str, who: Identity, text: str, roles: Sequence[Role]) -> None:
    if not text.strip():
        st.warning(french("Le commentaire est vide : rien n'a été enregistré."))
        return
    try:
        identity.journal().add_comment(who, subject_id, text, roles)
    except JournalUnavailable as error:
        st.error(str(error))


def _withdraw(comment_id: int) -> None:
    """The journal itself refuses to withdraw somebody else's."""
    who = identity.identity()

    def withdraw() -> None:
        identity.journal().withdraw_comment(who, comment_id)

    identity.quietly(withdraw)
