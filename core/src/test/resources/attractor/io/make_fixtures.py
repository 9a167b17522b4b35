"""Writes the .npy and .npz files beside this script, and numbers.txt, with NumPy and Python's own repr.

    pip install numpy && python make_fixtures.py

Element i (in C order) of a numeric array is given by the formulas below; the tests repeat them.
"""

import io
import os
import struct
import zipfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


def double(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


def linear(dtype, *shape):
    """0, 1, 2, ... in C order."""
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


# Every bit counts: both zeros, subnormals, infinities, quiet and signalling NaNs with payloads.
BITS = [
    0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x800FFFFFFFFFFFFF, 0x7FEFFFFFFFFFFFFF,
    0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0xFFF8DEADBEEF1234, 0x7FF4000000000001,
    0x3FF0000000000001, 0xBFB999999999999A,
]  # fmt: skip
np.save(path("bits.npy"), np.array(BITS, dtype="<u8").view("<f8").reshape(3, 4))
np.save(path("bits-big-endian.npy"), np.array(BITS, dtype=">u8").view(">f8").reshape(3, 4))

arrays = {}
for dtype in ["<f8", ">f8", "<f4", ">f4", "<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "|i1", "<u8", "<u4", "<u2", "|u1"]:
    x = linear(dtype, 2, 3)
    x -= x.dtype.type(2) if x.dtype.kind in "if" else x.dtype.type(0)  # -2 to 3, or 0 to 5
    if x.dtype.kind == "f":
        x /= 4
    elif x.dtype.kind == "u" and x.dtype.itemsize < 8:
        x[1, 2] = np.iinfo(x.dtype).max
    else:
        x[1, 2] = np.iinfo(x.dtype).max if x.dtype.kind == "i" else 2**63 - 1
    arrays[dtype] = x
arrays["bool"] = np.array([True, False, True])
arrays["scalar"] = np.float64(0.1)
arrays["integer"] = np.int64(-7)
arrays["empty"] = np.zeros((0, 5))
arrays["fortran"] = np.asfortranarray(linear("<f8", 2, 3, 4))
arrays["fortran int"] = np.asfortranarray(linear(">i4", 4, 3))
arrays["fortran text"] = np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]]))
arrays["text"] = np.array('{"task": "and", "µ": "😀"}')
arrays["texts"] = np.array(["00", "01", "", "xor\u00e9"])
arrays["texts big-endian"] = np.array(["pulse", "😀"]).astype(">U5")
arrays["bytes"] = np.array([b"ab", "é".encode(), b""])
arrays["no text"] = np.array([], dtype="<U3")
np.savez(path("stored.npz"), **arrays)
some = {name: arrays[name] for name in ["<f4", "bool", "fortran", "text"]}
np.savez_compressed(path("deflated.npz"), zeros=np.zeros(20000), **some)

# Header versions, of which NumPy only chooses 2 and 3 for large or non-Latin headers.
for version in [(2, 0), (3, 0)]:
    with open(path(f"version{version[0]}.npy"), "wb") as f:
        np.lib.format.write_array(f, linear("<f8", 5), version=version)


class Pipe(io.RawIOBase):
    """A stream that cannot seek, so that the sizes come after the data of an entry."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(path("piped.npz"), "wb") as f, zipfile.ZipFile(Pipe(f), "w") as z:
    with z.open("x.npy", "w", force_zip64=True) as entry:
        np.lib.format.write_array(entry, linear("<f8", 5))

# The text of numbers: what is remarkable, then what only one in many rounding rules gets right.
numbers = [0x0, 0x8000000000000000, 0x1, 0x2, 0xFFFFFFFFFFFFF, 0x10000000000000, 0x7FEFFFFFFFFFFFFF]
values = [0.1, 0.2, 0.3, 0.1 + 0.2, 1 / 3, 2 / 3, 1.0, -1.0, 3.0, 10.0, 100.0, 123456789.0, 1e15, 1e16, 1e17, 1e21, 1e22]
values += [1e23, 9007199254740993.0, 9999999999999998.0, 12345678901234567.0, 1e-3, 1e-4, 1e-5, 9.999e-5, 0.00012345, 2e-3]
values += [2e23, 2.2250738585072011e-308, 1.5e300, 5e-4, 0.05, 200.0, 15000.0, 1e-8, 0.999, 3.141592653589793, 2.0**53, 2.0**-44]
values += [2.0**e for e in (-1022, -1000, -500, -100, -30, -10, -1, 10, 62, 63, 64, 100, 500, 1000, 1023)]
numbers += [struct.unpack(">Q", struct.pack(">d", v))[0] for v in values]
with open(path("numbers.txt"), "w") as f:
    for bits in numbers:
        f.write(f"{bits:016x} {double(bits)!r}\n")


def splitmix(state):
    mask = 2**64 - 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


if __name__ == "__main__":
    import hashlib

    print("numpy", np.__version__)
    powers = "".join(repr(2.0**e) + "\n" for e in range(-1074, 1024))
    print("sha256 of the text of every power of two:", hashlib.sha256(powers.encode()).hexdigest())
    words = splitmix(1)
    wild = (double(next(words)) for _ in range(20000))
    wild = "".join(repr(x) + "\n" for x in wild if np.isfinite(x))
    print("sha256 of the text of 20,000 doubles of random bits:", hashlib.sha256(wild.encode()).hexdigest())
    weights = "".join(repr((next(words) >> 11) * 2.0**-53) + "\n" for _ in range(20000))
    print("sha256 of the text of 20,000 doubles in [0, 1):", hashlib.sha256(weights.encode()).hexdigest())
