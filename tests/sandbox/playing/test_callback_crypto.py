"""The documented vectors, in both directions."""

import pytest

from homeground.sandbox.services.callbacks import crypto

TOKEN = "SbxToken2026"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CORP = "ww1234567890abcdef"
PREFIX = b"0123456789abcdef"
EVENT = (
    "<xml><ToUserName><![CDATA[ww1234567890abcdef]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
    "<CreateTime>1760000000</CreateTime><MsgType><![CDATA[event]]></MsgType>"
    "<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType>"
    "<UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[wmSbxCustomer0001]]></ExternalUserID>"
    "<State><![CDATA[渠道A]]></State><WelcomeCode><![CDATA[WELCOME0001]]></WelcomeCode></xml>"
)
VECTORS = [
    (
        "1616140317555161061",
        "1760000000",
        "nonce0001",
        "Q3stYC6hdFzMh9T8HCvyDH0IHJENRtL8kKsqSYgg4gClawqfEI4bjkd/sThBdy5abkkNPf3wQSpydibwulBNcw==",
        "daae1a7dd5b3b69421b19bad32cf88d393d54abc",
    ),
    (
        EVENT,
        "1760000001",
        "nonce0002",
        "Q3stYC6hdFzMh9T8HCvyDOnYZvpPGZNz4gVaYEL5pt4MTMgVbGiqcc8HPr1thWZdCelerTUFeK5fnSKzB5rI4JHlcRfdg9VBu7794+JvnGA6"
        "AH+WgBgWnifZG2DpFuA1YmkKvCBFyku6aEyhsldSoo1uZjPBxx3JuQhLYItsrcwY+0ERRtL732qKaqdzIEr6Rl0A+OYB/UnGU+eZI2xU6Zkh"
        "O00rc36P/ASNJMizWgH0Spx+SaYU+4WwRcYVIpmTh+lVup5vTg/19jEhk5O/MsbBodlTTlk3R4+M16lUYQaZ5et/JO0J4JLXWLLiCq/gF2BC"
        "Ft3Yhf14NCZYU2/Nr679g/iSREMepAUb95f8L1dyrxk4+86rU3veuriktgwqOeG7Dgmd/W8brK5cMKGEsZXpHAF3xOb016Pzw4aSXi0O6kf6"
        "wAvQmies5ZRWou/4cakdOiGlrjfdO64v6z5F4pOIyubzWlFdNXUt9+0fbpeMgdufMpWfQreEve6s6i9H3Bu/VvOeNpMvH6GgDEdydXF4nuee"
        "TwmJ9ZPQGwxBo36eRrKRIZBrzWpMPs4Ibsx54J1pIIybQaro2yEgVUmMexzrH/2KcgBVKi8pml9A8beremiCc40xXXsAN6kLACFfrX7YnYqV"
        "DepGvBNiboRNq5g/rm5vs3sMNbkAvzu/f2k=",
        "6c5d610846fdeead290ce20dd1d7f859e88873ae",
    ),
    (
        "x" * 26,
        "1760000002",
        "nonce0003",
        "Q3stYC6hdFzMh9T8HCvyDHDxbrF7f8TfmYxXSN1y2VZW6cJciwduFWqR/1kOoL39a05bKL02u8r5VWr/o2X0OSWuafq3vK318Y2AemG841CQ"
        "dZiG5JoDRPNeId+8qW8v",
        "6b7a4e6d7803f1346069e24cc049aae0a2e04c00",
    ),
    (
        "<xml>ok</xml>",
        "1760000009",
        "nonce9",
        "Q3stYC6hdFzMh9T8HCvyDL8lidU6NTGJ2D53otDQEucRgcQAlysq6fTSfIvuUmzNfAIklnrTCXpntqjguJRbVg==",
        "508558528ee0ef2a3f83fbf01bbc7265f78045a5",
    ),
]


@pytest.mark.parametrize(("message", "timestamp", "nonce", "text", "signature"), VECTORS)
def test_every_vector_comes_out_byte_by_byte(message, timestamp, nonce, text, signature):
    assert crypto.encrypted(message, AES_KEY, CORP, PREFIX) == text
    assert crypto.signature(TOKEN, timestamp, nonce, text) == signature
    assert crypto.decrypted(text, AES_KEY) == (message, CORP)


def test_the_official_sample_opens():
    text = (
        "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
        "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
        "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
        "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
        "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
    )
    message, receiver = crypto.decrypted(text, "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
    assert "<![CDATA[hello]]>" in message
    assert receiver == "wx5823bf96d3bd56c7"
    assert crypto.signature("QDG6eK", "1409659813", "1372623149", text) == "477715d11cdb4164915debcba66cb864d751f3e6"


def test_two_sendings_of_one_message_look_different():
    assert crypto.encrypted("a", AES_KEY, CORP) != crypto.encrypted("a", AES_KEY, CORP)
