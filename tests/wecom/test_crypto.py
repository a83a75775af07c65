"""The vectors of the platform's documents and of two other implementations."""

import pytest

from homeground.wecom.crypto import CallbackKeys, Unreadable, WrongReceiver, WrongSignature, key_bytes, opened, signed
from tests.wecom.sealing import AES_KEY, CORPID, TOKEN, encrypted, signature

KEYS = CallbackKeys(TOKEN, AES_KEY, CORPID)
ECHO = "Q3stYC6hdFzMh9T8HCvyDH0IHJENRtL8kKsqSYgg4gClawqfEI4bjkd/sThBdy5abkkNPf3wQSpydibwulBNcw=="
ADDED = (
    "Q3stYC6hdFzMh9T8HCvyDOnYZvpPGZNz4gVaYEL5pt4MTMgVbGiqcc8HPr1thWZdCelerTUFeK5fnSKzB5rI4JHlcRfdg9VBu7794+JvnGA6AH+WgBg"
    "WnifZG2DpFuA1YmkKvCBFyku6aEyhsldSoo1uZjPBxx3JuQhLYItsrcwY+0ERRtL732qKaqdzIEr6Rl0A+OYB/UnGU+eZI2xU6ZkhO00rc36P/ASNJM"
    "izWgH0Spx+SaYU+4WwRcYVIpmTh+lVup5vTg/19jEhk5O/MsbBodlTTlk3R4+M16lUYQaZ5et/JO0J4JLXWLLiCq/gF2BCFt3Yhf14NCZYU2/Nr679g"
    "/iSREMepAUb95f8L1dyrxk4+86rU3veuriktgwqOeG7Dgmd/W8brK5cMKGEsZXpHAF3xOb016Pzw4aSXi0O6kf6wAvQmies5ZRWou/4cakdOiGlrjfd"
    "O64v6z5F4pOIyubzWlFdNXUt9+0fbpeMgdufMpWfQreEve6s6i9H3Bu/VvOeNpMvH6GgDEdydXF4nueeTwmJ9ZPQGwxBo36eRrKRIZBrzWpMPs4Ibsx"
    "54J1pIIybQaro2yEgVUmMexzrH/2KcgBVKi8pml9A8beremiCc40xXXsAN6kLACFfrX7YnYqVDepGvBNiboRNq5g/rm5vs3sMNbkAvzu/f2k="
)
ADDED_XML = (
    "<xml><ToUserName><![CDATA[ww1234567890abcdef]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>"
    "1760000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeT"
    "ype><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[wmSbxC"
    "ustomer0001]]></ExternalUserID><State><![CDATA[渠道A]]></State><WelcomeCode><![CDATA[WELCOME0001]]></WelcomeCode></xml>"
)
BLOCK = (
    "Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2VZW6cJciwduFWqR/1kOoL39a05bKL02u8r5VWr/o2X0OSWuafq3vK318Y2AemG841CQdZiG5JoD"
    "RPNeId+8qW8v"
)
OFFICIAL_KEYS = CallbackKeys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
OFFICIAL = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUk"
    "SUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekU"
    "NXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rU"
    "PA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+"
    "qN+E7Q=="
)
REPLY = "Q3stYC6hdFzMh9T8HCvyDL8lidU6NTGJ2D53otDQEucRgcQAlysq6fTSfIvuUmzNfAIklnrTCXpntqjguJRbVg=="
VECTORS = {
    "echo": (KEYS, "1760000000", "nonce0001", "daae1a7dd5b3b69421b19bad32cf88d393d54abc", ECHO, b"1616140317555161061"),
    "added": (KEYS, "1760000001", "nonce0002", "6c5d610846fdeead290ce20dd1d7f859e88873ae", ADDED, ADDED_XML.encode()),
    "block": (KEYS, "1760000002", "nonce0003", "6b7a4e6d7803f1346069e24cc049aae0a2e04c00", BLOCK, b"x" * 26),
    "reply": (KEYS, "1760000009", "nonce9", "508558528ee0ef2a3f83fbf01bbc7265f78045a5", REPLY, b"<xml>ok</xml>"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_documented_vector_opens(name):
    keys, timestamp, nonce, said, encrypt, message = VECTORS[name]

    assert signed(keys.token, timestamp, nonce, encrypt) == said
    assert opened(keys, said, timestamp, nonce, encrypt) == message


@pytest.mark.parametrize("name", VECTORS)
def test_the_maker_of_these_tests_makes_the_vectors_too(name):
    _keys, timestamp, nonce, said, encrypt, message = VECTORS[name]

    assert encrypted(message, prefix=b"0123456789abcdef") == encrypt
    assert signature(encrypt, timestamp, nonce) == said


def test_the_official_sample_opens():
    message = opened(OFFICIAL_KEYS, "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", OFFICIAL)

    assert b"<Content><![CDATA[hello]]></Content>" in message
    assert b"<AgentID>218</AgentID>" in message


def test_the_key_drops_the_spare_bits_of_its_last_character():
    assert key_bytes(AES_KEY).hex() == "69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051"
    assert key_bytes(AES_KEY[:-1] + "E") == key_bytes(AES_KEY)


def test_a_wrong_signature_is_refused():
    with pytest.raises(WrongSignature):
        opened(KEYS, "0" * 40, "1760000000", "nonce0001", ECHO)


def test_another_corps_message_is_refused():
    other = CallbackKeys(TOKEN, AES_KEY, "ww0000000000000000")

    with pytest.raises(WrongReceiver):
        opened(other, "daae1a7dd5b3b69421b19bad32cf88d393d54abc", "1760000000", "nonce0001", ECHO)


@pytest.mark.parametrize("broken", [ECHO[:-4], ECHO[:44], "", "====", "A", "ä", ECHO[:-24] + "A" * 24, "AAAA" * 16])
def test_what_is_cut_off_or_no_ciphertext_cannot_be_read(broken):
    with pytest.raises(Unreadable):
        opened(KEYS, signature(broken, "1", "n"), "1", "n", broken)


@pytest.mark.parametrize("key", ["", "short", AES_KEY + "AAAA", "!" * 43])
def test_a_key_of_another_length_opens_nothing(key):
    with pytest.raises(Unreadable):
        opened(CallbackKeys(TOKEN, key, CORPID), signature(ECHO, "1", "n"), "1", "n", ECHO)
