"""`make bench`: what one daemon carries, measured beside a bare sink in the same run.

Prints a table with what is reached and what not, writes `bench/latest.json` and, where matplotlib is there, a plot.
Processes: the daemon (and its workers), the load generator, a sink. Rates hold for this machine only; the ratio to the bare
sink travels better: each run of the daemon has one of the sink beside it, and what is printed are medians of the pairs.

Every run has a fresh folder, and all are kept until the last one is over: ext4 looks through the inodes that were just
deleted, and the same code is a third slower after a run that cleared up behind itself.

    python -m bench.run [--quick] [--pairs 5] [--delivery maildir|smtp|both]

Over 300 lines: every figure of one run, in the order in which they are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count as numbers
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # also when run as a file

from maild.demo.process import MAILD, serve  # noqa: E402
from tests.harness.configuration import UNCAPPED, Tables, written  # noqa: E402
from tests.harness.people import company, contact  # noqa: E402
from tests.harness.subprocess_daemon import KilledDaemon  # noqa: E402
from tests.servers.dns import DnsServer  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
SESSIONS = 20
#: to be reached (2 KB mails, an idle machine)
RATE, CPU_MS, OF_SINK, MAIN_MB = 600, 1.3, 0.35, 150
#: large text mails, one after the other, and how many bytes each has
LARGE, LARGE_BYTES = 60, 2_000_000


def configured(folder: Path, *tables: Tables) -> Path:
    """config.toml of a desk under load in `folder`."""
    usual: Tables = {
        "smtp": {"max_connections_per_address": 200},
        "server": {"log": "json", "log_level": "warning"},
    }
    return written(folder, UNCAPPED, usual, *tables)


def with_customer(config: Path) -> Path:
    """The database of that desk, with the company that writes."""
    companies = config.parent / "companies.toml"
    companies.write_text(
        company("acme", "Acme Kft.", "hu", contact("user1@acme.example", "User One", roles=["reference"]))
    )
    command = [*MAILD, "--config", str(config), "company", "import", str(companies)]
    subprocess.run(command, check=True, capture_output=True)
    return config


class Folders:
    """Fresh folders, kept until all runs are over."""

    def __init__(self, base: Path) -> None:
        self._base, self._numbers = base, numbers(1)

    def fresh(self) -> Path:
        made = self._base / f"{next(self._numbers):03}"
        made.mkdir()
        return made


@dataclass
class Process:
    """A child and what it has used."""

    pid: int

    def cpu_seconds(self) -> float:
        """Of the process and its children that live, user and system."""
        return sum(_cpu(pid) for pid in [self.pid, *_children(self.pid)])

    def peak_mb(self) -> float:
        """Highest resident size of the main process."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def resident_mb(self) -> float:
        """Resident size of the main process now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(word) for word in (task / "children").read_text().split()]
    return found


@contextmanager
def sink(folder: Path) -> Iterator[tuple[Process, int, Path]]:
    """The bare sink, its port and the file it writes."""
    command = [sys.executable, "-m", "bench.sink", str(folder)]
    child = subprocess.Popen(
        command, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    port, path = child.stdout.readline().split()
    try:
        yield Process(child.pid), int(port), Path(path)
    finally:
        child.stdin.close()
        child.wait()
        child.stdout.close()


@contextmanager
def daemon(folder: Path, kind: str, relay: int, resolver: str = "") -> Iterator[tuple[Process, int]]:
    """`maild serve` on a fresh database, and its SMTP port."""
    folder.mkdir()
    delivery = {"kind": kind, "port": relay, "security": "none"}
    config = configured(folder, {"delivery": delivery, "authentication": {"resolver": resolver}})
    with served(with_customer(config)) as (process, ports):
        yield process, ports["smtp"]


@contextmanager
def served(config: Path) -> Iterator[tuple[Process, dict[str, int]]]:
    """`maild serve`, and its ports."""
    child = KilledDaemon(config.parent, config.parent / "maild.db.run.json")
    child.launch(serve(config), os.environ)
    try:
        yield Process(child.pid), child.told()
    finally:
        child.stop()
        sys.stderr.write(child.log())


def _wait(ready: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise SystemExit("it took too long")
        time.sleep(0.005)


def load(
    port: int, count: int, size: int, sessions: int = SESSIONS, prefix: str = "b", key: Path | None = None
) -> dict[str, Any]:
    """Run the generator to its end; with a key the mails are signed."""
    command = [sys.executable, "-m", "bench.load", str(port), str(count), str(size), str(sessions), prefix]
    command += [str(key)] if key else []
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure_sink(folders: Folders, count: int, size: int) -> dict[str, Any]:
    """Rate and CPU of the bare sink."""
    with sink(folders.fresh()) as (process, port, _):
        load(port, max(50, count // 10), size, prefix="warm")
        before = process.cpu_seconds()
        result = load(port, count, size)
        result["cpu_ms"] = (process.cpu_seconds() - before) / count * 1e3
    return result


def measure_maild(
    folders: Folders, count: int, size: int, kind: str, *, sign: bool = False
) -> dict[str, Any]:
    """Mails accepted and acknowledged a second, CPU and memory of the daemon."""
    base = folders.fresh()
    with sink(base) as (_, relay, relayed), DnsServer() as dns:
        folder = base / "desk"
        key = _key(base / "key.pem", dns) if sign else None
        with daemon(folder, kind, relay, dns.address) as (process, port):
            answered = _answers(folder, relayed, kind)
            warm = max(50, count // 10)
            load(port, warm, size, prefix="warm", key=key)
            _wait(lambda: answered() >= warm, 60)
            before = process.cpu_seconds()
            result = load(port, count, size, key=key)
            ended = time.perf_counter()
            _wait(lambda: answered() >= warm + count, 120)
            seconds = result["seconds"] + time.perf_counter() - ended
            result["cpu_ms"] = (process.cpu_seconds() - before) / count * 1e3
            result["end_to_end_rate"] = count / seconds
            result["peak_mb"] = process.peak_mb()
    return result


def _key(path: Path, dns: DnsServer) -> Path:
    """A new key of the customer's domain: the file that mails are signed with; its public half is in DNS."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    public = b64encode(made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    dns.records["bench._domainkey.acme.example"] = (b"v=DKIM1; k=rsa; p=" + public,)
    dns.records["_dmarc.acme.example"] = (b"v=DMARC1; p=reject",)
    return path


def _answers(folder: Path, relayed: Path, kind: str) -> Callable[[], int]:
    """Counts the acknowledgements that have left."""
    new = folder / "out" / "new"
    if kind == "maildir":
        return lambda: sum(1 for _ in os.scandir(new)) if new.exists() else 0
    return lambda: relayed.read_bytes().count(b"\nMessage-ID: <maild.")


def measure_large(folders: Folders) -> dict[str, Any]:
    """Large text mails one after the other: the main process's memory before, and the peak."""
    base = folders.fresh()
    with sink(base) as (_, relay, relayed):
        folder = base / "desk"
        with daemon(folder, "maildir", relay) as (process, port):
            answered = _answers(folder, relayed, "maildir")
            load(port, 50, 2048, prefix="warm")
            _wait(lambda: answered() >= 50, 60)
            before, began = process.resident_mb(), time.perf_counter()
            load(port, LARGE, LARGE_BYTES, sessions=1)
            _wait(lambda: answered() >= 50 + LARGE, 300)
            return {
                "seconds": time.perf_counter() - began, "before_mb": before, "peak_mb": process.peak_mb(),
                "after_mb": process.resident_mb(),
            }  # fmt: skip


def median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of each figure by itself."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def build() -> str:
    """The interpreter and how it was made: one without profile-guided optimisation takes an eighth more."""
    how = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    made = "optimised" if "--enable-optimizations" in how else "not optimised"
    return f"{platform.python_implementation()} {platform.python_version()} ({made}{', LTO' if 'lto' in how else ''})"


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer mails")
    parser.add_argument("--pairs", type=int, default=5, help="runs beside a sink each; medians are shown")
    parser.add_argument("--delivery", choices=["maildir", "smtp", "both"], default="both")
    parser.add_argument("--size", type=int, action="append", help="bytes; default 2048, 8192, 102400")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maild-bench-") as base:
        run(Folders(Path(base)), options)


def run(folders: Folders, options: argparse.Namespace) -> None:
    """All sizes and ways."""
    kinds = ["maildir", "smtp"] if options.delivery == "both" else [options.delivery]
    sizes = options.size or [2048, 8192, 102_400]
    results: dict[str, Any] = {
        "machine": f"{platform.platform()}, {os.cpu_count()} CPUs, {build()}", "pairs": options.pairs,
    }  # fmt: skip
    print(results["machine"])
    print(
        f"{'':24}{'accepted/s':>11}{'answered/s':>11}{'CPU ms':>8}{'p99 ms':>8}{'peak MB':>9}{'of sink':>9}"
        f"{'CPU x sink':>11}"
    )
    for size in sizes:
        count = {True: 600, False: 3000}[options.quick] // (5 if size > 50_000 else 1)
        ways = [(f"maild {kind} {size}", kind, False) for kind in kinds] + [
            (f"maild signed {size}", kinds[0], True)
        ]
        sinks: list[dict[str, Any]] = []
        found: dict[str, list[dict[str, Any]]] = {name: [] for name, *_ in ways}
        for _ in range(options.pairs):
            sinks.append(bare := measure_sink(folders, count, size))
            for name, kind, sign in ways:
                one = measure_maild(folders, count, size, kind, sign=sign)
                one["of_sink"] = one["end_to_end_rate"] / bare["rate"]
                one["cpu_x_sink"] = one["cpu_ms"] / bare["cpu_ms"]
                found[name].append(one)
        results[f"sink {size}"] = median(sinks)
        _row(f"bare sink, {size // 1024} KB", results[f"sink {size}"])
        for name, runs in found.items():
            results[name] = median(runs) | {"runs": runs}
            _row(f"{name.rpartition(' ')[0]}, {size // 1024} KB", results[name])
    large = results["large"] = measure_large(folders)
    print(
        f"{LARGE} text mails of {LARGE_BYTES / 1e6:.0f} MB: {large['seconds']:.1f} s; main process "
        f"{large['before_mb']:.0f} MB before, {large['peak_mb']:.0f} MB at most, {large['after_mb']:.0f} MB after"
    )
    results["load"] = os.getloadavg()[0]
    for line in judged(results, kinds[0]):
        print(line)
    (HERE / "latest.json").write_text(json.dumps(results, indent=1) + "\n")
    _plot(results)


def _plot(results: dict[str, Any]) -> None:
    """Each run's rate and CPU as shares of the sink's beside it."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return
    names = [name for name, one in results.items() if isinstance(one, dict) and "runs" in one]
    figure = Figure(figsize=(8, 4), layout="constrained")
    shown = {"of_sink": "rate, share of the bare sink's", "cpu_x_sink": "CPU a mail, times the bare sink's"}
    for axis, (key, title) in zip(figure.subplots(1, 2), shown.items(), strict=True):
        axis.barh(names, [results[name][key] for name in names], color="0.8")
        for place, name in enumerate(names):
            runs = [one[key] for one in results[name]["runs"]]
            axis.plot(runs, [place] * len(runs), "k|")
        axis.set_title(title, fontsize=9)
        axis.tick_params(labelsize=7)
    figure.suptitle(results["machine"], fontsize=7)
    figure.savefig(HERE / "latest.png", dpi=120)


def judged(results: dict[str, Any], kind: str) -> Iterator[str]:
    """What was to be reached at 2 KB on an idle machine, and with a large mail: a line each."""
    small, large = results.get(f"maild {kind} 2048"), results["large"]
    figures = [(f"at most {MAIN_MB} MB in the main process while {LARGE} large mails go through", large["peak_mb"],
                large["peak_mb"] <= MAIN_MB)]  # fmt: skip
    if small:
        figures += [
            (f"{RATE} mails/s end to end", small["end_to_end_rate"], small["end_to_end_rate"] >= RATE),
            (f"at most {CPU_MS} ms CPU a mail", small["cpu_ms"], small["cpu_ms"] <= CPU_MS),
            (f"{OF_SINK} of the bare sink's rate", small["of_sink"], small["of_sink"] >= OF_SINK),
        ]
    for name, value, reached in figures:
        yield f"{'reached' if reached else 'NOT REACHED':12}{name}: {value:.2f}"
    if results["load"] > 2.5:
        yield f"{'':12}load average {results['load']:.1f}: others use this machine, rates and CPU times say little"


def _row(name: str, found: dict[str, Any]) -> None:
    def cell(key: str, width: int, digits: int) -> str:
        return f"{found[key]:{width}.{digits}f}" if key in found else " " * width

    print(
        f"{name:24}{cell('rate', 11, 0)}{cell('end_to_end_rate', 11, 0)}{cell('cpu_ms', 8, 2)}"
        f"{cell('p99_ms', 8, 0)}{cell('peak_mb', 9, 0)}{cell('of_sink', 9, 2)}"
        f"{cell('cpu_x_sink', 11, 1)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
