#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import Error

from config import reach

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:  # show its text alone; a traceback would hide it
        sys.exit(f"{fault}")
    except Error:
        if refusal := reach.refusal():
            sys.exit(refusal)
        raise
