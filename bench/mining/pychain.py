# Mines with Python's hashlib in two ways. "pychain" does it as Pychain does: for every
# nonce a function glues the fields together and hashes them. "ready" keeps the header text
# before the nonce ready. Reads the fields; then, for each number of milliseconds that it reads, mines
# for so long, and prints hashes, seconds, and seconds of the processor.
import hashlib
import json
import sys
import time

BATCH = 1000
fields = json.loads(sys.stdin.readline())


def calculate_hash(index, nonce, timestamp, data, previous_hash):
    text = str(index) + str(nonce) + previous_hash + str(timestamp) + data
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def mine_pychain(start):
    index, timestamp, previous_hash, data, difficulty = fields
    pattern = "0" * (difficulty // 4)
    nonce = start
    while nonce < start + BATCH:
        digest = calculate_hash(index, nonce, timestamp, data, previous_hash)
        if digest.startswith(pattern):
            return nonce
        nonce += 1


def mine_ready(start):
    head = json.dumps(fields, separators=(",", ":"))[:-1] + ","
    zeros = "0" * (fields[-1] // 4)
    sha256 = hashlib.sha256
    for nonce in range(start, start + BATCH):
        if sha256(f"{head}{nonce}]".encode()).hexdigest().startswith(zeros):
            return nonce


mine = {"pychain": mine_pychain, "ready": mine_ready}[sys.argv[1]]
nonce = 10**12
for line in sys.stdin:
    limit = float(line) / 1000
    start, cpu, hashes = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - start < limit:
        mine(nonce)
        nonce += BATCH
        hashes += BATCH
    print(hashes, time.perf_counter() - start, time.process_time() - cpu, flush=True)
