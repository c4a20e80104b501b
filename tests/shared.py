"What several test files need."

import functools
import os
from contextlib import contextmanager

from mlbook import gradient_error
from mlbook.autodiff import RULES, defvjp
from mlbook.gradcheck import TOLERANCE


@contextmanager
def without_rights():
    "Where the tests run as the superuser, whom no file refuses, as nobody."
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def survives(rule, function, calls):
    "Whether a rule in the place of that of `function` passes the gradient check in all `calls`, pairs of arrays and options."
    @functools.wraps(function)
    def twin(*arrays, **options):
        return function(*arrays, **options)

    defvjp(twin)(rule)
    try:
        return all(gradient_error(twin, *arrays, **options) < TOLERANCE for arrays, options in calls)
    except Exception:
        return False
    finally:
        del RULES[twin]
