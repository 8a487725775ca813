"""The application as a web server wants it."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from welbevinden import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "welbevinden.settings")

if os.environ.get(services.SHARED):
    # Under `manage.py up`: a web process whose server was killed would keep the port and the lock of the data.
    services.die_with_parent(signal.SIGKILL)
    _server = multiprocessing.parent_process()
    if _server is not None and _server.pid != os.getppid():  # killed before we asked
        os._exit(1)

application = get_wsgi_application()
