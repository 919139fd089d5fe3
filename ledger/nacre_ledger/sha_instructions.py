"""Tree nodes by the SHA-256 instructions of the processor, compiled while the program runs.

`hashlib` takes longer to begin and end a hash than to work through the 65 bytes of a node. Here one call goes over
all pairs of a level. It needs llvmlite (the extra `fast`) and an x86 processor with SHA extensions; without them
`nacre_ledger.merkle` does the same work with `hashlib`.

The rounds are those of FIPS 180-4 §6.2.2, four at a time as the instructions take them: a state is the two
vectors `f e b a` and `h g d c`.
"""

import ctypes
import functools
from collections.abc import Callable
from typing import Any

#: Bytes of a hash, and of the pair that a node is made of.
_HASH, _PAIR = 32, 64
_PRIMES = [n for n in range(2, 312) if all(n % each for each in range(2, n))]


def _fraction(number: int, root: int) -> int:
    """The first 32 bits of the fractional part of a square or cube root (FIPS 180-4 §4.2.2, §5.3.3)."""
    scaled = number << 32 * root
    low, high = 0, 1 << 64
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**root <= scaled else (low, middle)
    return low & 0xFFFFFFFF


_CONSTANTS = [_fraction(prime, 3) for prime in _PRIMES]
_INITIAL = [_fraction(prime, 2) for prime in _PRIMES[:8]]

_HEAD = """
declare <4 x i32> @llvm.x86.sha256rnds2(<4 x i32>, <4 x i32>, <4 x i32>)
declare <4 x i32> @llvm.x86.sha256msg1(<4 x i32>, <4 x i32>)
declare <4 x i32> @llvm.x86.sha256msg2(<4 x i32>, <4 x i32>)
declare <16 x i32> @llvm.bswap.v16i32(<16 x i32>)
declare <8 x i32> @llvm.bswap.v8i32(<8 x i32>)
"""
_V4, _V8, _V16 = ("<4 x i32>", "<8 x i32>", "<16 x i32>")


class _Writer:
    """Writes LLVM instructions in static single assignment."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def let(self, instruction: str) -> str:
        """A new name for the result of an instruction."""
        name = f"%v{len(self.lines)}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def call(self, name: str, type_: str, *values: str) -> str:
        """The result of a function whose arguments and result are of one type."""
        arguments = ", ".join(f"{type_} {each}" for each in values)
        return self.let(f"call {type_} @llvm.{name}({arguments})")

    def shuffled(self, type_: str, first: str, second: str, lanes: list[int]) -> str:
        """Some lanes of two vectors, counted over both."""
        mask = ", ".join(f"i32 {each}" for each in lanes)
        return self.let(
            f"shufflevector {type_} {first}, {type_} {second}, <{len(lanes)} x i32> <{mask}>"
        )

    def compressed(self, state: tuple[str, str], words: list[str]) -> tuple[str, str]:
        """The state after a block of sixteen words, which are four vectors."""
        first, second = state
        for group in range(16):
            if group >= 4:
                begun = self.call("x86.sha256msg1", _V4, words[group - 4], words[group - 3])
                middle = self.shuffled(_V4, words[group - 2], words[group - 1], [1, 2, 3, 4])
                summed = self.let(f"add {_V4} {begun}, {middle}")
                words.append(self.call("x86.sha256msg2", _V4, summed, words[group - 1]))
            constants = _vector(_CONSTANTS[4 * group : 4 * group + 4])
            low = self.let(f"add {_V4} {words[group]}, {constants}")
            second = self.call("x86.sha256rnds2", _V4, second, first, low)
            high = self.shuffled(_V4, low, low, [2, 3, 0, 1])
            first = self.call("x86.sha256rnds2", _V4, first, second, high)
        return (
            self.let(f"add {_V4} {first}, {state[0]}"),
            self.let(f"add {_V4} {second}, {state[1]}"),
        )


def _vector(values: list[int]) -> str:
    return "<" + ", ".join(f"i32 {each}" for each in values) + ">"


def _program() -> str:
    """A function over pairs of hashes: `parents(in, out, count)`."""
    a, b, c, d, e, f, g, h = _INITIAL
    write = _Writer()
    # The message is the byte 01 and the pair, so every word takes a byte from the one before.
    pair = write.call("bswap.v16i32", _V16, write.let(f"load {_V16}, ptr %in.here, align 1"))
    before = write.shuffled(_V16, pair, _vector([1] + [0] * 15), [16, *range(15)])
    high = write.let(f"shl {_V16} {before}, {_vector([24] * 16)}")
    low = write.let(f"lshr {_V16} {pair}, {_vector([8] * 16)}")
    words = write.let(f"or {_V16} {high}, {low}")
    block = [write.shuffled(_V16, words, words, [*range(at, at + 4)]) for at in (0, 4, 8, 12)]
    state = write.compressed((_vector([f, e, b, a]), _vector([h, g, d, c])), block)
    # The second block: the last byte, the end mark, and the length of 65 bytes in bits.
    last = write.let(f"extractelement {_V16} {pair}, i32 15")
    marked = write.let(f"or i32 {write.let(f'shl i32 {last}, 24')}, {0x800000}")
    first = write.let(f"insertelement {_V4} zeroinitializer, i32 {marked}, i32 0")
    length = _vector([0, 0, 0, 65 * 8])
    state = write.compressed(state, [first, "zeroinitializer", "zeroinitializer", length])
    digest = write.shuffled(_V4, *state, [3, 2, 7, 6, 1, 0, 5, 4])
    swapped = write.call("bswap.v8i32", _V8, digest)
    write.lines.append(f"  store {_V8} {swapped}, ptr %out.here, align 1")
    body = "\n".join(write.lines)
    return f"""{_HEAD}
define void @parents(ptr %in, ptr %out, i64 %count) {{
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %in.at = mul i64 %at, {_PAIR}
  %out.at = mul i64 %at, {_HASH}
  %in.here = getelementptr i8, ptr %in, i64 %in.at
  %out.here = getelementptr i8, ptr %out, i64 %out.at
{body}
  %next = add i64 %at, 1
  %done = icmp eq i64 %next, %count
  br i1 %done, label %end, label %loop
end:
  ret void
}}
"""


@functools.cache
def compiled() -> Callable[[bytes | memoryview], bytearray] | None:
    """`nacre_ledger.merkle.parents` in machine code; `None` where that is not to be had."""
    try:
        import llvmlite.binding as llvm
    except ImportError:
        return None
    if not dict(llvm.get_host_cpu_features()).get("sha"):
        return None
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(opt=2, features="+sha,+sse4.1", cpu="")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(_program()), machine)
    engine.finalize_object()
    return _MachineCode(engine)


class _MachineCode:
    """The function over pairs, which lives as long as the engine that made it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        signature = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
        self.function = signature(engine.get_function_address("parents"))

    def __call__(self, hashes: bytes | memoryview) -> bytearray:
        count = len(hashes) // _PAIR
        made = bytearray(count * _HASH)
        if count:
            source = hashes if isinstance(hashes, bytes) else _address(hashes)
            self.function(source, _address(made), count)
        return made


def _address(writable: bytearray | memoryview) -> Any:
    """A buffer as C sees it; as long as that lives, the buffer keeps its size."""
    return (ctypes.c_char * len(writable)).from_buffer(writable)
