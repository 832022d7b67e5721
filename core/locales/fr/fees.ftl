shop-fee-title = Frais mensuels : { $name }
shop-fee-gives = Un mois d’ouverture de la boutique. Un mois payé d’avance suit le précédent.
shop-fee-soon = ⏰ <b>Les frais mensuels de votre boutique sont à payer le { DAY($until) }.</b> Payez-les d’ici là, et le mois suivant s’enchaîne sans coupure.
shop-fee-lacks =
    💳 <b>Les frais mensuels de votre boutique sont à payer.</b>
    Ils étaient payés jusqu’au { DAY($until) }. Votre boutique reste ouverte { $days ->
        [one] un jour de plus
       *[other] { $days } jours de plus
    } ; payez dans ce délai, et rien ne change.
shop-fee-last-day = ⏳ <b>Votre boutique ferme demain.</b> Ses frais mensuels étaient payés jusqu’au { DAY($until) } et manquent depuis. Payez-les aujourd’hui, et elle reste ouverte. Une fois fermée, rien n’y est montré ni vendu, et les abonnements de vos membres ne sont plus prélevés.
shop-fee-suspended = ⛔️ <b>Votre boutique est fermée.</b> Ses frais mensuels étaient payés jusqu’au { DAY($until) }. Ce que l’on y a acheté reste acquis ; rien n’est montré ni vendu, et les abonnements ne sont plus prélevés. Payez les frais, et la boutique rouvre aussitôt.
shop-fee-paid =
    ✅ <b>Les frais mensuels de votre boutique sont payés</b>, jusqu’au { DAY($until) }.{ $opened ->
        [yes] {" "}Votre boutique est de nouveau ouverte.
       *[no] {""}
    }
shop-fee-returned = ↩️ <b>Des frais mensuels de votre boutique ont été rendus.</b> Ils sont maintenant payés jusqu’au { DAY($until) }. Payez-les de nouveau d’ici là pour que la boutique reste ouverte.
shop-fee-line =
    { $state ->
        [paid] 💳 Frais mensuels : payés jusqu’au { DAY($until) }
        [lacking] ⚠️ Frais mensuels : dus depuis le { DAY($until) }. Payez-les, sinon la boutique sera fermée.
       *[suspended] ⛔️ Frais mensuels : dus depuis le { DAY($until) }.
    }
shop-is-suspended-fee =
    ⛔️ La boutique <b>{ $name }</b> est fermée jusqu’au paiement de ses frais mensuels.
    Ce que l’on y a acheté reste acquis. Dès que vous aurez payé, la boutique rouvre aussitôt.
button-pay-shop-fee = 💳 Payer les frais mensuels
staff-shop-fee-suspended = ⛔️ La boutique <b>{ $name }</b> est fermée : ses frais mensuels n’ont pas été payés à temps. Elle rouvre d’elle-même une fois les frais payés ; <code>comptoir sellers fees</code> les montre tous.
staff-shop-fee-unpayable = ⚠️ La boutique <b>{ $name }</b> doit des frais mensuels qu’elle n’a aucun moyen de payer ; elle n’est donc pas fermée pour cela. Donnez aux frais un prix sur un moyen de paiement que RAIL_POLICY propose dans le bot (<code>comptoir sellers monthly</code>) ; par carte, il y faut votre propre boutique (<code>comptoir sellers operator</code>) et une clé Stripe.
order-refunded-shop_fee =
    ↩️ <b>Votre commande { $number } a été remboursée</b>
    { $title } · { PRICE($amount) }
    Motif : { $reason }

    Le mois qu’elle payait est de nouveau à payer. Une question ? /paysupport
claim-done-shop_fee =
    ✅ La commande <b>{ $number }</b> est maintenant à vous : <b>{ $title }</b>.

    Le mois est payé. /sell montre jusqu’à quand.
invoice-description-shop_fee = { $title } – commande { $number }. Un mois d’ouverture de la boutique.
web-help-delivered-shop_fee = Le mois est payé. Dans le bot, /sell montre jusqu’à quand.
web-help-refunded-shop_fee = L’argent vous a été rendu ; le mois qu’il payait est de nouveau à payer.
notification-shop_fee = Les frais mensuels de ma boutique
error-fee-unpriced = Les frais n’ont pas de prix. Donnez-en un par moyen de paiement, comme stars=500 ou card=10.00EUR ; pour ne plus en demander, dites --end.
error-fee-price = « { $text } » n’est pas le prix d’un moyen de paiement. Écrivez-le comme stars=500, manual=10.00EUR ou card=10.00EUR.
error-fee-of-banned = La personne derrière cette boutique est exclue : payer ses frais ne la rouvrirait pas. Rien ne peut être payé maintenant.
error-shop-fee-unknown = Aucuns frais mensuels ne sont demandés à cette boutique. comptoir sellers monthly en demande.
