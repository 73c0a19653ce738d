"""Sending a message to a partner's address, and to no address that a partner may not name.

Nobody may make the registry call its own network: an address must be `https`, and every network
address its host has must be public, unless the installation names the network. The connection goes
to the network address that was judged, so that a second answer of the name service changes nothing.
Redirects are not followed.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpx

from registry.errors import AddressRefused, NotDelivered

TIMEOUT_SECONDS = 10.0
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
_TRANSLATED = ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """The network addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def judge(address: str, networks: Sequence[Network] = ()) -> httpx.URL:
    """An address as far as it can be judged without asking for its host.

    Raises:
        AddressRefused: it is no web address, or names the registry's own surroundings.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused("The address is no URL.") from None
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
        raise AddressRefused("The address is no http or https URL with a host and without a user.")
    if url.host.lower().rstrip(".") == "localhost" and not networks:
        raise AddressRefused
    if _is_number(url.host):
        _judge_number(url, url.host, networks)
    elif url.scheme == "http" and not networks:
        raise AddressRefused("People's data is sent by https only.")
    return url


def send(
    address: str, body: bytes, networks: Sequence[Network] = (), *, resolving: Resolve = resolve
) -> None:
    """Send JSON to an address, at a network address that was judged.

    Raises:
        NotDelivered: nobody took it; AddressRefused: it may not be sent there.
    """
    url = judge(address, networks)
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    try:
        numbers = resolving(url.host, port)
    except (OSError, UnicodeError):
        raise NotDelivered("The host of the address is not known.") from None
    for number in numbers:
        _judge_number(url, number, networks)
    if not numbers:
        raise NotDelivered("The host of the address is not known.")
    _post(url, numbers[0], body)


def _post(url: httpx.URL, number: str, body: bytes) -> None:
    headers = {"Host": url.netloc.decode("ascii"), "Content-Type": "application/json"}
    extensions: dict[str, Any] = {"sni_hostname": url.host} if url.scheme == "https" else {}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client,
            client.stream(
                "POST", url.copy_with(host=number), content=body, headers=headers,
                extensions=extensions, follow_redirects=False,
            ) as answer,
        ):  # fmt: skip
            status = answer.status_code
    except (httpx.HTTPError, OSError) as error:
        raise NotDelivered(f"Nobody answered: {type(error).__name__}.") from error
    if not httpx.codes.is_success(status):
        raise NotDelivered(f"It was answered with {status}.")


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _judge_number(url: httpx.URL, number: str, networks: Sequence[Network]) -> None:
    """Let a network address pass that is public, or of a network that the installation names.

    Raises:
        AddressRefused: it is neither.
    """
    found = ip_address(number.strip("[]").split("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in network for network in networks):
        return
    hides_another = isinstance(found, IPv6Address) and (
        found.sixtofour is not None or found.teredo is not None or found in _TRANSLATED
    )
    if not found.is_global or found.is_multicast or hides_another:
        raise AddressRefused
    if url.scheme != "https":
        raise AddressRefused("People's data is sent by https only.")
