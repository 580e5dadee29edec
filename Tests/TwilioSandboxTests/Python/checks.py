"""What several steps ask."""

import json

from twilio.base.exceptions import TwilioException, TwilioRestException


def refused(code, attempt):
    """The SDK raises its exception with Twilio's code, and a status of the 4xx."""
    try:
        attempt()
    except TwilioRestException as error:
        assert error.code == code, f"expected {code}, not {error.code}: {error.msg}"
        assert 400 <= error.status < 500
        return error
    except TwilioException as error:
        # Of a list the SDK raises the answer itself.
        _, answer = error.args
        assert json.loads(answer.text)["code"] == code, f"expected {code}, not {answer.text}"
        return error
    raise AssertionError(f"expected {code}, but it was accepted")


def paged(resource, page_size=1, **filters):
    """Everything, page by page; the same as in one piece."""
    listed = resource.list(page_size=page_size, **filters)
    whole = resource.list(page_size=1000, **filters)
    assert [key(item) for item in listed] == [key(item) for item in whole]
    return listed


def key(item):
    return getattr(item, "sid", None) or getattr(item, "call_sid", None) or str(item.__dict__.get("_properties", item))
