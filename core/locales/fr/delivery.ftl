delivery-paid =
    ✅ <b>Paiement confirmé, merci !</b>
    <b>{ $title }</b>
    Commande { $number }
delivery-library =
    📦 <b>{ $title }</b>
    Commande { $number }
delivery-replaced =
    🔄 <b>Le vendeur a mis à jour { $title }</b>
    Commande { $number }. La nouvelle version est à vous, sans rien à payer :
delivery-resend =
    📨 <b>{ $title }</b>
    Commande { $number }. Voici de nouveaux liens :
delivery-part = (message { $part } sur { $parts })
delivery-file = 📄 <a href="{ $url }">{ $name }</a> · { SIZE($size) }
delivery-foot = Touchez un nom pour télécharger. Liens valables { DURATION($seconds) }, pour vous seul : ne les partagez pas. Vous pouvez télécharger de nouveau à tout moment depuis votre bibliothèque.
