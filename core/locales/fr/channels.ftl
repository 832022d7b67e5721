button-my-channels = 📣 Mes canaux
button-my-plans = 🎫 Mes abonnements à vendre
button-add-channel = ➕ Relier un canal
button-add-group = ➕ Relier un groupe
button-channel-code = 🔑 Relier un canal par un code
button-guide = 🖼 Le guide en images
button-check-again = 🔄 Vérifier de nouveau
button-differences = 🔍 Les écarts
button-differences-in = 🔍 Les écarts dans { $channel }
button-events = 🕓 Ce qui s’est passé
button-enforce-act = 🚪 Exclure qui n’a pas payé
button-enforce-list = 👁 Seulement me montrer
button-new-plan = ➕ Nouvel abonnement
button-members-figures = 📊 Chiffres
button-plan-members = 👥 Abonnés
button-import = 📥 Importer
button-plan-edit = ⚙️ Régler
button-plan-publish = 🟢 Mettre en vente
button-plan-pause = ⏸ Suspendre la vente
button-plan-open = 🟢 Reprendre la vente
button-plan-close = ✖️ Fermer cet abonnement
button-plan-close-yes = ✖️ Oui, fermer pour de bon
button-back-to-plan = ‹ L’abonnement
button-set-channels = 📣 Canaux ouverts
button-set-codes = 🔑 Codes
button-next = Suivant ›
button-skip = Pas de prix ici

channels-head = { $count ->
    [0] 📣 <b>Mes canaux</b>
        Aucun canal n’est encore relié. Nommez-moi administrateur de votre canal ou groupe privé : le bouton ci-dessous le propose avec les deux droits qu’il me faut, et je m’occupe des entrées et des sorties.
    [one] 📣 <b>Mes canaux</b> – { $count } canal
    *[other] 📣 <b>Mes canaux</b> – { $count } canaux
  }
channels-anonymous = 🕶 Vous agissez anonymement dans le canal ou le groupe ? Telegram ne me dit pas alors qui m’a nommé administrateur, et rien ne se passe ici. Reliez-le par un code.
channel-code =
    🔑 <b>Relier un canal par un code</b>
    1. Nommez-moi administrateur du canal ou du groupe, avec « Inviter par lien » et « Bannir des membres », si ce n’est pas déjà fait.
    2. Publiez-y ceci, seul dans un message (touchez-le pour le copier) :
    <code>{ $code }</code>
    3. Je vous écris ici dès qu’il est relié.

    Il vaut { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } et pour un seul canal. Ne le donnez à personne : là où il est publié, le canal est relié à votre boutique. Je supprime le message si j’en ai le droit ; sinon, supprimez-le vous-même, il n’ouvre plus rien.
    Rien n’est venu ? Vérifiez que j’y suis administrateur et publiez-le de nouveau. Dans un groupe, seul un administrateur le peut.
channel-needs-shop =
    📣 <b>Je suis dans { $channel }, qui n’est pas encore relié</b>
    Il vous faut d’abord une boutique ouverte : /sell. Puis changez un de mes droits dans le canal, ou ajoutez-moi de nouveau, et il sera relié aussitôt.
channel-head =
    📣 <b>{ $title }</b>
    { $state ->
        [connected] 🟢 Relié : je peux y travailler.
        [rights_missing] 🟠 Il me manque des droits. Les abonnés restent ; les entrées et les sorties attendent.
       *[gone] 🔴 Injoignable : supprimé, ou je n’y suis plus. Les paiements restent acquis. Nommez-moi de nouveau administrateur.
    }
right-invite_users = { $given ->
    [yes] ✅ Inviter par lien
   *[no] ❌ Inviter par lien : manque. Sans lui, personne ne peut entrer.
  }
right-ban_users = { $given ->
    [yes] ✅ Bannir des membres
   *[no] ❌ Bannir des membres : manque. Sans lui, personne ne sort à la fin.
  }
channel-figures =
    { $plans ->
        [0] 🎫 Aucun abonnement ne l’ouvre encore
        [one] 🎫 { $plans } abonnement l’ouvre
       *[other] 🎫 { $plans } abonnements l’ouvrent
    }
    { $differences ->
        [0] 🔍 Aucun écart entre les membres et les paiements
        [one] 🔍 { $differences } écart entre les membres et les paiements
       *[other] 🔍 { $differences } écarts entre les membres et les paiements
    }
channel-enforcement = { $mode ->
    [act] 🚪 Qui est là sans avoir payé est exclu ; qui a payé et manque reçoit son lien.
   *[list] 👁 Les écarts vous sont montrés ; je ne fais sortir que ceux dont le temps est fini ou qui sont venus par le lien d’un autre.
  }
channel-checked = { $state ->
    [connected] Tout est en ordre : j’ai les deux droits.
    [rights_missing] Il manque encore un droit.
   *[gone] Je ne trouve pas ce canal.
  }
guide-1 =
    <b>1. Ouvrez votre canal</b>
    Touchez son nom en haut, puis le crayon, puis « Administrateurs ».
guide-2 =
    <b>2. Touchez « Ajouter un administrateur »</b>
    Si je suis déjà dans la liste, touchez mon nom et passez à l’étape 4.
guide-3 =
    <b>3. Cherchez-moi par mon nom</b>
    Écrivez le nom du bot et touchez-le.
guide-4 =
    <b>4. Laissez ces deux droits allumés</b>
    « Inviter par lien » pour faire entrer vos abonnés, « Bannir des membres » pour les faire sortir à la fin. Aucun autre n’est nécessaire.
guide-end = C’est tout : je vous écris dès que le canal est relié. Le bouton ci-dessous fait les étapes 1 à 3 d’un coup.
events-none = 🕓 Rien à signaler dans ce canal.
events-head = 🕓 <b>Ce qui s’est passé</b> – { $count ->
        [one] { $count } événement
       *[other] { $count } événements
    }
event-line =
    <b>{ MOMENT($when) }</b>
    { $kind ->
        [connected] 🟢 Canal relié
        [rights_lost] 🟠 Des droits me manquent
        [rights_back] ✅ Droits retrouvés
        [gone] 🔴 Canal injoignable
        [stranger] 🚷 { $who } est venu par le lien d’un autre
        [without_grant] 👤 { $who } est là sans avoir payé
       *[missing] 🚪 { $who } a payé et n’est pas là
    }{ $done ->
        [removed] {" "}– exclu
        [removing] {" "}– exclusion en cours
        [kept-out] {" "}– resté à la porte
        [admin] {" "}– administrateur : vous seul pouvez l’exclure
        [banned] {" "}– banni à la main
        [settled] {" "}– réglé
       *[none] {""}
    }
differences-none = 🔍 <b>{ $title }</b> : qui a payé est là, et personne d’autre.
differences-head =
    🔍 <b>{ $title }</b> : les écarts
    { $mode ->
        [act] Je les corrige au fur et à mesure.
       *[list] Je vous les montre seulement ; le réglage est sur la page du canal.
    }
differences-strangers = { $count ->
    [one] 👤 { $count } personne là sans avoir payé :
   *[other] 👤 { $count } personnes là sans avoir payé :
  }
differences-missing = { $count ->
    [one] 🚪 { $count } abonné qui n’est pas là :
   *[other] 🚪 { $count } abonnés qui ne sont pas là :
  }
differences-stranger = <a href="tg://user?id={ $id }">{ $name }</a>
differences-member = { $name } ({ $plan })

my-plans = { $count ->
    [0] 🎫 <b>Mes abonnements à vendre</b>
        Vous n’en avez pas encore. Un abonnement vend un temps d’accès à un ou plusieurs de vos canaux.
    [one] 🎫 <b>Mes abonnements à vendre</b> – { $count } abonnement, avec le nombre d’abonnés
    *[other] 🎫 <b>Mes abonnements à vendre</b> – { $count } abonnements, avec le nombre d’abonnés
  }
my-plan =
    🎫 <b>{ $title }</b>
    { $state ->
        [open] 🟢 En vente
        [draft] 📝 Brouillon, invisible pour les acheteurs
        [shop-closed] ⚪️ Publié, mais votre boutique est fermée : personne ne peut l’acheter
        [paused] ⏸ Vente suspendue ; les abonnés restent et ne peuvent pas renouveler
       *[closed] ⚪️ Fermé ; les abonnés restent jusqu’à leur terme
    }
    💶 { $price } · { $term }
    📣 { $channels }
    👥 { $members ->
        [0] Aucun abonné
        [one] { $members } abonné
       *[other] { $members } abonnés
    }
plan-made = 📝 Le brouillon est prêt. Réglez l’essai, les places ou le délai de grâce si vous voulez, puis mettez en vente.
plan-closing =
    ✖️ Fermer <b>{ $title }</b> pour de bon ?
    { $members ->
        [0] Personne n’est abonné.
       *[other] { $unit ->
            [lifetime] Qui l’a acheté le garde pour toujours.
           *[other] { $members ->
                [one] Votre abonné reste jusqu’à son terme et ne pourra pas renouveler.
               *[other] Vos { $members } abonnés restent jusqu’à leur terme et ne pourront pas renouveler.
            }
        }
    } Pour arrêter un moment seulement, suspendez la vente.

ask-title = Comment s’appelle cet abonnement ? Les acheteurs verront ce nom. Par exemple : Le club de couture.
ask-channels = Quels canaux ouvre-t-il ? Touchez pour cocher ou décocher.
ask-length = Combien de temps dure-t-il ? Touchez, ou écrivez par exemple « 45 jours », « 6 mois », une date de fin comme « 31/12/2027 », ou « pour toujours ».
ask-stars = Quel est son prix en Stars ? Écrivez un nombre, par exemple 500.
ask-site = Quel est son prix sur le site ? Écrivez par exemple « 9,99 € » ou « 9,99 USD » ; dans plusieurs monnaies, une ligne pour chacune.
ask-recurring = Telegram doit-il le renouveler seul tous les 30 jours ? Cela vaut pour les Stars ; l’acheteur résilie quand il veut.
ask-trial-days = Combien de jours d’essai gratuit ? Touchez, ou écrivez un nombre. Chacun n’a qu’un essai dans votre boutique : dans le bot sans carte, ou sur le site avec une carte, débitée du prix à la fin.
ask-grace-days = Combien de jours l’accès continue-t-il après le terme, le temps de renouveler ? Touchez, ou écrivez un nombre.
ask-places = Combien d’abonnés au plus ? Touchez, ou écrivez un nombre.
ask-audience = Qui peut l’acheter ?
ask-joining = Comment entre-t-on dans le canal ? La demande est le plus sûr : le lien ne marche que pour l’acheteur.
ask-starts = Quand le temps commence-t-il ?
ask-description = Écrivez en quelques phrases ce que l’on y trouve.

setting-title = Nom
setting-description = Description
setting-length = Durée
setting-recurring = Renouvellement
setting-trial-days = Essai
setting-grace-days = Délai de grâce
setting-places = Places
setting-audience = Pour qui
setting-joining = Entrée
setting-starts = Début
choice-recurring = { $value ->
    [yes] Par Telegram, tous les 30 jours
   *[no] Jamais sans un appui
  }
choice-trial-days = { $count ->
    [0] Pas d’essai
    [one] { $count } jour
   *[other] { $count } jours
  }
choice-grace-days = { $value ->
    [none] Aucun ; 3 jours si Telegram renouvelle
   *[number] { $count ->
        [0] Aucun délai
        [one] { $count } jour
       *[other] { $count } jours
    }
  }
choice-places = { $value ->
    [none] Sans limite
   *[number] { $count } au plus
  }
choice-audience = { $value ->
    [newcomers] Les nouveaux venus
    [active] Mes abonnés actuels
    [past] Mes anciens abonnés
    [code] Ceux qui ont un code
   *[all] Tout le monde
  }
choice-joining = { $value ->
    [one_use] Lien d’une fois, 5 minutes
   *[request] Demande acceptée par le bot
  }
choice-starts = { $value ->
    [entry] À la première entrée
   *[payment] Au paiement
  }
plan-settings = ⚙️ <b>{ $title }</b> : touchez ce que vous voulez changer. Ce qui est déjà vendu ne change pas.
plan-setting = { $name } : <b>{ $value }</b>
codes-head =
    🔑 { $count ->
        [0] Aucun code encore.
        [one] { $count } code :
       *[other] { $count } codes :
    }
codes-how = Écrivez un code pour l’ajouter, par exemple « PRINTEMPS », ou « PRINTEMPS 50 » pour qu’il serve 50 fois au plus.
code-line = • <code>{ $code }</code> – { $uses ->
    [-1] sans limite
    [0] épuisé
    [one] encore { $uses } fois
   *[other] encore { $uses } fois
  }

plan-members-none = 👥 <b>{ $title }</b> n’a pas encore d’abonné.
plan-members = 👥 <b>{ $title }</b> – { $count ->
        [one] { $count } personne
       *[other] { $count } personnes
    }
plan-member = • { $name } – { $state }{ $ends ->
    [0] {""}
   *[other] , jusqu’au { DAY($ends) }
  }
member-state-pending = a payé, pas encore entré
member-state-trialing = à l’essai
member-state-active = en cours
member-state-lifetime = pour toujours
member-state-past_due = en délai de grâce
member-state-paused = en pause
member-state-cancelled = résilié, court encore
member-state-revoked = accès fermé
member-state-expired = terminé
members-question =
    👥 <b>Abonnés</b>
    Qui cherchez-vous ? Écrivez /membres suivi de mots du nom, d’un @identifiant ou d’un numéro Telegram.
members-none = 👥 Aucun abonné ne correspond. Essayez avec moins de mots.
members-found = 👥 { $count ->
        [one] 1 abonnement
       *[other] { $count } abonnements
    }
member-of-plan =
    👤 <b>{ $name }</b>
    { $plan } – { $state }{ $ends ->
        [0] {""}
       *[other] , jusqu’au { DAY($ends) }
    }
member-of-plan-ended = Pourquoi c’est terminé : { $by ->
        [time] le temps était écoulé
        [refund] l’argent a été rendu
        [dispute] une banque conteste le paiement
        [staff] exclu par l’équipe ({ put-out-choice })
        [seller] exclu par le vendeur ({ put-out-choice })
       *[other] inconnu
    }
member-of-plan-barred = 🚫 Exclu : cette personne ne peut ni revenir ni racheter dans cette boutique tant qu’on ne la laisse pas rentrer.
put-out-choice = { $why ->
    [violation_terms] Règles non respectées
    [abuse] Insultes ou harcèlement
    [unpaid] Paiement contesté ou manquant
    [on_request] À sa demande
   *[other] Autre raison
  }
put-out-question =
    🚫 <b>Exclure { $name } ?</b>
    Tous ses accès à cette boutique s’arrêtent aussitôt, et cette personne reste exclue jusqu’à ce que quelqu’un la laisse rentrer. Elle lit la raison. Laquelle est-ce ?
put-out-confirm =
    🚫 <b>Exclure { $name } ?</b>
    Raison : { put-out-choice }
    L’accès s’arrête aussitôt. L’argent est une autre question : l’équipe décide de ce que devient le temps payé et pas utilisé.
put-out-words =
    ✍️ <b>Exclure { $name } ?</b>
    Raison : { put-out-choice }
    Écrivez ce que la personne doit lire à côté, { $limit } caractères au plus. Dès l’envoi, elle est exclue.
put-out-done = { $count ->
    [0] Exclusion notée : aucun accès ne courait plus.
   *[other] C’est fait : la personne est exclue et sait pourquoi.
  }
let-in-done = La personne peut racheter et revenir, et elle est prévenue.
import-question =
    📥 Envoyez un fichier CSV, ou ses lignes dans un message. La première ligne nomme les colonnes :
    <code>telegram_id,days,name</code>
    <code>123456789,45,Anne</code>
    Au lieu de <code>days</code>, la colonne <code>ends_at</code> donne une date de fin, comme 2027-01-31, ou <code>never</code>. Envoyé deux fois, le même fichier n’ajoute rien.
import-begun = { $count ->
        [0] 📥 Personne à importer
        [one] ⏳ Import de { $count } abonné. Je vous écris à la fin
       *[other] ⏳ Import de { $count } abonnés. Je vous écris à la fin
    }{ $errors ->
        [0] .
        [one] . 1 ligne est refusée :
            { $lines }
       *[other] . { $errors } lignes sont refusées :
            { $lines }
    }
import-done =
    📥 { $added ->
        [0] Aucun abonné ajouté
        [one] { $added } abonné ajouté
       *[other] { $added } abonnés ajoutés
    }{ $skipped ->
        [0] {""}
       *[other] , { $skipped } déjà là
    }{ $errors ->
        [0] .
        [one] , 1 ligne refusée :
            { $lines }
       *[other] , { $errors } lignes refusées :
            { $lines }
    }
import-line = • ligne { $number } : { $why }
figures-head = 📊 <b>Mes chiffres</b> – { $count ->
        [0] personne encore
        [one] { $count } personne
       *[other] { $count } personnes
    }
figures-state = • { $state } : { $count }
figures-month =
    <b>{ $month }</b> : { $paid }
    { $members ->
        [one] { $members } abonné au début
       *[other] { $members } abonnés au début
    }, +{ $gained } −{ $lost }{ GIVEN($rate) ->
        [yes] , { $rate } % de départs
       *[no] {""}
    }

error-import-file-too-large = Le fichier dépasse { SIZE($limit) }. Divisez-le et importez les parties.
error-import-not-text = Ce fichier n’est pas un CSV en UTF-8. Enregistrez-le de nouveau depuis votre tableur comme « CSV UTF-8 ».
error-plan-dialog-lost = Trop de temps a passé depuis le début. Recommencez avec /plans.
channel-enforcing =
    🚪 Faire sortir de <b>{ $title }</b> toute personne qui entre sans abonnement ?
    Regardez d’abord les écarts : quiconque vous a payé autrement sort aussi, sauf si vous l’importez.
button-enforce-yes = 🚪 Oui, les faire sortir
button-back-to-channel = ‹ Le canal
