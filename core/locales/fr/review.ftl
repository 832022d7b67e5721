staff-about-waiting =
    🔎 <b>Texte à vérifier</b> – ce que la boutique { $seller } dit d’elle-même

    { $words }
staff-channel-title-waiting =
    🔎 <b>Texte à vérifier</b> – nom d’un canal de { $seller }

    { $words }
about-held =
    🔎 L’équipe regarde ce que votre boutique dit d’elle-même, car tout acheteur peut le lire. { $former ->
        [no] D’ici là votre fiche ne dit rien.
       *[yes] D’ici là les acheteurs lisent votre ancien texte.
    } Un message vous dira la suite.
about-accepted = ✅ Ce que votre boutique dit d’elle-même est accepté : les acheteurs le lisent désormais.
about-refused =
    ❌ Ce que votre boutique voulait dire d’elle-même n’a pas été accepté. { $former ->
        [no] Votre fiche ne dit rien.
       *[yes] Les acheteurs lisent toujours votre ancien texte.
    }
    { $note }

    Votre texte, à changer et à envoyer de nouveau :
    <blockquote>{ $words }</blockquote>
channel-title-held = 🔎 L’équipe regarde le nom de votre canal <b>{ $words }</b>, car tout acheteur peut le lire. D’ici là ils lisent ici « { $shown } » ; rien d’autre ne change. Un message vous dira la suite.
channel-title-accepted = ✅ Le nom de votre canal <b>{ $words }</b> est accepté : les acheteurs le lisent désormais.
channel-title-refused =
    ❌ Le nom de votre canal <b>{ $words }</b> n’a pas été accepté. Les acheteurs lisent toujours ici « { $shown } ».
    { $note }

    Donnez-lui un autre nom dans Telegram : l’équipe le regardera de nouveau. Il est relu quand le bot y est nommé administrateur ou que ses droits y changent.
channel-title-waiting =
    { $state ->
        [held] 🔎 L’équipe regarde ce nom. D’ici là les acheteurs lisent ici « { $shown } ».
       *[refused] ❌ Ce nom n’a pas été accepté. Les acheteurs lisent ici « { $shown } ».
    }
seller-about-waiting =
    { $state ->
        [held] 🔎 L’équipe regarde ce texte ; les acheteurs ne le lisent pas encore :
       *[refused] ❌ Ce texte n’a pas été accepté ; les acheteurs ne le lisent pas :
    }
    <blockquote>{ $words }</blockquote>
shop-name-held = 🔎 L’équipe regarde le nom <b>{ $name }</b> avant l’ouverture de votre boutique, car tout le monde peut le lire. Un message vous dira la suite.
