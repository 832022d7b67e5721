"""Other ways to look into a file, each in a process of its own: `… NAME ADDRESS SECONDS`.

Prints its peak RSS in bytes. `remotezip` and `s3fs` come with the extra `bench`.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any, cast


def main() -> None:
    """Look into the file in the way that the command line names."""
    name, address, seconds = sys.argv[1:4]
    {"whole": whole, "ffmpeg": ffmpeg, "remotezip": remotezip, "s3fs": s3fs}[name](address, seconds)


def whole(address: str, seconds: str) -> None:
    """Download the whole file to the disk, then look into it."""
    import urllib3

    with tempfile.TemporaryFile() as file:
        answer = urllib3.request("GET", address, preload_content=False)
        for chunk in answer.stream(1 << 20):
            file.write(chunk)
        if zipfile.is_zipfile(file):
            len(zipfile.ZipFile(file).infolist())
    say(resource.RUSAGE_SELF)


def ffmpeg(address: str, seconds: str) -> None:
    """Have ffmpeg read one picture from the signed address."""
    from workers.preview.program import find_ffmpeg

    command = [find_ffmpeg(), "-v", "error", "-ss", seconds, "-i", address, "-frames:v", "1", "-f", "mjpeg"]
    subprocess.run([*command, os.devnull, "-y"], check=True)
    say(resource.RUSAGE_CHILDREN)


def remotezip(address: str, seconds: str) -> None:
    """Read the names in an archive with the library remotezip."""
    from remotezip import RemoteZip

    with RemoteZip(address) as archive:
        len(archive.infolist())
    say(resource.RUSAGE_SELF)


def s3fs(address: str, seconds: str) -> None:
    """Read the names with zipfile, or one picture with PyAV, through the library s3fs with its defaults."""
    import s3fs as library

    endpoint, _, path = address.partition("|")
    store = library.S3FileSystem(
        key=os.environ["S3_ACCESS_KEY"], secret=os.environ["S3_SECRET_KEY"], endpoint_url=endpoint
    )
    with store.open(path, "rb") as file:
        if path.endswith(".zip"):
            len(zipfile.ZipFile(cast(IO[bytes], file)).infolist())
        else:
            picture(file, float(seconds))
    say(resource.RUSAGE_SELF)


def picture(file: Any, seconds: float) -> None:
    """The picture at a time, read as PyAV's documentation shows."""
    import av

    with av.open(file, "r") as film:
        film.seek(int(seconds * av.time_base))
        image: Any = next(film.decode(video=0))
        image.to_image().save(io.BytesIO(), "JPEG")


def say(who: int) -> None:
    """Print the peak memory; of a child it includes this process before it became the program."""
    status = Path("/proc/self/status").read_text().splitlines()
    own = next(line for line in status if line.startswith("VmHWM"))
    peak = int(own.split()[1]) if who == resource.RUSAGE_SELF else resource.getrusage(who).ru_maxrss
    sys.stdout.write(f"{peak * 1024}\n")


if __name__ == "__main__":
    main()
