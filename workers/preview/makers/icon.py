"""A card with the type and the size, where there is nothing else to show. Reads no byte of the file."""

from PIL import Image, ImageDraw, ImageFont

from schemas.preview import Unknown
from workers.preview.makers.made import Made, Make
from workers.preview.pictures import encode, prepare_pictures
from workers.preview.protocol import Task
from workers.preview.remote import Link, Reader

SIZE = 640
PAPER, INK, GROUND, FOLD = "#ffffff", "#1e293b", "#e9d5ff", "#8b5cf6"


def prepare(task: Task) -> Make:
    """Load the font."""
    prepare_pictures()
    ImageFont.load_default(12)

    def make(reader: Reader, link: Link) -> Made:
        link.picture("icon.jpg", encode(draw(task.label, task.size), task.watermark))
        return Made(Unknown(task.label))

    return make


def draw(label: str, size: int) -> Image.Image:
    """Draw the icon: type and size on a sheet of paper."""
    image = Image.new("RGB", (SIZE, SIZE), GROUND)
    pen = ImageDraw.Draw(image)
    pen.polygon([(180, 80), (390, 80), (460, 150), (460, 440), (180, 440)], PAPER)
    pen.polygon([(390, 80), (390, 150), (460, 150)], FOLD)
    middle = SIZE // 2
    pen.text((middle, 500), label, INK, ImageFont.load_default(40), "mm")
    pen.text((middle, 560), human_size(size), INK, ImageFont.load_default(32), "mm")
    return image


def human_size(size: int) -> str:
    """Bytes in the largest decimal unit that leaves at least one; `core.kit.texts` is not loaded here."""
    amount, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 999.5 and units[1:]:
        amount, units = amount / 1000, units[1:]
    return f"{f'{amount:.1f}'.removesuffix('.0') if amount < 99.95 else f'{amount:,.0f}'} {units[0]}"
