preview-head = 👁 <b>{ $name }</b> · { $size }
preview-archive = { $count ->
        [one] Archive { $format } : { $count } élément
       *[other] Archive { $format } : { $count } éléments
    }
preview-archive-at-least = { $count ->
        [one] Archive { $format } : au moins { $count } élément
       *[other] Archive { $format } : au moins { $count } éléments
    }
preview-pages = { $count ->
        [one] PDF : { $count } page
       *[other] PDF : { $count } pages
    }
preview-film = Vidéo · { $size }
preview-film-lasting = Vidéo · { $duration } · { $size }
preview-sound = Audio
preview-sound-lasting = Audio · { $duration }
preview-picture = Image · { $size }
preview-document = Document { $format }
preview-text = Texte
preview-text-head = Texte, le début
preview-too-large = Aperçu indisponible (fichier trop volumineux)
preview-locked = Un mot de passe est nécessaire pour l'ouvrir.
preview-failed = L'aperçu n'a pas pu être fait.
