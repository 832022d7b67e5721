button-subscribe = ⭐ S’abonner · { $price }
button-renew-for = 🔁 Renouveler · { $price }
button-trial =
    🎁 { $days ->
        [one] { $days } jour d’essai gratuit
       *[other] { $days } jours d’essai gratuit
    }
button-code = 🔑 J’ai un code
button-memberships = 🎫 Mes abonnements
button-enter = 🚪 Recevoir mon lien
button-pause = ⏸ Mettre en pause
button-card-portal = 💳 Carte et factures
button-unsubscribe = ✖️ Résilier

command-status = Mes abonnements : état, jours restants, lien
command-renew = Renouveler un abonnement
command-cancel = Résilier, ou annuler la question en cours

plan-head =
    🎫 <b>{ $title }</b>
    par { $seller }
plan-length = { $unit ->
    [days] { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
    [months] { $count ->
        [1] 1 mois
        [12] 1 an
       *[other] { $count } mois
    }
    [lifetime] pour toujours
   *[until] jusqu’au { DAY($until) }
  }
plan-access = ⏳ Durée : { $unit ->
    [days] { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
    [months] { $count ->
        [1] 1 mois
        [12] 1 an
       *[other] { $count } mois
    }
    [lifetime] pour toujours
   *[until] jusqu’au { DAY($until) }
  }
plan-channels = { $count ->
    [0] 📣 Pas encore de canal
   *[other] 📣 Accès à : <b>{ $channels }</b>
  }
plan-price = 💶 <b>{ $prices }</b> · { $term }
plan-length-only = ⏳ { $term }
plan-recurring = 🔁 Telegram renouvelle tous les 30 jours ; vous résiliez quand vous voulez
plan-renews-card = 🔁 Par carte, il se renouvelle seul { $unit ->
        [months] { $count ->
            [one] chaque mois
           *[other] tous les { $count } mois
        }
       *[other] tous les { $count } jours
    } ; vous résiliez quand vous voulez
plan-from-entry = ⏱ Votre durée commence à votre première entrée
plan-trial = { $days ->
    [one] 🎁 { $days } jour d’essai gratuit : rien n’est débité à la fin
   *[other] 🎁 { $days } jours d’essai gratuit : rien n’est débité à la fin
  }
plan-places = { $count ->
    [0] 👥 Plus aucune place
    [one] 👥 Encore { $count } place
   *[other] 👥 Encore { $count } places
  }
plan-note = { $why ->
    [already-lifetime] ♾ Tout ceci est déjà à vous pour toujours : il n’y a rien à acheter.
    [plan-closed] ⏸ Cet abonnement n’est pas en vente en ce moment.
    [plan-over] ⌛️ Sa date de fin est passée.
    [plan-full] 👥 Toutes les places sont prises. Revenez plus tard : une place se libère quand un abonné part.
    [plan-code-needed] 🔑 Il faut un code pour s’abonner. Vous en avez un ? Touchez le bouton.
    [barred] 🚫 Vous avez été exclu des canaux de cette boutique : vous ne pouvez rien y acheter tant qu’on ne vous a pas laissé rentrer. Une question : /support
   *[plan-audience] { $audience ->
        [newcomers] 👋 Réservé à ceux qui n’ont jamais été abonnés de cette boutique.
        [active] 🎫 Réservé aux abonnés actuels de cette boutique.
       *[past] ↩️ Réservé aux anciens abonnés de cette boutique.
    }
  }
code-question = 🔑 Quel est votre code ? Écrivez-le tel que vous l’avez reçu ; les majuscules ne comptent pas.
trial-begun = Votre essai commence ! Votre accès arrive dans un instant.
way-in-coming = Votre accès arrive dans un instant.
cancel-taken = C’est résilié : vous gardez votre accès jusqu’à la fin.
cancel-asked = Je demande l’arrêt des débits. Je vous écris dès que c’est fait.
keep-taken = C’est noté : votre abonnement continue.
keep-asked = Je demande que le renouvellement reprenne. Je vous écris dès que c’est fait.
pause-taken = En pause : vos jours restants vous attendent.
resume-taken = Heureux de vous revoir ! Votre accès arrive dans un instant.

status-none =
    🎫 Vous n’avez pas encore d’abonnement.
    Ils se trouvent dans le catalogue. Vous avez payé sur le site ? Ouvrez de nouveau la page de votre commande : elle vous donne un nouveau lien vers moi.
status-head =
    🎫 <b>Mes abonnements</b> – { $count ->
        [one] { $count } abonnement
       *[other] { $count } abonnements
    }
member-summary =
    <b>{ $title }</b> · { $seller }
    { $state ->
        [pending] 🕓 Payé. Votre durée commence à votre première entrée.
        [trialing] 🎁 À l’essai : { $days ->
            [one] encore 1 jour
           *[other] encore { $days } jours
        }, jusqu’au { MOMENT($ends) }.{ $charged ->
            [yes] { "" }
           *[no] { " " }Rien n’est débité à la fin.
        }
        [active] ✅ En cours : { $days ->
            [one] encore 1 jour
           *[other] encore { $days } jours
        }, jusqu’au { MOMENT($ends) }.
        [lifetime] ♾ À vous pour toujours : il ne se termine pas, et plus rien n’est débité.
        [past_due] ⚠️ Arrivé à son terme le { MOMENT($ends) }. Vous gardez votre accès jusqu’au { MOMENT($deadline) } : renouvelez d’ici là.
        [paused] ⏸ En pause : { $days ->
            [one] 1 jour vous attend
           *[other] { $days } jours vous attendent
        }.
        [cancelled] ✖️ Résilié : { $days ->
            [one] encore 1 jour
           *[other] encore { $days } jours
        }, jusqu’au { MOMENT($ends) }, puis il s’arrête.
        [revoked] 🚫 Accès fermé. { GIVEN($reason) ->
            [yes] Motif : { $reason }
           *[no] Une question : /support
        }
       *[expired] ⌛️ Terminé.
    }
member-place = { $inside ->
    [yes] ✅ { $channel } : vous y êtes
   *[no] 🚪 { $channel } : vous n’y êtes pas
  }
member-charged-card = 🔁 Votre carte est débitée à chaque fin de période, jusqu’à votre résiliation.
member-failed-card = 💳 Votre carte n’a pas pu être débitée. Touchez « Carte et factures » pour en changer ou payer la facture en attente : rien d’autre n’est à faire.
member-held-card = 💳 Votre carte n’est pas débitée pendant votre absence : le prochain débit vient quand les jours qui vous attendent sont écoulés.
card-portal-coming = La page avec votre carte et vos factures arrive dans un instant.
card-portal =
    💳 <b>{ $title }</b>
    Votre carte, vos factures et la fin de vos paiements, chez Stripe : <a href="{ $link }">ouvrir la page</a>
    Ce lien est à vous seul et s’ouvre pendant quelques minutes. Demandez-en un autre quand vous voulez.
member-charged = 🔁 Telegram débite cet abonnement tous les 30 jours, jusqu’à ce que vous le résiliiez.
renew-none = Vous n’avez rien à renouveler en ce moment. Vos abonnements sont dans /status, d’autres dans le catalogue.
renew-which = 🔁 Quel abonnement voulez-vous renouveler ? La nouvelle durée s’ajoute à la fin : vous ne perdez aucun jour.
renew-how =
    🔁 <b>{ $title }</b> · { $term }
    La nouvelle durée s’ajoute à celle qui vous reste. Comment voulez-vous payer ?
renew-not = <b>{ $title }</b> ne peut pas être renouvelé ici en ce moment. Regardez ce qui est en vente, ou demandez à l’équipe.
cancel-none = Vous n’avez rien à résilier : sans un appui de votre part, rien n’est débité, et un essai s’arrête de lui-même. Vos abonnements : /status
cancel-which = ✖️ Que voulez-vous résilier ? Vous gardez votre accès jusqu’à la fin de ce que vous avez payé, et un appui suffit pour changer d’avis.
subscription-invoice =
    🔁 <b>{ $title }</b>
    { $price } tous les 30 jours, débités par Telegram. Vous résiliez à tout moment avec /cancel, et vous gardez alors votre accès jusqu’à la fin des jours payés.
invoice-description-membership = { $title } – commande { $number }. Votre accès arrive ici dès le paiement.
claim-done-membership =
    ✅ La commande <b>{ $number }</b> est maintenant à vous : <b>{ $title }</b>.

    Votre accès arrive dans un instant. /status vous le redonne à tout moment.
claim-done-listing =
    ✅ La commande <b>{ $number }</b> est maintenant à vous : <b>{ $title }</b>.

    Les frais sont payés, et ce qui les attendait continue de lui-même.
claim-held =
    ⚠️ La commande <b>{ $number }</b> est à vous et payée : <b>{ $title }</b>.

    Mais : { $why }

    Le support est prévenu et vous écrit ici. Votre argent est en sécurité.
stars-fail-site =
    ⚠️ <b>Les Stars ne répondent pas en ce moment</b>
    Rien n’a été débité. Vous pouvez payer <b>{ $title }</b> sur le site, ou réessayer ici plus tard.
stars-fail =
    ⚠️ <b>Les Stars ne répondent pas en ce moment</b>
    Rien n’a été débité. Réessayez dans quelques minutes ; si cela continue, écrivez à l’équipe.
guesses-stopped = 🛑 { $kind ->
        [code] Trop de codes qui ne sont pas valables. Je n’en lis plus de vous pour le moment : réessayez dans { DURATION($seconds) }, ou demandez le bon au vendeur.
       *[start] Trop de liens qui n’existent pas. Je n’en lis plus de vous pour le moment : réessayez dans { DURATION($seconds) }. Le bon est sur la page de votre commande.
    } Pour toute question : /support
staff-start-guessed = 🛑 { $who } ({ $telegram_id }) essaie des liens de retrait au hasard : 20 faux en une heure. Je n’en lis plus de cette personne pendant une heure.
staff-code-guessed = 🛑 { $who } ({ $telegram_id }) essaie au hasard des codes d’accès de <b>{ $title }</b> : 20 faux en une heure. Je n’en lis plus de cette personne pendant une heure ; le vendeur est prévenu.
seller-code-guessed = 🛑 { $who } essaie au hasard des codes d’accès de <b>{ $title }</b> : 20 faux en une heure. Je n’en lis plus de cette personne pendant une heure. Un code long qui n’est pas un mot se devine mal : changez le vôtre s’il est court.
staff-web-guessed = 🛑 Quelqu’un essaie au hasard des liens, des sessions ou des jetons sur le web : plus de 30 qui n’existent pas en une minute, depuis une même adresse. Les suivants sont refusés, les bons passent toujours. Le journal de l’API donne l’adresse (« guessing »).
button-plan-change = 🔀 Changer de formule
button-plan-agree = ✅ Changer, { $amount } maintenant
plan-change-which = 🔀 Pour quelle formule voulez-vous changer ? Ce qui reste de la formule actuelle est déduit du prix, et vous voyez le montant avant d’accepter.
plan-preview-coming = Le montant arrive dans un instant.
plan-change-coming = Le changement est en cours. Un message vous dit quand c’est fait.
plan-offer =
    🔀 <b>{ $title }</b> → <b>{ $plan }</b>
    Maintenant : <b>{ $due }</b>, ce qui reste de la formule actuelle étant déduit. Ensuite { $price }, la prochaine fois le { MOMENT($next) }.
    Les canaux de la formule actuelle se ferment avec le changement, sauf si la nouvelle les ouvre aussi.
plan-refused =
    🔀 <b>{ $plan }</b> : rien n’a été changé
    { $why ->
        [card] Votre carte n’a pas été débitée : elle, ou sa banque, a refusé. Donnez une autre carte, puis redemandez le changement.
        [less] Il reste plus de votre formule actuelle que la nouvelle ne coûte. Résiliez-la, restez jusqu’à la fin, et prenez alors l’autre.
       *[gone] Vous ne pouvez plus passer à cette formule. Votre abonnement continue comme avant.
    }
