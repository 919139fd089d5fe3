# pragma version 0.4.3
# pragma evm-version paris
"""
@title Checkpoints of append-only logs
@license Apache-2.0
@notice
    Keeps the latest head (size and root) of each RFC 9162 log and accepts a new one only with a
    consistency proof that it verifies itself: a log can grow and nothing else. Earlier heads stand in
    the events. A log belongs to the account that opened it: its id is the hash of its origin and that
    account, so that nobody can take a name away. Writers anchor; attestors are a quality role whose
    signature a log may demand for every head.
"""

event Opened:
    log_id: indexed(bytes32)
    admin: indexed(address)
    origin: bytes32


event Anchored:
    log_id: indexed(bytes32)
    sequence: indexed(uint256)
    size: uint256
    root: bytes32


event RoleSet:
    log_id: indexed(bytes32)
    account: indexed(address)
    role: uint256
    allowed: bool


event AdminSet:
    log_id: indexed(bytes32)
    admin: indexed(address)


WRITER: constant(uint256) = 1
ATTESTOR: constant(uint256) = 2
ATTESTED: constant(uint256) = 1 << 128
LOW: constant(uint256) = (1 << 64) - 1

admins: public(HashMap[bytes32, address])
# Per log and account: which roles it has, as bits.
roles: public(HashMap[bytes32, HashMap[address, uint256]])
# Per log: size | sequence << 64 | ATTESTED if attestations are demanded.
heads: HashMap[bytes32, uint256]
roots: HashMap[bytes32, bytes32]


@external
@view
def id_of(origin: bytes32, admin: address) -> bytes32:
    """
    @notice The id of the log that an account opens under an origin (SHA-256 of its name).
    """
    return self._id(origin, admin)


@external
@view
def head(log_id: bytes32) -> (uint256, uint256, bytes32, bool):
    """
    @notice Sequence number, size and root of the latest head, and whether attestations are demanded.
    """
    packed: uint256 = self.heads[log_id]
    return (packed >> 64) & LOW, packed & LOW, self.roots[log_id], packed & ATTESTED != 0


@external
@view
def digest_to_attest(log_id: bytes32, size: uint256, root: bytes32) -> bytes32:
    """
    @notice What an attestor signs (EIP-191) for a head.
    """
    return self._digest(log_id, size, root)


@external
def open(origin: bytes32) -> bytes32:
    """
    @notice Open a log; the caller becomes its admin and a writer.
    """
    log_id: bytes32 = self._id(origin, msg.sender)
    assert self.admins[log_id] == empty(address), "taken"
    self.admins[log_id] = msg.sender
    self.roles[log_id][msg.sender] = WRITER
    log Opened(log_id=log_id, admin=msg.sender, origin=origin)
    log RoleSet(log_id=log_id, account=msg.sender, role=WRITER, allowed=True)
    return log_id


@external
def set_role(log_id: bytes32, account: address, role: uint256, allowed: bool):
    """
    @notice Give a role to an account or take it away: this is how keys are rotated.
    """
    assert msg.sender == self.admins[log_id], "not-admin"
    assert role == WRITER or role == ATTESTOR, "role"
    if allowed:
        self.roles[log_id][account] |= role
    else:
        self.roles[log_id][account] &= ~role
    log RoleSet(log_id=log_id, account=account, role=role, allowed=allowed)


@external
def set_admin(log_id: bytes32, admin: address):
    """
    @notice Hand the log over to another admin.
    """
    assert msg.sender == self.admins[log_id], "not-admin"
    assert admin != empty(address), "no-admin"
    self.admins[log_id] = admin
    log AdminSet(log_id=log_id, admin=admin)


@external
def demand_attestation(log_id: bytes32, demanded: bool):
    """
    @notice Accept heads only with the signature of an attestor, or without again.
    """
    assert msg.sender == self.admins[log_id], "not-admin"
    if demanded:
        self.heads[log_id] |= ATTESTED
    else:
        self.heads[log_id] &= ~ATTESTED


@external
def anchor(
    log_id: bytes32,
    sequence: uint256,
    size: uint256,
    root: bytes32,
    proof: DynArray[bytes32, 64],
    attestation: Bytes[65],
):
    """
    @notice Accept the next head of a log.
    @param sequence One more than that of the latest head. The same head again changes nothing.
    @param proof Consistency with the latest head (RFC 9162, 2.1.4.2); empty for the first one.
    @param attestation r, s and v of an attestor, where the log demands it.
    """
    assert self.roles[log_id][msg.sender] & WRITER != 0, "not-writer"
    packed: uint256 = self.heads[log_id]
    old_size: uint256 = packed & LOW
    old_sequence: uint256 = (packed >> 64) & LOW
    old_root: bytes32 = self.roots[log_id]
    if sequence == old_sequence:
        assert size == old_size and root == old_root, "equivocation"
        return
    assert sequence > old_sequence, "fork"
    assert sequence == old_sequence + 1, "gap"
    assert size > old_size and size <= LOW, "no-growth"
    assert self._grows(old_size, old_root, size, root, proof), "inconsistent"
    if packed & ATTESTED != 0:
        assert self._attested(log_id, size, root, attestation), "not-attested"
    self.heads[log_id] = (packed & ATTESTED) | (sequence << 64) | size
    self.roots[log_id] = root
    log Anchored(log_id=log_id, sequence=sequence, size=size, root=root)


@external
@view
def grows(
    old_size: uint256, old_root: bytes32, size: uint256, root: bytes32, proof: DynArray[bytes32, 64]
) -> bool:
    """
    @notice Whether a tree begins with the leaves of an older one.
    """
    return self._grows(old_size, old_root, size, root, proof)


@external
@view
def includes(
    leaf: bytes32, index: uint256, size: uint256, root: bytes32, path: DynArray[bytes32, 64]
) -> bool:
    """
    @notice Whether a leaf hash stands at a place of a tree (RFC 9162, 2.1.3.2).
    """
    if index >= size:
        return False
    at: uint256 = index
    last: uint256 = size - 1
    found: bytes32 = leaf
    for each: bytes32 in path:
        if last == 0:
            return False
        if at & 1 == 1 or at == last:
            found = sha256(concat(b"\x01", each, found))
            for _: uint256 in range(64):
                if at & 1 == 1 or at == 0:
                    break
                at >>= 1
                last >>= 1
        else:
            found = sha256(concat(b"\x01", found, each))
        at >>= 1
        last >>= 1
    return last == 0 and found == root


@internal
@pure
def _id(origin: bytes32, admin: address) -> bytes32:
    return sha256(concat(origin, convert(admin, bytes32)))


@internal
@view
def _digest(log_id: bytes32, size: uint256, root: bytes32) -> bytes32:
    return keccak256(abi_encode(chain.id, self, log_id, size, root))


@internal
@view
def _attested(log_id: bytes32, size: uint256, root: bytes32, attestation: Bytes[65]) -> bool:
    if len(attestation) != 65:
        return False
    digest: bytes32 = keccak256(
        concat(b"\x19Ethereum Signed Message:\n32", self._digest(log_id, size, root))
    )
    r: uint256 = convert(slice(attestation, 0, 32), uint256)
    s: uint256 = convert(slice(attestation, 32, 32), uint256)
    v: uint256 = convert(slice(attestation, 64, 1), uint256)
    account: address = ecrecover(digest, v, r, s)
    return account != empty(address) and self.roles[log_id][account] & ATTESTOR != 0


@internal
@pure
def _grows(
    old_size: uint256, old_root: bytes32, size: uint256, root: bytes32, proof: DynArray[bytes32, 64]
) -> bool:
    if old_size == 0:
        return len(proof) == 0
    if old_size == size:
        return len(proof) == 0 and old_root == root
    if old_size > size:
        return False
    at: uint256 = old_size - 1
    last: uint256 = size - 1
    for _: uint256 in range(64):
        if at & 1 == 0:
            break
        at >>= 1
        last >>= 1
    before: bytes32 = old_root
    after: bytes32 = old_root
    begun: bool = at == 0  # the older tree is complete, so its root starts the proof
    for each: bytes32 in proof:
        if not begun:
            begun = True
            before = each
            after = each
            continue
        if last == 0:
            return False
        if at & 1 == 1 or at == last:
            before = sha256(concat(b"\x01", each, before))
            after = sha256(concat(b"\x01", each, after))
            for _: uint256 in range(64):
                if at & 1 == 1 or at == 0:
                    break
                at >>= 1
                last >>= 1
        else:
            after = sha256(concat(b"\x01", after, each))
        at >>= 1
        last >>= 1
    return begun and last == 0 and before == old_root and after == root
