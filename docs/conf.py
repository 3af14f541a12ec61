"""Sphinx settings. `docs/build.py` stages the pages and runs it: `make docs`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import hailuo_nb

logging.getLogger("traitlets").setLevel(logging.WARNING)  # else a line for each page that runs

project = "hailuo_nb"
author = "The hailuo_nb authors"
copyright = author  # noqa: A001 - Sphinx's name
version = release = hailuo_nb.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_copybutton", "plain_docstrings", "names"]
exclude_patterns = ["_made/**"]  # parts of pages
suppress_warnings = ["myst-nb.lexer"]  # with --no-run nothing says what the cells are

# Pages ------------------------------------------------------------------------------------------
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True
# Types of signatures that are nobody's to use by name. Functions, methods and errors are checked.
nitpick_ignore_regex = [(r"py:(class|obj|data)", r".*")]

# Code cells run on the simulator; `docs/build.py` clears the environment of keys.
nb_execution_mode = os.environ.get("HAILUO_NB_DOCS_RUN", "cache")
nb_execution_cache_path = os.environ.get("HAILUO_NB_DOCS_CACHE", "")
nb_execution_excludepatterns = ["notebooks/*"]  # run by docs/build.py, which keeps their clips
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True
nb_ipywidgets_js = {}  # nothing from elsewhere: a page plays without a network

# Reference --------------------------------------------------------------------------------------
autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 70

# Web addresses: `make links` ---------------------------------------------------------------------
linkcheck_ignore = [r"http://(localhost|127\.0\.0\.1)", r".*OWNER/NAME.*"]
linkcheck_timeout = 20
linkcheck_anchors = False

# Look -------------------------------------------------------------------------------------------
html_theme = "furo"
html_title = f"hailuo_nb {release}"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it would fetch each page, which a browser refuses from disk
html_theme_options = {"top_of_page_buttons": []}
