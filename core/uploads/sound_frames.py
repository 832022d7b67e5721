"""Sounds without a container: frames of MPEG audio, one after the other, and AAC in ADTS. Pure."""

ENOUGH = 8
"""Frames in a row that are no chance, where there are so many."""
# Thousands of bits a second (ISO/IEC 11172-3 and 13818-3, 2.4.2.3): is it of MPEG-1, and (1) of layer III?
_RATES = {
    (True, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (False, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLES = {0: 4, 2: 2, 3: 1}
"""By the bits of the version: what 44,100, 48,000 or 32,000 samples a second are divided by."""


def sound_of_frames(head: bytes) -> str:
    """The type in words of a sound that begins with frames, or of MPEG behind junk; empty of other files."""
    if len(head) < 4:
        return ""
    if head[0] == 0xFF and head[1] & 0xF6 == 0xF0:  # ADTS: layer 0 (ISO/IEC 13818-7)
        return "AAC" if head[2] >> 2 & 15 < 13 else ""
    if _frame_length(head, 0):
        return _layer(head[1])
    at = head.find(b"\xff", 1)
    while at >= 0:  # players pass over what is no frame; one that others follow is none by chance
        if all(_frame_length(head, place) for place in _following(head, at)):
            return _layer(head[at + 1])
        at = head.find(b"\xff", at + 1)
    return ""


def _following(head: bytes, at: int) -> list[int]:
    """Where this frame and the next ones begin, two at least; past the end where these are not there."""
    places = [at]
    while (length := _frame_length(head, places[-1])) and places[-1] + length + 4 <= len(head):
        if len(places) == ENOUGH:
            break
        places.append(places[-1] + length)
        if head[places[-1]] != 0xFF or head[places[-1] + 1] != head[at + 1]:
            return [len(head)]
    return places if len(places) > 2 else [len(head)]


def _layer(second: int) -> str:
    return "MP3" if second >> 1 & 3 == 1 else "MP2"


def _frame_length(head: bytes, at: int) -> int:
    """Bytes of the frame whose header is here; 0 where there is none."""
    header = head[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer, rate, speed = header[1] >> 3 & 3, header[1] >> 1 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer not in (1, 2) or rate in (0, 15) or speed == 3:
        return 0
    bits = _RATES[version == 3, layer][rate - 1] * 1000
    samples = (44_100, 48_000, 32_000)[speed] // _SAMPLES[version]
    slots = 72 if layer == 1 and version != 3 else 144
    return slots * bits // samples + (header[2] >> 1 & 1)
