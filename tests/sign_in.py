"""The log-in form, filled in over HTTP without a browser."""

import http.client
import re
import time
from urllib.parse import urlencode

from django.urls import reverse


def log_in_at(port, email, password):
    """Status, text and seconds of the answer to the form, sent to a server of this machine."""
    page = reverse("account_login")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", page)
        response = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.read().decode()).group(1)
        cookies = "; ".join(value.partition(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie")
        body = urlencode({"csrfmiddlewaretoken": token, "login": email, "password": password})
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.monotonic()
        connection.request("POST", page, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode(), time.monotonic() - began
    finally:
        connection.close()
