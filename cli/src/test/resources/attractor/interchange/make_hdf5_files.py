"""Writes hdf5-files.zip beside this script: networks in the layout of Keras 3's weights, whose recurrent kernel h5py stores in
every way that it knows, and files that no library would write. In read/ are those that are to be read, in refused/ the others.

    pip install h5py && python make_hdf5_files.py

Element i (in C order) of an array is (i + 1) / d, as in make_keras_files.py; d = 64 for kernel, -128 for recurrent_kernel,
32 for the bias; 16 for kernel and -8 for bias of the dense layer.
"""

import os
import struct
import tempfile
import zipfile
import zlib

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.TemporaryDirectory()
FILES = {}


def linear(divisor, *shape):
    return (np.arange(np.prod(shape, dtype=int)).reshape(shape) + 1) / divisor


W_REC = linear(-128, 3, 3)


def network(name, recurrent=None, libver="earliest", vars_group=None, **options):
    """A file; recurrent(group, name) stores the recurrent kernel, otherwise create_dataset does with these options."""
    path = os.path.join(FOLDER.name, "file.h5")
    with h5py.File(path, "w", libver=libver) as f:
        cell = f.create_group("layers/simple_rnn/cell/vars") if vars_group is None else vars_group(f)
        cell.create_dataset("0", data=linear(64, 2, 3))
        if recurrent is None:
            cell.create_dataset("1", data=W_REC, **options)
        else:
            recurrent(cell, "1")
        cell.create_dataset("2", data=linear(32, 3))
        dense = f.create_group("layers/dense/vars")
        dense.create_dataset("0", data=linear(16, 3, 2))
        dense.create_dataset("1", data=linear(-8, 2))
    with open(path, "rb") as f:
        FILES[name] = f.read()


def patch(name, source, old, new, count=1):
    data = FILES[source]
    assert data.count(old) >= count, (name, data.count(old))
    FILES[name] = data.replace(old, new, count)


# ---- What is read

read = "read/"
network(read + "contiguous.h5")
for libver in ["earliest", "v110", "latest"]:
    def each(name, **options):
        bounds = ("v110", "v110") if libver == "v110" else libver
        network(read + f"{libver}-{name}.h5", libver=bounds, **options)

    each("chunks", chunks=(2, 2))
    each("one-chunk", chunks=(3, 3))
    each("deflate", chunks=(2, 2), compression="gzip")
    each("one-chunk-deflate", chunks=(3, 3), compression="gzip")
    each("all-filters", chunks=(2, 2), compression="gzip", shuffle=True, fletcher32=True)
    each("fletcher", chunks=(1, 3), fletcher32=True)
    each("shuffle", chunks=(3, 1), shuffle=True)
    each("fill-value", chunks=(2, 2), fillvalue=5.0)


def compact(group, name):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 3))
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F64LE, space, plist).write(
        h5py.h5s.ALL, h5py.h5s.ALL, W_REC
    )


network(read + "compact.h5", compact)
network(read + "big-endian.h5", lambda g, n: g.create_dataset(n, data=W_REC.astype(">f8")))
network(read + "float32.h5", lambda g, n: g.create_dataset(n, data=W_REC.astype("f4")))
network(read + "grows.h5", chunks=(2, 2), maxshape=(None, 3))


def early(group, name):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((2, 2))
    plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple((3, 3))
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F64LE, space, plist).write(
        h5py.h5s.ALL, h5py.h5s.ALL, W_REC
    )


network(read + "implicit-index.h5", early, libver="latest")


def masked(group, name):
    """Chunks that leave out some of the filters."""
    d = group.create_dataset(name, (3, 3), "f8", chunks=(1, 3), compression="gzip", shuffle=True)
    for row in range(3):
        raw = W_REC[row : row + 1].tobytes()
        shuffled = np.frombuffer(raw, "u1").reshape(-1, 8).T.tobytes()
        data, mask = [(raw, 3), (shuffled, 2), (zlib.compress(raw), 1)][row]
        d.id.write_direct_chunk((row, 0), data, filter_mask=mask)


network(read + "filter-mask.h5", masked)
network(read + "latest-filter-mask.h5", masked, libver="latest")


def missing(group, name):
    """All but the last value are written, and the last is the fill value."""
    d = group.create_dataset(name, (3, 3), "f8", chunks=(1, 1), fillvalue=-9 / 128)
    for k in range(8):
        d[k // 3, k % 3] = W_REC[k // 3, k % 3]


network(read + "missing-chunk.h5", missing)
network(read + "latest-missing-chunk.h5", missing, libver="latest")


def paged(group, name):
    """A fixed array of chunks in pages: more than 1024 chunks. Not the recurrent kernel, which follows."""
    group.create_dataset(name, data=W_REC)
    group.file.create_dataset("metrics/mean/vars/0", data=np.float32(3))
    group.file.create_dataset("optimizer/x", data=np.zeros((40, 40)), chunks=(1, 1))


network(read + "optimizer.h5", paged, libver="latest")


def many(links):
    def store(group, name):
        """More layers without weights, and attributes, than fit into a header."""
        group.create_dataset(name, data=W_REC)
        for k in range(links):
            group.file.create_group(f"layers/dropout_{k}/vars")
        for k in range(12):
            group.file.attrs[f"attribute_{k}"] = "x" * k
        group.file.attrs["activation"] = "tanh"

    return store


for links in [9, 40, 300]:
    network(read + f"latest-{links}-links.h5", many(links), libver="latest")
    network(read + f"earliest-{links}-links.h5", many(links))


def hard_link(group, name):
    group.create_dataset(name, data=W_REC)
    group.file["optimizer"] = group.file["/"]  # a way back to the root, in which nobody looks
    group.file["elsewhere"] = group[name]


network(read + "hard-links.h5", hard_link)


def twice(group, name):
    """Deflated two times over, to the array's own size."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((3, 3))
    plist.set_deflate(6)
    plist.set_deflate(6)
    space = h5py.h5s.create_simple((3, 3))
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F64LE, space, plist).write(
        h5py.h5s.ALL, h5py.h5s.ALL, W_REC
    )


network(read + "deflate-twice.h5", twice)

# ---- What is refused

refused = "refused/"


def bomb(group, name):
    twice(group, name)
    data = zlib.compress(zlib.compress(bytes(1 << 26)))
    group[name].id.write_direct_chunk((0, 0), data)


network(refused + "deflate-bomb.h5", bomb)
network(refused + "lzf.h5", chunks=(2, 2), compression="lzf")
network(refused + "scale-offset.h5", chunks=(2, 2), scaleoffset=4)
network(refused + "float16.h5", lambda g, n: g.create_dataset(n, data=W_REC.astype("f2")))
network(refused + "long-double.h5", lambda g, n: g.create_dataset(n, data=W_REC.astype("longdouble")))
network(refused + "complex.h5", lambda g, n: g.create_dataset(n, data=W_REC.astype("c16")))
network(refused + "integers.h5", lambda g, n: g.create_dataset(n, data=np.ones((3, 3), "i4")))
network(refused + "texts.h5", lambda g, n: g.create_dataset(n, data=np.full((3, 3), b"1.0")))


def custom(fields, bias, size):
    def store(group, name):
        t = h5py.h5t.IEEE_F32LE.copy()
        t.set_fields(*fields)
        t.set_ebias(bias)
        t.set_precision(8 * size)
        t.set_size(size)
        space = h5py.h5s.create_simple((3, 3))
        h5py.h5d.create(group.id, name.encode(), t, space)

    return store


network(refused + "bfloat16.h5", custom((15, 7, 8, 0, 7), 127, 2))
network(refused + "odd-bias.h5", custom((31, 23, 8, 0, 23), 100, 4))
network(refused + "odd-exponent.h5", custom((31, 22, 9, 0, 22), 255, 4))
network(refused + "never-written.h5", lambda g, n: g.create_dataset(n, (3, 3), "f8"))
network(refused + "no-chunk-written.h5", lambda g, n: g.create_dataset(n, (3, 3), "f8", chunks=(2, 2)))
network(refused + "latest-no-chunk-written.h5", lambda g, n: g.create_dataset(n, (3, 3), "f8", chunks=(2, 2)), libver="latest")
network(refused + "huge-unwritten.h5", lambda g, n: g.create_dataset(n, (1 << 30, 1 << 30), "f8", chunks=(1, 1024)))
network(refused + "huge-fill.h5", lambda g, n: g.create_dataset(n, (8000, 8000), "f8", chunks=(8, 8), fillvalue=1.0))
network(refused + "latest-grows.h5", chunks=(2, 2), maxshape=(None, 3), libver="latest")
network(refused + "latest-grows-both.h5", chunks=(2, 2), maxshape=(None, None), libver="latest")


def soft(group, name):
    group.file.create_dataset("elsewhere", data=W_REC)
    group[name] = h5py.SoftLink("/elsewhere")


network(refused + "soft-link.h5", soft)


def soft_loop(group, name):
    group[name] = h5py.SoftLink("/layers/simple_rnn/cell/vars/1")


network(refused + "soft-loop.h5", soft_loop)


def external(group, name):
    group[name] = h5py.ExternalLink("/etc/hostname", "/x")


network(refused + "external-link.h5", external)


def external_data(group, name):
    group.create_dataset(name, (3, 3), "f8", external=[("/etc/hostname", 0, 72)])


network(refused + "external-data.h5", external_data)


def loop(group, name):
    group.create_dataset(name, data=W_REC)
    group.file["layers/again"] = group.file["layers"]


network(refused + "group-loop.h5", loop)


def dag(group, name):
    """2^40 paths to one group."""
    group.create_dataset(name, data=W_REC)
    below = group.file.create_group("bottom")
    for level in range(40):
        above = group.file.create_group(f"level{level}")
        above["a"] = below
        above["b"] = below
        below = above
    group.file["layers/top"] = below


network(refused + "group-dag.h5", dag)


def deep(group, name):
    group.create_dataset(name, data=W_REC)
    group.file.create_group("layers/" + "/".join("g" * 100))


network(refused + "deep.h5", deep)


# A byte of a chunk is wrong, with its checksum.
def flipped(group, name):
    d = group.create_dataset(name, data=W_REC, chunks=(3, 3), fletcher32=True)
    group.file.flush()
    mask, raw = d.id.read_direct_chunk((0, 0))
    d.id.write_direct_chunk((0, 0), bytes([raw[0] ^ 1]) + raw[1:])


network(refused + "fletcher.h5", flipped)
network(refused + "latest-fletcher.h5", flipped, libver="latest")

# Trees whose nodes meet or go round: level 1, two children, both the node itself, or both one leaf.
source = FILES[read + "contiguous.h5"]
at = source.rindex(b"TREE\0\0")
leaf = bytearray(source[at : at + 544])
for name, child in [("tree-loop.h5", at), ("tree-dag.h5", len(source))]:
    node = leaf[:]
    node[5] = 1
    node[6:8] = struct.pack("<H", 2)
    node[32:40] = struct.pack("<Q", child)
    node[40:48] = node[24:32]
    node[48:56] = struct.pack("<Q", child)
    changed = bytearray(source[:at] + bytes(node) + source[at + 544 :] + bytes(leaf))
    changed[40:48] = struct.pack("<Q", len(changed))
    FILES[refused + name] = bytes(changed)

# A tree of chunks in which one chunk stands twice.
source = FILES[read + "earliest-chunks.h5"]
at = source.index(b"TREE\1\0")
twin = bytearray(source)
twin[at + 24 + 40 : at + 24 + 72] = source[at + 24 : at + 24 + 32]
FILES[refused + "chunk-twice.h5"] = bytes(twin)
outside = bytearray(source)
outside[at + 24 + 8 : at + 24 + 16] = struct.pack("<Q", 1 << 40)
FILES[refused + "chunk-outside.h5"] = bytes(outside)

# An object header, the root's, whose continuation is itself.
source = bytearray(FILES[read + "contiguous.h5"])
at = source.index(struct.pack("<HH", 0x11, 16))
source[at : at + 24] = struct.pack("<HHBBBBQQ", 0x10, 16, 0, 0, 0, 0, at, 24)
FILES[refused + "continuation-loop.h5"] = bytes(source)

with zipfile.ZipFile(os.path.join(HERE, "hdf5-files.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name in sorted(FILES):
        info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        z.writestr(info, FILES[name])
print(len(FILES), "files,", sum(map(len, FILES.values())), "bytes")
