preview-head = 👁 <b>{ $name }</b> · { $size }
preview-archive = { $count ->
        [one] { $format } archive: { $count } entry
       *[other] { $format } archive: { $count } entries
    }
preview-archive-at-least = { $count ->
        [one] { $format } archive: at least { $count } entry
       *[other] { $format } archive: at least { $count } entries
    }
preview-pages = { $count ->
        [one] PDF: { $count } page
       *[other] PDF: { $count } pages
    }
preview-film = Video · { $size }
preview-film-lasting = Video · { $duration } · { $size }
preview-sound = Audio
preview-sound-lasting = Audio · { $duration }
preview-picture = Picture · { $size }
preview-document = { $format } document
preview-text = Text
preview-text-head = Text, the beginning
preview-too-large = Preview unavailable (file too large)
preview-locked = It takes a password to open it.
preview-failed = No preview could be made.
