preview-head = 👁 <b>{ $name }</b> · { $size }
preview-archive = { $count ->
        [one] Archive { $format } : { $count } élément
       *[other] Archive { $format } : { $count } éléments
    }
preview-archive-at-least = { $count ->
        [one] Archive { $format } : au moins { $count } élément
       *[other] Archive { $format } : au moins { $count } éléments
    }
preview-pack = { $kind ->
        [samples] Samples pour la musique
        [presets] Préréglages Lightroom
       *[luts] Tables de couleurs (LUT)
    }
preview-pages = { $count ->
        [one] PDF : { $count } page
       *[other] PDF : { $count } pages
    }
preview-film = Vidéo · { $size }
preview-film-lasting = Vidéo · { $duration } · { $size }
preview-sound = Audio
preview-sound-lasting = Audio · { $duration }
preview-tracks = { $count ->
        [one] { $count } piste
       *[other] { $count } pistes
    }
preview-picture = Image · { $size }
preview-document = { $format ->
        [SQLITE] Base de données SQLite
        [CSV] Tableau (CSV)
        [NOTEBOOK] Carnet (Jupyter)
        [FONT] Police de caractères
        [MOBI] Livre numérique (MOBI)
        [FB2] Livre numérique (FB2)
        [EPUB] Livre numérique (EPUB)
        [PAGES] Document Pages
        [NUMBERS] Feuille de calcul Numbers
        [KEYNOTE] Présentation Keynote
       *[other] Document { $format }
    }
preview-text = { $count ->
        [one] { $kind } : { $count } ligne
       *[other] { $kind } : { $count } lignes
    }
preview-text-at-least = { $count ->
        [one] { $kind } : au moins { $count } ligne
       *[other] { $kind } : au moins { $count } lignes
    }
preview-own = Extrait choisi par le vendeur :
preview-too-large = Aperçu indisponible (fichier trop volumineux)
preview-locked = Un mot de passe est nécessaire pour l’ouvrir.
preview-failed = L’aperçu n’a pas pu être fait.
file-kind = { $kind ->
        [pdf] PDF
        [zip-archive] Archive ZIP
        [n7z-archive] Archive 7z
        [rar-archive] Archive RAR
        [tar-archive] Archive TAR
        [cab-archive] Archive CAB
        [disc-image-iso] Image disque (ISO)
        [disc-image] Image disque
        [compressed-file-gzip] Fichier compressé (gzip)
        [compressed-file-bzip2] Fichier compressé (bzip2)
        [compressed-file-xz] Fichier compressé (xz)
        [compressed-file-zstd] Fichier compressé (zstd)
        [compressed-file-lzip] Fichier compressé (lzip)
        [matroska-video] Vidéo Matroska
        [webm-video] Vidéo WebM
        [mp4-video] Vidéo MP4
        [quicktime-video] Vidéo QuickTime
        [windows-media] Windows Media
        [flash-video] Vidéo Flash
        [mpeg-video] Vidéo MPEG
        [mpeg-transport-stream] Flux de transport MPEG
        [mxf-video] Vidéo MXF
        [avi-video] Vidéo AVI
        [ogg-video] Vidéo Ogg
        [midi] Musique MIDI
        [avif-image] Image AVIF
        [heic-image] Image HEIC
        [jpeg-image] Image JPEG
        [png-image] Image PNG
        [gif-image] Image GIF
        [tiff-image] Image TIFF
        [webp-image] Image WebP
        [bmp-image] Image BMP
        [svg-image] Dessin SVG
        [photoshop-image] Image Photoshop
        [jpeg-xl-image] Image JPEG XL
        [jpeg-2000-image] Image JPEG 2000
        [qoi-image] Image QOI
        [dds-image] Image DDS
        [icon] Icône
        [camera-raw-image] Image brute d’appareil photo
        [font] Police de caractères
        [n3d-model-glb] Modèle 3D (GLB)
        [n3d-model-stl] Modèle 3D (STL)
        [n3d-model-obj] Modèle 3D (OBJ)
        [sqlite-database] Base de données SQLite
        [djvu-document] Document DjVu
        [office-document-before-2007] Document Office (avant 2007)
        [outlook-message] Message Outlook
        [e-book-mobi] Livre numérique (MOBI)
        [e-book-fb2] Livre numérique (FB2)
        [program-windows] Programme (Windows)
        [program-windows-shortcut] Programme (raccourci Windows)
        [program-linux] Programme (Linux)
        [program-macos] Programme (macOS)
        [program-macos-or-java] Programme (macOS ou Java)
        [program-android] Programme (Android)
        [lightroom-preset] Préréglage Lightroom
        [colour-table-lut] Table de couleurs (LUT)
        [web-page] Page web
        [rtf-document] Document RTF
        [postscript] PostScript
        [playlist] Liste de lecture
        [json] Données JSON
        [table-csv] Tableau (CSV)
        [notebook] Carnet (Jupyter)
        [markdown] Markdown
        [text] Texte
        [empty-file] Fichier vide
        [file] Fichier
       *[other] { $label }
    }
preview-choice-automatic = automatique
preview-choice-own = votre extrait
preview-choice-none = rien de visible
preview-choice-help = 👁 Avant l’achat, on voit une petite partie de chaque fichier. Appuyez sur la ligne d’un fichier pour choisir : l’aperçu automatique, un extrait à vous, ou rien.
preview-choice-question =
    👁 <b>{ $name }</b>
    Que voit-on de ce fichier avant l’achat ? En ce moment : <b>{ $now }</b>.

    <b>Automatique</b> : une petite partie, tirée du fichier : au plus un quart de la largeur et de la hauteur d’une image, un dixième d’un texte ou des pages d’un document, le volume sonore d’un dixième d’un son, des images et six secondes muettes d’une vidéo.

    <b>Votre extrait</b> : un fichier que vous envoyez pour cela, jusqu’à { $limit }, sans frais. Il prend la place de l’aperçu automatique dès qu’il est vérifié, et l’on y lit que c’est un extrait.

    <b>Rien</b> : seulement son nom et sa taille.

    Si vous faites un autre choix plus tard, votre extrait est supprimé.
preview-choose-automatic = Automatique
preview-choose-own = Envoyer mon propre extrait
preview-choose-another = Envoyer un autre extrait
preview-choose-none = Ne rien montrer
sample-question =
    📎 Envoyez-moi l’extrait de <b>{ $name }</b> comme fichier (pas comme photo), jusqu’à { $limit } : un chapitre, une image, un passage de la vidéo.

    Tout le monde pourra le voir : n’y mettez que ce que vous offrez. On montre une image jusqu’à 1 280 pixels, 4 pages d’un document, 200 lignes d’un texte, le volume sonore de 30 secondes d’un son, et d’une vidéo des images de tout son long et ses 15 premières secondes, muettes.
sample-taken = ⏳ <b>{ $name }</b> ({ SIZE($size) }) est en route : ce sera votre extrait. Un message vous dira quand il sera visible ; d’ici là, rien ne change.
