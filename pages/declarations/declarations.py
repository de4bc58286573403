"""Stub."""
import streamlit as st
from pages.components import session
st.write(session.page())
