# Essais gratuits pour lesquels on donne une carte sur le site : rien n’est débité avant leur fin.
plan-trial-card = { $days ->
    [one] 🎁 Par carte sur le site, { $days } jour gratuit d’abord : rien n’est débité avant sa fin, ni après si vous résiliez d’ici là
   *[other] 🎁 Par carte sur le site, { $days } jours gratuits d’abord : rien n’est débité avant leur fin, ni après si vous résiliez d’ici là
  }
member-trial-card = 💳 À la fin de l’essai, votre carte est débitée de { $then }, puis à chaque fin de période, jusqu’à votre résiliation. Résiliez avant, et rien n’est débité.
admit-card_trial =
    🎁 <b>Votre essai gratuit commence.</b>
    <b>{ $title }</b>
    Rien n’est débité avant sa fin. Ensuite, votre carte est débitée de { $then }, puis à chaque fin de période, jusqu’à votre résiliation : /cancel
card-trial-ends =
    ⏳ <b>Votre essai gratuit de { $title } se termine le { MOMENT($ends) }</b>
    Votre carte sera alors débitée de { PRICE($amount) }, puis à chaque fin de période. Pour ne rien payer, résiliez avant : /cancel
card-trial-unopened =
    ⏳ <b>Votre essai gratuit de { $title } se termine le { MOMENT($ends) }</b>
    Vous ne l’avez pas encore ouvert : la page de la commande { $number } mène à Telegram. S’il n’est pas ouvert, il s’arrête ce jour-là et votre carte n’est pas débitée.
sale-trial =
    🎁 <b>Un essai gratuit de { $title } commence</b>
    Commande { $number }. Rien n’est encore payé : { PRICE($amount) } par carte sont dus le { MOMENT($ends) }, sauf si l’essai est résilié ou jamais ouvert dans Telegram.
claim-ended =
    ⚠️ Commande <b>{ $number }</b> : <b>{ $title }</b>

    { $why }

    Son essai gratuit s’arrête donc. Rien n’a été débité, et votre carte ne le sera pas.
error-trial-over = Cet essai gratuit est terminé, ou a été arrêté avant. Vous pouvez prendre un abonnement à tout moment.
mail-claim-trial =
    🎁 <b>Votre essai gratuit commence : commande { $number }</b>
    { $title }

    Rien n’est débité avant le { MOMENT($ends) }. Ensuite, votre carte est débitée de { $then }, puis à chaque fin de période, jusqu’à votre résiliation.

    Ouvrez-le dans Telegram : il sera alors lié à votre compte. S’il n’est pas ouvert, il s’arrête ce jour-là et votre carte n’est pas débitée. Le lien est valable { DURATION($seconds) } ; ensuite, la page de votre commande en donne un nouveau à tout moment.
web-trial = { $days ->
    [one] Essayer gratuitement { $days } jour
   *[other] Essayer gratuitement { $days } jours
  }
web-trial-then = { $days ->
    [one] { $days } jour gratuit : rien n’est débité avant sa fin.
   *[other] { $days } jours gratuits : rien n’est débité avant leur fin.
  } Ensuite, votre carte est débitée de { $amount } { $unit ->
    [month] { $count ->
        [one] chaque mois
        [12] chaque année
       *[other] tous les { $count } mois
    }
   *[day] tous les { $count } jours
  }, jusqu’à votre résiliation.
web-trial-until = Rien n’est débité avant le { MOMENT($until) }. Ensuite, votre carte est débitée de { $amount } { $unit ->
    [month] { $count ->
        [one] chaque mois
        [12] chaque année
       *[other] tous les { $count } mois
    }
   *[day] tous les { $count } jours
  }, jusqu’à votre résiliation dans Telegram : /cancel
web-trial-help = Vous donnez votre carte sur une page de Stripe, puis vous revenez ici. L’essai est pour qui n’en a pas encore eu dans cette boutique et n’est pas abonné : pour les autres, il s’arrête à son ouverture dans Telegram, et rien n’est débité.
web-open-payment-trial = Donner votre carte chez Stripe
web-mail-order-help-trial = Dès que votre essai a commencé, vous recevez le lien qui l’ouvre. Nous demandons d’abord si l’adresse est bien la vôtre.
web-stage-payable-trial = Attend votre carte
web-stage-ready-trial = Essai commencé
web-stage-claimed-trial = Essai commencé
web-stage-delivered-trial = Essai commencé
web-stage-cancelled-trial = Essai arrêté
web-help-payable-trial = Donnez votre carte avant le { MOMENT($until) } ; rien n’est débité maintenant. Revenez ensuite ici : cette page se met à jour toute seule.
web-help-ready-trial = Votre essai a commencé. Il reste une étape : ouvrir votre accès dans Telegram. S’il n’est pas ouvert, il s’arrête et votre carte n’est pas débitée.
web-help-claimed-trial = Votre lien d’entrée part dans Telegram. Ouvrez la conversation avec le bot.
web-help-delivered-trial = Votre lien d’entrée vous attend dans Telegram. /status vous le redonne à tout moment.
web-help-cancelled-trial = Cet essai a été arrêté. Rien n’a été débité, et votre carte ne le sera pas.
web-help-expired-trial = Le délai pour donner une carte est passé, et rien n’a été débité. Vous pouvez commander de nouveau.
web-claim-help-trial = Le bouton ouvre Telegram, où le bot vous fait entrer. Il reste utilisable tant que personne n’a reçu la commande.
