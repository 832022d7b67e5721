"""Which one demuxer of libavformat may read a film or sound, by its first bytes: no other is tried."""

MPEG4, MATROSKA = "mov", "matroska"
BY_BYTES = ("mpegts", "mpeg", "mpegvideo")
"""Those without any index, in which a time is sought by its part of the bytes."""
WITHOUT_HEADER = (*BY_BYTES, "flv")
"""Those that tell their pictures' size in the stream only."""
_BEGINNINGS = (
    (b"\x1aE\xdf\xa3", MATROSKA),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"FLV\1", "flv"),
    (b"\0\0\1\xba", "mpeg"),
    (b"\0\0\1\xb3", "mpegvideo"),
    (b"\x06\x0e\x2b\x34", "mxf"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"RF64", "wav"),
    (b"BW64", "wav"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b"FORM", "aiff"),
    (b"MAC ", "ape"),
    (b"wvpk", "wv"),
    (b"DSD ", "dsf"),
    (b"FRM8", "iff"),
    (b".snd", "au"),
    (b"caff", "caf"),
    (b"#!AMR", "amr"),
    (b"TTA1", "tta"),
    (b"MPCK", "mpc8"),
    (b"MP+", "mpc"),
    (b"\x0b\x77", "ac3"),
    (b"\x7f\xfe\x80\x01", "dts"),
)
_EAC3 = 11
"""From this stream syntax on AC-3 is E-AC-3 (ETSI TS 102 366, annex E.1.3.1.6)."""
_SYNC = 0x47


def film_demuxer(head: bytes) -> str:
    """The demuxer of a film; that of MP4 where nothing tells another one."""
    named = _named(head)
    if named:
        return named
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:1] == bytes([_SYNC]) or (head[4:5] == bytes([_SYNC]) and head[4:8] != b"ftyp"):
        return "mpegts"
    return MPEG4


def sound_demuxer(head: bytes) -> str:
    """The demuxer of a sound; that of MP3 where nothing tells another one."""
    named = _named(head)
    if named:
        return "eac3" if named == "ac3" and len(head) > 5 and head[5] >> 3 >= _EAC3 else named
    if head[4:8] == b"ftyp":
        return MPEG4
    if head[:4] == b"RIFF":
        return "avi" if head[8:12] == b"AVI " else "wav"
    if head[:1] == bytes([_SYNC]):
        return "mpegts"
    return "aac" if head[:1] == b"\xff" and head[1] & 0xF6 == 0xF0 else "mp3"


def _named(head: bytes) -> str:
    return next((name for magic, name in _BEGINNINGS if head.startswith(magic)), "")
