"""What can be wrong with a ledger, its proofs and the packages that carry them: the codes `LED-…`.

Broken evidence ends with exit code 4, a breached policy with 1, and where identity or a chain could
not be checked, 3.
"""

from nacre_aas.constraints.registry import declare
from nacre_aas.findings import Severity

_LOG = "RFC 9162 §2.1; docs/trust.md"
_CHECKPOINT = "C2SP tlog-checkpoint"
_POLICY = "the policy in ledger.toml"

ENTRY_CHANGED = declare(
    "LED-001",
    "entry that is not what was recorded",
    "Salt and body of the entry do not give the leaf that the log has at this place: one of them was "
    "changed after it had been recorded.",
    "keep the store as it is; compare it with a copy by `nacre ledger query compare`",
    _LOG,
)
TREE_CHANGED = declare(
    "LED-002",
    "tree that does not fit its leaves",
    "A stored node of the tree is not the hash of what is below it.",
    "keep the store as it is; compare it with a copy by `nacre ledger query compare`",
    _LOG,
)
BATCH_SIGNATURE = declare(
    "LED-003",
    "batch that its writer did not sign",
    "The writer's signature does not fit the entries of the batch: they were changed, added, left out "
    "or put into another order, or the signature was.",
    "ask the writer for the events; they are the same in every honest copy",
    "docs/trust.md, batches",
)
NO_CONTINUATION = declare(
    "LED-004",
    "log that is not a continuation of the one that was seen",
    "A checkpoint that was signed or seen before names a root that the log does not have at that size. "
    "The log was rewritten or forked.",
    "this is evidence against the operator of the log; keep both files",
    "RFC 9162 §2.1.4",
)
CHECKPOINT_SIGNATURE = declare(
    "LED-005",
    "checkpoint without the signature of its log",
    "The key of the log did not sign this checkpoint.",
    "get the checkpoint from the log itself, and the key from somebody whom you trust",
    _CHECKPOINT,
)
ENTRY_MISSING = declare(
    "LED-006",
    "entry that is missing",
    "The log counts an entry that is not there, and it was not erased by an erasure.",
    "restore the store from a copy",
    _LOG,
)
INDEX_CHANGED = declare(
    "LED-007",
    "index that does not fit the entry",
    "The columns by which entries are found say something else than the entry: a question by asset or "
    "time would miss it.",
    "restore the store from a copy",
    "ledger/README.md, the store",
)
TOO_FEW_WITNESSES = declare(
    "LED-008",
    "checkpoint with too few witnesses",
    "The trust file asks for cosignatures of witnesses, and the checkpoint has fewer.",
    "`nacre ledger witness ask URL` asks a witness; an older checkpoint may have enough",
    "C2SP tlog-cosignature; trust.toml",
)
ANCHOR_DIFFERS = declare(
    "LED-009",
    "anchor that is not of this log",
    "The chain holds another root for this log and size than the log has.",
    "the log was rewritten, or its contract was used by a second copy; keep both",
    "docs/trust.md, the chain",
)
PROOF = declare(
    "LED-010",
    "proof that does not hold",
    "The path does not lead from the event to the root that the checkpoint names.",
    "ask for a new proof from the log",
    _LOG,
)
WRITER = declare(
    "LED-011",
    "writer without the right",
    "The trust file does not know the writer's key, or not for this time, agent or activity.",
    "if the key is right, add it to the trust file; if not, ask who used it",
    "trust.toml",
)
ATTACHMENT = declare(
    "LED-012",
    "file that is not the one that was recorded",
    "The file has another SHA-256 than the event says.",
    "get the file again from where it was made",
    "ledger/README.md, attachments",
)
PACKAGE = declare(
    "LED-013",
    "package that is not the one that was recorded",
    "The package has another digest than the last event about its twin says: it was edited since, or is "
    "another version.",
    "`nacre ledger record --update FILE` records a new version; `nacre diff` shows what differs",
    "docs/digest.md",
)
IDENTITY = declare(
    "LED-014",
    "identity not established",
    "Without a trust file hashes and signatures are checked against themselves only: somebody signed, "
    "nobody knows who.",
    "write a trust file (`nacre ledger keys trust` shows one) with keys that you got from their owners, "
    "or say `--trust none`",
    "docs/trust.md",
    severity=Severity.WARNING,
)
DISCLOSURE = declare(
    "LED-015",
    "disclosed value that does not belong to the event",
    "The path does not lead from the field or element to what the event commits to.",
    "ask for a new proof from the log",
    "docs/trust.md, disclosure; docs/digest.md",
)
CHAIN_CHANGED = declare(
    "LED-016",
    "chain that does not hang together",
    "A block of the local chain does not name the hash of the one before it, or its state is not there.",
    "restore chain.sqlite from a copy, or anchor to a new chain",
    "docs/trust.md, the chain",
)
CLOCK = declare(
    "LED-017",
    "clock that was set back",
    "An entry says that it was recorded at an earlier time, or after an older checkpoint, than one that "
    "stands before it in the log. A log does not write that: it never goes back behind its last entry.",
    "this is evidence against who wrote the entry; the order in the log is the one that is proved",
    "docs/trust.md, time",
)
NOT_ANCHORED = declare(
    "LED-018",
    "anchor that is not on the chain",
    "The store says that a checkpoint is anchored, and the chain does not have it.",
    "`nacre ledger anchor` sends it again",
    "docs/trust.md, the chain",
)
OVERDUE = declare(
    "LED-020",
    "overdue",
    "The policy of the ledger gives a longest time between two events of an activity, and it is over.",
    "do what is due, and record it",
    _POLICY,
)
NOT_ATTESTED = declare(
    "LED-021",
    "no attestation",
    "The policy asks for a quality-check by another agent that names the event in `attests`.",
    "`nacre ledger record --activity quality-check --attests EVENT` records one",
    _POLICY,
)
CUSTODY_GAP = declare(
    "LED-022",
    "custody without hand-over",
    "Somebody hands the asset over who was not its holder.",
    "record the hand-over that is missing, or a correction",
    "docs/trust.md, custody",
    severity=Severity.WARNING,
)
EARLIER_TIME = declare(
    "LED-023",
    "event that was recorded late or out of order",
    "The time that the recorder gives lies long before the recording, or before an event that was "
    "recorded earlier, or after the recording.",
    "ask the recorder; the order in the log is the one that is proved",
    "docs/trust.md, time",
    severity=Severity.NOTE,
)
AFTER_THE_END = declare(
    "LED-024",
    "event after the end of life",
    "The asset was decommissioned or recycled before.",
    "record a reuse or refurbishment if it lives again, or a correction",
    "ledger/README.md, activities",
    severity=Severity.WARNING,
)
UNFINISHED = declare(
    "LED-025",
    "erasure that was not finished",
    "An erasure names the entry, and its body is still there: something got in between.",
    "`nacre ledger erase ENTRY` again finishes it",
    "docs/adr/0005-ledger.md",
)
NOT_COVERED = declare(
    "LED-026",
    "package whose content nobody speaks about",
    "The events in the evidence are proved, but none of them says what the package holds: it could have "
    "been edited.",
    "`nacre ledger record --update FILE` records the content of a package, then embed again",
    "docs/digest.md",
    severity=Severity.WARNING,
)
TWO_READINGS = declare(
    "LED-027",
    "entry that can be read in two ways",
    "The signed bytes are not the canonical ones of the event, or the fields under its field root are not "
    "those of the event, or its id is that of an earlier one: a proof of it could say something else "
    "than the log.",
    "this is evidence against the writer of the entry; keep the store as it is",
    "docs/trust.md, disclosure; RFC 8785",
)
RIGHT_OPEN = declare(
    "LED-028",
    "right of a key not established",
    "The trust file restricts the key to times, agents or activities, and the evidence does not show them.",
    "ask for evidence that shows `recorded`, `agent` and `activity` as well",
    "trust.toml; docs/trust.md, disclosure",
    severity=Severity.WARNING,
)
HAND_OVER = declare(
    "LED-029",
    "hand-over against the policy",
    "The policy of the ledger asks for a chain of custody without gaps, and here is one.",
    "record the hand-over that is missing, or a correction",
    _POLICY,
)
CHECKPOINT_GONE = declare(
    "LED-033",
    "checkpoint that is gone",
    "An entry names a checkpoint that was known when it was recorded, and the store does not have it any more. "
    "Without it nobody sees which entries were backdated.",
    "put the store back from a copy that has it; `nacre ledger fsck --chain` says what was anchored",
    "ledger/README.md, `previous`",
)
TWO_PLACES = declare(
    "LED-034",
    "parts that cannot all be where they are said to be",
    "Two parts are in one place of an asset, or one part is in two assets: something was taken out and nobody "
    "recorded it, or a number was mistyped.",
    "record the removal that is missing, or a correction",
    "ledger/README.md, `installed` and `removed`",
    severity=Severity.WARNING,
)
TWIN_GAP = declare(
    "LED-035",
    "twin that does not go on from its last version",
    "An event compares the twin with another version than the one before it. What changed between those two "
    "nobody said.",
    "`nacre diff` shows it where both files are held; `record --activity correction --corrects EVENT --update "
    "FILE` says it in the log",
    "ledger/README.md, `twin`",
    severity=Severity.WARNING,
)
NO_STORE = declare(
    "LED-030",
    "no ledger, store or key",
    "The folder, database or key is missing, locked, full or cannot be read.",
    "`nacre ledger init` makes a ledger, `nacre ledger keys` lists the keys",
    "raised where there is no verdict",
)
NO_CHAIN = declare(
    "LED-031",
    "no answer from chain or witness",
    "The chain or the witness cannot be reached, or refuses.",
    "check the URL and try again; what was recorded is safe",
    "raised where there is no verdict",
)
NO_EVENT = declare(
    "LED-032",
    "text that is no event, checkpoint or proof",
    "The text cannot be read as what it should be.",
    "ledger/README.md and docs/event.schema.json say how it is written",
    "raised where there is no verdict",
)

#: Breaches that mean that evidence is broken: exit code 4.
EVIDENCE = frozenset(
    (
        ENTRY_CHANGED,
        TREE_CHANGED,
        BATCH_SIGNATURE,
        NO_CONTINUATION,
        CHECKPOINT_SIGNATURE,
        CHECKPOINT_GONE,
        ENTRY_MISSING,
        INDEX_CHANGED,
        ANCHOR_DIFFERS,
        PROOF,
        WRITER,
        ATTACHMENT,
        PACKAGE,
        DISCLOSURE,
        CHAIN_CHANGED,
        CLOCK,
        TWO_READINGS,
    )
)
#: Where something could not be established: exit code 3.
OPEN = frozenset((IDENTITY, TOO_FEW_WITNESSES, NOT_ANCHORED, NOT_COVERED, RIGHT_OPEN))
