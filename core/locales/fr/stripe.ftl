# Card payments through Stripe: what sellers are told and shown of their account there.
stripe-active = 💳 <b>{ $name }</b> accepte désormais la carte. Mettez un prix en euros ou dans une autre monnaie sur ce que vous vendez : l’acheteur paie par carte sur sa page.
stripe-incomplete = ⚠️ Stripe demande encore quelque chose à <b>{ $name }</b> avant que l’on puisse payer par carte. /cards dit quoi, et y mène.
stripe-rejected = ❌ Stripe n’accepte pas la carte pour <b>{ $name }</b> : il ne sert pas votre pays ou votre activité, ou il a refusé le compte. Sa page dit pourquoi ; vos autres moyens d’être payé continuent.
stripe-disconnected = 🔌 <b>{ $name }</b> n’est plus relié à Stripe : on ne peut plus y payer par carte. /cards le relie à nouveau.
error-bad-fee = « { $text } » n’est pas une part que l’on puisse prélever. Écrivez un pourcentage de 0 à 100 avec deux décimales au plus, comme 5 ou 2,5.
