"""The guard of what is sent: addresses, name services that lie, redirects."""

from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from registry.errors import AddressRefused, NotDelivered
from registry.partners import sending
from tests.api.dci.receiver import receiving

LOOPBACK = (ip_network("127.0.0.0/8"),)


def answering(*numbers: str) -> sending.Resolve:
    def resolve(host: str, port: int) -> Sequence[str]:
        assert host
        assert port
        return numbers

    return resolve


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.1", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::"],
)  # fmt: skip
def test_host_that_leads_inside_is_refused(number: str) -> None:
    with pytest.raises(AddressRefused):
        sending.send("https://partner.example.org/", b"{}", resolving=answering(number))


def test_one_inner_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        sending.send(
            "https://partner.example.org/", b"{}", resolving=answering("8.8.8.8", "10.0.0.1")
        )


@pytest.mark.parametrize(
    "address",
    ["http://partner.example.org/", "https://localhost/", "https://127.0.0.1/", "file:///etc/x",
     "https://u@partner.example.org/", "//partner.example.org/", "https:///x", "https://[::1]/"],
)  # fmt: skip
def test_address_that_is_refused_without_asking_for_its_host(address: str) -> None:
    with pytest.raises(AddressRefused):
        sending.judge(address)


def test_connection_goes_to_the_address_that_was_judged() -> None:
    """The name is asked for once; what it would say a second time is never heard."""
    with receiving() as receiver:
        port = receiver.url.rsplit(":", 1)[1]
        address = f"http://partner.example.org:{port}/here"
        sending.send(address, b'{"a": 1}', LOOPBACK, resolving=answering("127.0.0.1"))
        assert receiver.got == [("/here", {"a": 1})]


def test_redirect_is_not_followed() -> None:
    with receiving() as receiver:
        receiver.answers = [302]
        with pytest.raises(NotDelivered):
            sending.send(f"{receiver.url}/here", b"{}", LOOPBACK)
        assert len(receiver.got) == 1


def test_nobody_there() -> None:
    with pytest.raises(NotDelivered):
        sending.send("http://127.0.0.1:9/", b"{}", LOOPBACK)
    with pytest.raises(NotDelivered):
        sending.send("https://nowhere.invalid/", b"{}")
