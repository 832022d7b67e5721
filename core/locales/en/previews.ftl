preview-head = 👁 <b>{ $name }</b> · { $size }
preview-archive = { $count ->
        [one] { $format } archive: { $count } entry
       *[other] { $format } archive: { $count } entries
    }
preview-archive-at-least = { $count ->
        [one] { $format } archive: at least { $count } entry
       *[other] { $format } archive: at least { $count } entries
    }
preview-pack = { $kind ->
        [samples] Samples for music
        [presets] Presets for Lightroom
       *[luts] Colour tables (LUT)
    }
preview-pages = { $count ->
        [one] PDF: { $count } page
       *[other] PDF: { $count } pages
    }
preview-film = Video · { $size }
preview-film-lasting = Video · { $duration } · { $size }
preview-sound = Audio
preview-sound-lasting = Audio · { $duration }
preview-tracks = { $count ->
        [one] { $count } track
       *[other] { $count } tracks
    }
preview-picture = Picture · { $size }
preview-document = { $format ->
        [SQLITE] SQLite database
        [CSV] Table (CSV)
        [NOTEBOOK] Notebook (Jupyter)
        [FONT] Font
        [MOBI] E-book (MOBI)
        [FB2] E-book (FB2)
        [EPUB] E-book (EPUB)
        [PAGES] Pages document
        [NUMBERS] Numbers spreadsheet
        [KEYNOTE] Keynote presentation
       *[other] { $format } document
    }
preview-text = { $count ->
        [one] { $kind }: { $count } line
       *[other] { $kind }: { $count } lines
    }
preview-text-at-least = { $count ->
        [one] { $kind }: at least { $count } line
       *[other] { $kind }: at least { $count } lines
    }
preview-own = A sample chosen by the seller:
preview-too-large = Preview unavailable (file too large)
preview-locked = It takes a password to open it.
preview-failed = No preview could be made.
file-kind = { $kind ->
        [pdf] PDF
        [zip-archive] ZIP archive
        [n7z-archive] 7z archive
        [rar-archive] RAR archive
        [tar-archive] TAR archive
        [cab-archive] CAB archive
        [disc-image-iso] Disc image (ISO)
        [disc-image] Disc image
        [compressed-file-gzip] Compressed file (gzip)
        [compressed-file-bzip2] Compressed file (bzip2)
        [compressed-file-xz] Compressed file (xz)
        [compressed-file-zstd] Compressed file (zstd)
        [compressed-file-lzip] Compressed file (lzip)
        [matroska-video] Matroska video
        [webm-video] WebM video
        [mp4-video] MP4 video
        [quicktime-video] QuickTime video
        [windows-media] Windows Media
        [flash-video] Flash video
        [mpeg-video] MPEG video
        [mpeg-transport-stream] MPEG transport stream
        [mxf-video] MXF video
        [avi-video] AVI video
        [ogg-video] Ogg video
        [midi] MIDI music
        [avif-image] AVIF picture
        [heic-image] HEIC picture
        [jpeg-image] JPEG picture
        [png-image] PNG picture
        [gif-image] GIF picture
        [tiff-image] TIFF picture
        [webp-image] WebP picture
        [bmp-image] BMP picture
        [svg-image] SVG drawing
        [photoshop-image] Photoshop picture
        [jpeg-xl-image] JPEG XL picture
        [jpeg-2000-image] JPEG 2000 picture
        [qoi-image] QOI picture
        [dds-image] DDS picture
        [icon] Icon
        [camera-raw-image] Raw picture of a camera
        [font] Font
        [n3d-model-glb] 3D model (GLB)
        [n3d-model-stl] 3D model (STL)
        [n3d-model-obj] 3D model (OBJ)
        [sqlite-database] SQLite database
        [djvu-document] DjVu document
        [office-document-before-2007] Office document (before 2007)
        [outlook-message] Outlook message
        [e-book-mobi] E-book (MOBI)
        [e-book-fb2] E-book (FB2)
        [program-windows] Program (Windows)
        [program-windows-shortcut] Program (Windows shortcut)
        [program-linux] Program (Linux)
        [program-macos] Program (macOS)
        [program-macos-or-java] Program (macOS or Java)
        [program-android] Program (Android)
        [lightroom-preset] Lightroom preset
        [colour-table-lut] Colour table (LUT)
        [web-page] Web page
        [rtf-document] RTF document
        [postscript] PostScript
        [playlist] Playlist
        [json] JSON data
        [table-csv] Table (CSV)
        [notebook] Notebook (Jupyter)
        [markdown] Markdown
        [text] Text
        [empty-file] Empty file
        [file] File
       *[other] { $label }
    }
preview-choice-automatic = automatic
preview-choice-own = own sample
preview-choice-none = nothing shown
preview-choice-help = 👁 Before they buy, people see a small part of each file. Press the line of a file to choose: the automatic preview, a sample of your own, or nothing.
preview-choice-question =
    👁 <b>{ $name }</b>
    What do people see of this file before they buy it? Now: <b>{ $now }</b>.

    <b>Automatic</b>: a small part, made from the file: at most a quarter of a picture’s width and height, a tenth of a text or of the pages of a document, the loudness of a tenth of a sound, pictures and six silent seconds of a film.

    <b>Own sample</b>: a file that you send for this, up to { $limit }, at no fee. It takes the place of the automatic preview as soon as it is checked, and people read that it is a sample.

    <b>Nothing</b>: its name and size alone.

    If you choose something else later, your sample is removed.
preview-choose-automatic = Automatic
preview-choose-own = Send a sample of my own
preview-choose-another = Send another sample
preview-choose-none = Show nothing
sample-question =
    📎 Send me the sample of <b>{ $name }</b> as a file (not as a photo), up to { $limit }: a chapter, a picture, an extract of the film.

    Everybody may see it, so put into it only what you give away. Shown are a picture up to 1,280 pixels, 4 pages of a document, 200 lines of a text, the loudness of 30 seconds of a sound, and of a film pictures from all of it and its first 15 seconds, silent.
sample-taken = ⏳ <b>{ $name }</b> ({ SIZE($size) }) is on its way as your sample. A message will tell you when it is shown; until then all stays as it is.
