#!/usr/bin/env python3
"""Compares faiss' approximate indexes with the exact scan: recall at 10, time of building, memory.

    faiss_peers.py IMAGES.npy QUERIES.npy [--rows N] [--dim D] [--only ivf|hnsw]

The files are what `kiloword embed --npy` writes of images and of texts. --rows makes more images of these, each with noise
added, and --dim appends values of noise. Needs the packages numpy and faiss-cpu of PyPI.
"""

import argparse
import resource
import time

import faiss
import numpy

TOP = 10
ROWS_AT_ONCE = 50_000
NOISE = 0.5  # of the length of an embedding: cosines of 0.8 with the image that a row is made of


def unit(rows):
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def load(file):
    rows = numpy.load(file).astype("float32")
    return unit(rows[~numpy.isnan(rows).any(axis=1)])


def widened(rows, dim, random, length):
    noise = random.standard_normal((len(rows), dim - rows.shape[1])).astype("float32")
    return unit(numpy.hstack([rows, noise * length / numpy.sqrt(dim)])) if noise.size else rows


class Rows:
    """Rows of an index, made again whenever they are asked for."""

    def __init__(self, images, count, dim):
        self.images, self.count, self.dim = images, count or len(images), dim or images.shape[1]

    def part(self, begin):
        count = min(ROWS_AT_ONCE, self.count - begin)
        if self.count == len(self.images):
            return self.images[begin:begin + count]
        random = numpy.random.default_rng(begin)
        rows = self.images[random.integers(len(self.images), size=count)]
        rows = rows + random.standard_normal(rows.shape).astype("float32") * NOISE / numpy.sqrt(rows.shape[1])
        return widened(unit(rows), self.dim, random, NOISE)

    def parts(self):
        return (self.part(begin) for begin in range(0, self.count, ROWS_AT_ONCE))


def exact(rows, queries):
    best = numpy.full((len(queries), TOP), -2, "float32")
    names = numpy.zeros((len(queries), TOP), "int64")
    begin = 0
    for part in rows.parts():
        cosines = numpy.hstack([best, queries @ part.T])
        ids = numpy.hstack([names, numpy.broadcast_to(numpy.arange(begin, begin + len(part)), (len(queries), len(part)))])
        order = numpy.argpartition(-cosines, TOP, axis=1)[:, :TOP]
        best, names = numpy.take_along_axis(cosines, order, 1), numpy.take_along_axis(ids, order, 1)
        begin += len(part)
    return names


def processor_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def build(index, rows, training_rows):
    begin = processor_s()
    if not index.is_trained:
        index.train(numpy.vstack([rows.part(at) for at in range(0, training_rows, ROWS_AT_ONCE)])[:training_rows])
    trained, adding = processor_s() - begin, 0.0
    for part in rows.parts():
        begin = processor_s()
        index.add(part)
        adding += processor_s() - begin
    size = len(faiss.serialize_index(index)) / 1e9 if rows.count <= 100_000 else 0
    return f"trained in {trained:.0f} s, added in {adding:.0f} s of processors" + (f", {size:.2f} GB" if size else "")


def measure(name, set_effort, efforts, index, queries, truth):
    for effort in efforts:
        set_effort(index, effort)
        line = f"{name} {effort}:"
        for kind, vectors in queries.items():
            times, hits = [], 0
            for vector, best in zip(vectors, truth[kind]):
                begin = time.perf_counter()
                _, found = index.search(vector[None], 10 * TOP)  # which an exact re-scoring would look at
                times.append(1e3 * (time.perf_counter() - begin))
                hits += len(set(found[0].tolist()) & set(best.tolist()))
            line += f" {kind}: recall {hits / TOP / len(vectors):.3f}, {numpy.median(times):.2f} ms;"
        print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("queries")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--dim", type=int, default=0)
    parser.add_argument("--only", choices=("ivf", "hnsw"))
    options = parser.parse_args()
    faiss.omp_set_num_threads(2)
    images, texts = load(options.images), load(options.queries)
    random = numpy.random.default_rng(1)
    rows = Rows(images, options.rows, options.dim)
    queries = {"images": images[random.choice(len(images), 200, replace=False)], "texts": texts[:200]}
    queries = {kind: widened(vectors, rows.dim, random, 0) for kind, vectors in queries.items()}
    truth = {kind: exact(rows, vectors) for kind, vectors in queries.items()}
    lists = 2 ** int(numpy.log2(2 * numpy.sqrt(rows.count)))
    if options.only != "hnsw":
        index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(rows.dim), rows.dim, lists, faiss.ScalarQuantizer.QT_8bit,
                                              faiss.METRIC_INNER_PRODUCT, False)
        index.cp.spherical, index.cp.niter = True, 10
        print(f"IVF, {lists} lists:", build(index, rows, min(rows.count, 40 * lists)), flush=True)
        tenths = [max(1, round(lists * part)) for part in (0.01, 0.05, 0.1, 0.25, 0.5)]
        measure("lists probed:", lambda i, effort: setattr(i, "nprobe", effort), tenths, index, queries, truth)
    if options.only != "ivf":
        index = faiss.IndexHNSWSQ(rows.dim, faiss.ScalarQuantizer.QT_8bit, 32, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = 80
        print("HNSW, 32 neighbours:", build(index, rows, min(rows.count, ROWS_AT_ONCE)), flush=True)
        measure("HNSW, ef", lambda i, effort: setattr(i.hnsw, "efSearch", effort), (100, 400), index, queries, truth)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
