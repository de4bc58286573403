"""What colleagues wrote on this molecule, each for the roles its author chose; kept in the journal."""

from __future__ import annotations

from html import escape

import streamlit as st

from connectors.language.typography import french
from data.access.roles import ROLE_LABEL, ROLES, Identity, Role
from data.journal import JournalUnavailable
from data.journal.entries import Comment
from data.journal.store import LONGEST_TEXT
from data.settings import PARIS
from pages.components import format as fr
from pages.components import markup
from pages.components.access import identity
from pages.components.shell import frame
from pages.molecules.view import View

_WARNING = "Un texte visible hors de l'ANSM ne doit nommer ni un laboratoire ni ses stocks : il est montré tel qu'il est écrit."


def draw(seen: View) -> None:
    """Comments this role may read, then the form. A shared screen shows none: anybody may be in the room."""
    if frame.projected():
        return
    who = identity.identity()
    try:
        found = identity.journal().comments(seen.id, who.role)
    except JournalUnavailable as error:
        frame.section("Commentaires")
        frame.empty_state("Les commentaires ne peuvent pas être lus.", str(error))
        return
    frame.section("Commentaires", "les plus récents d'abord ; visibles des rôles que leur auteur a choisis")
    if not found:
        markup.show('<p class="vs-empty-line">Aucun commentaire que votre rôle puisse lire.</p>')
    for comment in found:
        _line(comment, who)
    with st.expander("Écrire un commentaire"):
        _form(seen, who)


def _line(comment: Comment, who: Identity) -> None:
    words, button = st.columns([6, 1], vertical_alignment="center")
    markup.show(line_html(comment), box=words)
    if comment.login == who.login:
        button.button("Retirer", key=f"retirer-{comment.id}", on_click=_withdraw, args=(comment.id,))


def line_html(comment: Comment) -> str:
    """One comment: its text as typed, who, when, for whom."""
    readers = ", ".join(ROLE_LABEL[role] for role in ROLES if role in comment.visible_to)
    text = "<br>".join(escape(line) for line in comment.text.splitlines())
    when = fr.moment(comment.at.astimezone(PARIS))
    return (
        f'<p style="margin:0">{text}<br><span class="vs-note">{escape(comment.login)}, {when}. '
        f"Visible : {escape(readers)}.</span></p>"
    )


def _form(seen: View, who: Identity) -> None:
    others = [role for role in ROLES if role != who.role]
    with st.form(f"commenter-{seen.id}", clear_on_submit=True, border=False):
        text = st.text_area("Texte", max_chars=LONGEST_TEXT, height=90)
        roles = st.multiselect(
            french(f"Visible aussi par (votre rôle, « {ROLE_LABEL[who.role]} », le voit toujours)"),
            others,
            default=[role for role in others if role in ("ansm", "ansm_steward")],
            format_func=lambda role: ROLE_LABEL[role],
            placeholder="Aucun autre rôle",
        )
        markup.show(f'<p class="vs-note" style="margin:0">{_WARNING}</p>')
        sent = st.form_submit_button("Enregistrer le commentaire")
    if sent:
        _add(seen, who, text, roles)


def _add(seen: View, who: Identity, text: str, roles: list[Role]) -> None:
    if not text.strip():
        st.warning(french("Le commentaire est vide : rien n'a été enregistré."))
        return
    try:
        identity.journal().add_comment(who, seen.id, text, roles)
    except JournalUnavailable as error:
        st.error(str(error))
        return
    st.rerun()


def _withdraw(comment_id: int) -> None:
    """The journal itself refuses to withdraw somebody else's."""
    who = identity.identity()

    def withdraw() -> None:
        identity.journal().withdraw_comment(who, comment_id)

    identity.quietly(withdraw)
