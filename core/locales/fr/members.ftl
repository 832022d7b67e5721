button-membership = 🎫 Mon abonnement
button-renew = 🔁 Renouveler
button-subscribe-now = ⭐ S’abonner
button-keep = ↩️ Garder mon abonnement
button-resume = ▶️ Reprendre
button-join = 🚪 Rejoindre { $channel }
button-see-plan = 🎫 Voir l’abonnement
button-channel = 📣 Le canal

admit-paid =
    ✅ <b>Paiement confirmé, bienvenue !</b>
    <b>{ $title }</b>
admit-renewed =
    ✅ <b>Paiement confirmé, votre durée est prolongée.</b>
    <b>{ $title }</b>
admit-trial =
    🎁 <b>Votre essai gratuit commence.</b>
    <b>{ $title }</b>
    Rien ne sera débité à la fin.
admit-reissued =
    🎫 <b>{ $title }</b>
    Voici votre accès :
admit-resumed =
    ▶️ <b>Heureux de vous revoir !</b>
    <b>{ $title }</b> reprend avec tous les jours qu’il vous restait.
admit-restored =
    🎫 <b>{ $title }</b>
    Votre accès est de nouveau ouvert. Revenez par ici :
admit-until = Accès jusqu’au { MOMENT($ends) }.
admit-lifetime = Accès pour toujours : il ne se termine pas, et plus rien n’est débité.
admit-at-entry = Votre durée commence à votre première entrée : vous ne perdez rien à attendre.
admit-inside = Vous y êtes déjà : il n’y a rien d’autre à faire.
admit-request = { $count ->
    [one] Touchez le bouton et demandez à rejoindre : vous entrez aussitôt.
   *[other] Touchez chaque bouton et demandez à rejoindre : vous entrez aussitôt.
  } Le lien ne marche que pour vous.
admit-one-use = { $count ->
    [one] Le lien sert une seule fois, pendant 5 minutes, et à vous seul.
   *[other] Chaque lien sert une seule fois, pendant 5 minutes, et à vous seul.
  } Trop tard ? /status vous en donne un nouveau.

member-joined =
    👋 <b>Vous êtes dans { $channel }.</b>
    { $title } : { $ends ->
        [0] accès pour toujours
       *[other] accès jusqu’au { MOMENT($ends) }
    }. Votre abonnement à tout moment : /status
member-warned =
    ⏳ <b>{ $title }</b> se termine dans { $days ->
        [one] 1 jour
       *[other] { $days } jours
    }, le { MOMENT($ends) }.
    Renouvelez dès maintenant sans rien perdre : la nouvelle durée s’ajoute à la fin. Rien n’est débité si vous ne renouvelez pas.
trial-warned =
    ⏳ <b>Votre essai gratuit de { $title }</b> se termine dans { $days ->
        [one] 1 jour
       *[other] { $days } jours
    }, le { MOMENT($ends) }.
    Pour rester, prenez un abonnement d’ici là. Sinon l’accès s’arrête simplement : rien n’est débité.
member-grace =
    ⚠️ <b>{ $title } est arrivé à son terme</b>
    Vous gardez votre accès jusqu’au { MOMENT($deadline) }. Renouvelez d’ici là pour rester.
member-expired =
    ⌛️ <b>{ $title } est terminé</b>
    Vous êtes sorti du canal et pouvez revenir à tout moment : renouvelez, et vous recevez un nouvel accès.
trial-ended =
    ⌛️ <b>Votre essai gratuit de { $title } est terminé</b>
    Rien n’a été débité. Si cela vous a plu, prenez un abonnement : vous recevez aussitôt un nouvel accès.
member-revoked =
    🚫 <b>Votre accès à { $title } a été fermé</b>
    Raison : { put-out-reason }{ GIVEN($reason) ->
        [yes] . En toutes lettres : { $reason }
       *[no] .
    }
    Vous ne pouvez ni revenir ni racheter ici tant qu’on ne vous a pas laissé rentrer. L’équipe examine ce que vous aviez payé et pas encore utilisé.
    Si vous pensez que c’est une erreur, écrivez à l’équipe : /support
put-out-reason = { $why ->
    [violation_terms] les règles du canal n’ont pas été respectées
    [abuse] d’autres abonnés ou l’équipe ont été insultés ou harcelés
    [unpaid] un paiement est contesté ou manque
    [on_request] vous l’avez demandé
   *[other] une décision du vendeur ou de l’équipe
  }
member-let-in =
    ↩️ <b>Vous pouvez revenir dans { $title }</b>
    Plus rien ne vous en empêche. Ce qui était terminé le reste : prenez un abonnement et vous recevez un nouvel accès.
member-paused =
    ⏸ <b>{ $title } est en pause</b>
    Vous gardez { DURATION($seconds) } pour votre retour. D’ici là, vous n’êtes plus dans le canal.
member-cancelled =
    ✔️ <b>{ $title } ne sera pas renouvelé</b>
    Vous gardez votre accès jusqu’au { MOMENT($ends) }. Vous changez d’avis ? Un appui suffit.
member-plan-closed =
    ✔️ <b>{ $title } n’est plus proposé</b>
    Vous gardez votre accès jusqu’au { MOMENT($ends) }, et plus rien n’est débité.
member-held-for-ever =
    ✔️ <b>{ $title } n’est plus débité</b>
    Tout ce qu’il ouvre est à vous pour toujours. Ce que vous aviez payé court à côté jusqu’au { MOMENT($ends) }.
member-uncancelled =
    ↩️ <b>{ $title } continue</b>
    La résiliation est annulée.
member-restorable =
    ↩️ <b>{ $title } peut de nouveau être renouvelé</b>
    Telegram ne laisse que vous le réactiver : Paramètres → Mes Étoiles → votre abonnement → Renouveler.
member-channel-gone =
    ⚠️ <b>Le canal de { $title } est injoignable</b>
    Votre paiement est en sûreté. L’équipe et le vendeur sont prévenus et vous écriront.
join-declined =
    🚪 <b>{ $channel }</b>
    { $reason ->
        [ended] Votre abonnement est terminé. Renouvelez-le et vous entrez aussitôt.
        [paused] Votre abonnement est en pause. Reprenez-le et vous entrez aussitôt.
        [revoked] Votre accès a été fermé. Une question : /support
        [barred] Vous avez été exclu de ce canal et ne pouvez ni revenir ni racheter ici tant qu’on ne vous a pas laissé rentrer. Si c’est une erreur, écrivez à l’équipe : /support
       *[other] Ce canal est réservé aux abonnés. Prenez un abonnement et vous entrez aussitôt.
    }
join-failed =
    🚪 <b>{ $channel }</b> : vous n’y êtes pas encore
    { $why ->
        [too_many] Vous êtes dans autant de canaux et de groupes que Telegram le permet (500, ou 1 000 avec Premium). Quittez-en un, puis demandez de nouveau votre lien ici : vous entrez aussitôt.
        [banned] Un administrateur du canal vous y a banni. Votre abonnement reste valable : le vendeur est prévenu et peut lever le bannissement. Une question : /support
        [blocked] Telegram indique que vos réglages de confidentialité, ou un blocage, empêchent de vous laisser entrer. Levez-le, puis demandez de nouveau votre lien ici. L’équipe vous aide : /support
        [full] Le canal compte autant de membres que Telegram le permet. Votre abonnement reste valable et le vendeur est prévenu. Une question : /support
        [waiting] Telegram, ou des droits qui manquent au bot dans le canal, vous font attendre. Vous n’avez rien à faire : le bot réessaie jusqu’à ce que vous y soyez. Si cela dure plus d’une heure : /support
        [unreachable] Le canal n’est plus joignable. Votre paiement est en sûreté : le vendeur est prévenu. Une question : /support
       *[trouble] Telegram a refusé pour une raison que nous ne connaissons pas encore. Votre abonnement reste valable : l’équipe est prévenue et regarde. Vous pouvez aussi demander de nouveau votre lien ici.
    }
stranger-removed =
    🚪 <b>{ $channel }</b> est réservé aux abonnés, et ce lien était celui de quelqu’un d’autre.
    Prenez un abonnement et vous recevez un lien à vous.

channel-door-shut =
    🚪 <b>{ $channel } : un abonné ne peut pas entrer</b>
    { $why ->
        [banned] Cette personne a été bannie à la main dans le canal, et son abonnement court. Levez le bannissement dans Telegram (canal, utilisateurs supprimés), ou excluez-la.
        [full] Le canal compte autant de membres que Telegram le permet. Retirez-en, ou offrez un autre canal avec l’abonnement.
       *[other] Telegram indique qu’un blocage la sépare du canal. Regardez les utilisateurs supprimés.
    }
channel-code-idle =
    📣 <b>Votre code a été publié dans { $channel }</b>
    { $whose ->
        [other] Ce canal est relié à une autre boutique, et le reste. S’il est à vous, écrivez à /support. Le code a servi.
       *[own] Il est déjà relié à votre boutique, et rien n’a changé. Le code a servi.
    }
channel-connected =
    📣 <b>{ $channel } est relié</b>
    Le bot a tous les droits qu’il lui faut. Vous pouvez maintenant y proposer des abonnements.
channel-rights-lost =
    🚨 <b>{ $channel } : il manque des droits au bot</b>
    { $invite_users ->
        [no] ❌ Inviter par lien
       *[yes] ✅ Inviter par lien
    }
    { $ban_users ->
        [no] ❌ Bannir des membres
       *[yes] ✅ Bannir des membres
    }
    Les abonnés restent, mais plus personne ne peut entrer ni être sorti. Rendez les droits dans le canal : Administrateurs → le bot.
channel-rights-back =
    ✅ <b>{ $channel } : le bot a retrouvé ses droits</b>
    Ce qui attendait se fait maintenant.
channel-gone =
    🚨 <b>{ $channel } est injoignable</b>
    Le canal a été supprimé, ou le bot en a été retiré. Les paiements restent acquis. Nommez de nouveau le bot administrateur, ou remboursez vos abonnés.

error-plan-unknown = Cet abonnement n’existe pas, ou n’est plus proposé. Voyez le /catalogue.
error-barred = Vous avez été exclu des canaux de cette boutique : rien ne peut vous y être vendu. Rien n’a été débité. Si vous pensez que c’est une erreur, écrivez à l’équipe : /support
error-barred-by-staff = C’est l’équipe qui a exclu cette personne, elle seule peut la laisser rentrer. Demandez-lui : /support
error-plan-closed = Cet abonnement n’est pas en vente en ce moment. Rien n’a été débité. Cherchez-en un autre dans le /catalogue.
error-plan-over = La date de fin de cet abonnement est passée. Rien n’a été débité.
error-plan-full = Toutes les places de cet abonnement sont prises. Rien n’a été débité. Réessayez plus tard : une place se libère quand un abonné part.
error-plan-audience = { $audience ->
    [newcomers] Cet abonnement est réservé à ceux qui n’ont jamais été abonnés de cette boutique.
    [active] Cet abonnement est réservé aux abonnés actuels de cette boutique.
   *[past] Cet abonnement est réservé aux anciens abonnés de cette boutique.
  } Rien n’a été débité. Un autre vous conviendra peut-être.
error-plan-code-needed = Cet abonnement demande un code. Donnez le code que vous avez reçu, ou demandez-en un au vendeur.
error-plan-terms = { $field ->
    [count] Cette durée n’est pas possible. Écrivez par exemple « 30 jours », « 6 mois », « 1 an » ou « pour toujours » : 3660 jours ou 120 mois au plus.
    [until] Cette date n’est pas possible. Écrivez une date à venir, comme « 31/12/2027 ».
    [trial_days] L’essai dure de 0 à 90 jours. Un abonnement qui court jusqu’à une date fixe ou pour toujours n’en a pas.
    [grace_days] Le délai de grâce va de 0 à 30 jours : écrivez un nombre entier. Un abonnement pour toujours n’en a pas.
    [places] Le nombre de places est un nombre entier, au moins 1.
    [recurring] Telegram ne renouvelle seul que tous les 30 jours. Choisissez d’abord une durée de 30 jours.
    [starts] Ici le temps ne peut commencer qu’au paiement : l’abonnement court jusqu’à une date fixe ou pour toujours, ou Telegram le renouvelle.
    [prices] Telegram ne renouvelle pas au-delà de 10 000 Stars. Baissez le prix en Stars, ou laissez l’abonné renouveler.
    [uses] Un code sert au moins une fois.
   *[other] Cette valeur n’est pas possible ici. Choisissez l’une de celles qui sont proposées.
  }
error-plan-has-members = Des abonnés ont payé pour ce canal : il ne peut pas être retiré. Fermez cet abonnement et créez-en un autre.
error-plan-length-fixed = Quelqu’un a commandé cet abonnement : il ne peut ni devenir valable pour toujours, ni cesser de l’être. Créez-en un autre pour les mêmes canaux : les acheteurs voient les deux côte à côte.
error-no-channel = Cet abonnement n’ouvre encore aucun canal. Reliez un canal et choisissez-le avant la mise en vente.
error-no-trial = Cet abonnement n’a pas d’essai gratuit. Sa page en donne le prix.
error-trial-used = Vous avez déjà eu votre essai gratuit dans cette boutique. Vous pouvez prendre un abonnement à tout moment.
error-already-member = Vous avez déjà cet abonnement : il n’y a rien à acheter. Voyez-le avec /status.
error-already-lifetime = Tout ceci est déjà à vous pour toujours : il n’y a rien à acheter. Rien n’a été débité. Voyez-le avec /status.
error-membership-waiting = Vous avez payé et n’êtes pas encore entré : votre durée vous attend. /status vous donne votre lien.
error-membership-cancelled = Vous avez résilié cet abonnement, et il court encore. Annulez la résiliation au lieu de payer de nouveau : /status
error-membership-paused = Cet abonnement est en pause. Reprenez-le au lieu de payer de nouveau : /status
error-membership-unknown = Vous n’avez pas cet abonnement. Voyez tous les vôtres avec /status.
error-membership-over = Cet abonnement est terminé. Renouvelez-le et vous recevez un nouvel accès : /renew
error-not-pausable = { $state ->
    [subscription] Telegram débite cet abonnement de lui-même, il ne peut donc pas être mis en pause. Résiliez-le plutôt : vous gardez l’accès jusqu’à la fin.
    [card] Un débit de votre carte est encore en attente, ou une résiliation est en cours : cet abonnement ne peut pas être mis en pause pour l’instant. /status montre où il en est, et mène à votre carte et à vos factures.
    [trialing] Un essai gratuit ne se met pas en pause : ses jours courent. Si vous ne voulez pas rester, /cancel arrête ce qui serait débité.
    [lifetime] Cet abonnement est à vous pour toujours : il n’y a rien à mettre en pause.
    [until] Cet abonnement court jusqu’à une date fixe : une pause vous ferait seulement perdre des jours.
   *[other] Cet abonnement n’est pas en cours, il ne peut donc pas être mis en pause. Voyez /status.
  }
error-not-resumable = Cet abonnement n’est pas en pause. Voyez /status.
error-not-cancellable = { $state ->
    [lifetime] Il n’y a rien à résilier : cet abonnement est à vous pour toujours, et plus rien n’est débité.
   *[other] Il n’y a rien à résilier : cet abonnement ne court pas. Voyez /status.
  }
error-not-cancelled = Cet abonnement n’a pas été résilié. Voyez /status.
error-subscription-unknown = Cette souscription n’existe pas. Voyez vos abonnements avec /status.
error-plan-unchangeable = Vous ne pouvez pas passer à cette formule : vous êtes à l’essai, un débit attend, elle n’est pas en vente, vous l’avez déjà, ou elle vaut pour toujours et s’achète à part. Voyez /status.
error-offer-old = Cette offre a plus d’une heure, et il reste moins de votre formule. Redemandez le changement : /status
error-channel-unknown = Votre boutique n’a pas ce canal. Nommez d’abord le bot administrateur de ce canal.
error-invite-unknown = Ce lien n’existe plus. /status vous en donne un nouveau.
error-code-empty = Le code est vide. Tapez au moins une lettre ou un chiffre.
error-code-too-long = Le code a { $length } caractères. Raccourcissez-le à { $limit } au plus.
error-code-wrong = Ce code n’est pas valable : inconnu, épuisé ou périmé. Vérifiez-le, ou demandez-en un autre au vendeur.
error-import-columns = La première ligne du fichier doit nommer ses colonnes, parmi : { $columns }. Il faut telegram_id, et ends_at ou days.
error-import-too-long = Le fichier a plus de { $limit } lignes. Divisez-le et importez les parties.
error-import-telegram-id = L’identifiant Telegram n’est pas un nombre entier. Écrivez-le en chiffres, comme 123456789.
error-import-time = Il faut une seule façon de dire la durée. Donnez soit days (un nombre entier), soit ends_at (une date future comme 2027-01-31, ou never).
