from datetime import UTC, datetime, timedelta

import pytest

from homeground.core.webhooks import new_secret, sign, verify

# The vector that the scheme's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_the_schemes_own_vector():
    assert sign(SECRET, SIGNED["webhook-id"], AT, BODY) == SIGNED
    assert verify(SECRET, SIGNED, BODY, AT)


def test_one_of_several_signatures_is_enough():
    several = SIGNED | {"webhook-signature": f"v1,AAAA v1a,BBBB {SIGNED['webhook-signature']}"}
    assert verify(SECRET, several, BODY, AT)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1614265331"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "９"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2," + SIGNED["webhook-signature"][3:]},
        {"webhook-signature": "v1,签名"},
    ],
)
def test_whatever_was_changed_is_refused(change):
    assert not verify(SECRET, SIGNED | change, BODY, AT)


def test_another_body_secret_or_time_is_refused():
    assert not verify(SECRET, SIGNED, BODY + b" ", AT)
    assert not verify(new_secret(), SIGNED, BODY, AT)
    assert not verify(SECRET, {}, BODY, AT)
    for late in (timedelta(seconds=301), timedelta(seconds=-301)):
        assert not verify(SECRET, SIGNED, BODY, AT + late)
    assert verify(SECRET, SIGNED, BODY, AT + timedelta(seconds=299))


def test_a_secret_in_another_form_works_as_it_is():
    headers = sign("not base64!", "id", AT, BODY)
    assert verify("not base64!", headers, BODY, AT)
