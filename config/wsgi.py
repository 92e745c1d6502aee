import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config import key_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = get_wsgi_application()
    key_file.named()  # report an unusable key file now, not when the first token is signed
except ImproperlyConfigured as fault:  # show only its text, as in manage.py
    sys.exit(f"{fault}")
