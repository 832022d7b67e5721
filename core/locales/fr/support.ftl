support-which-support = 💬 <b>Aide</b> – de quelle commande s'agit-il ?
support-which-payment = 💳 <b>Aide au paiement</b> – de quelle commande s'agit-il ?
support-words = Écrivez votre question en un message. L'équipe la lit et vous répond ici.
support-received = ✅ Votre message est transmis à l'équipe. La réponse arrivera ici.
support-answer =
    { GIVEN($number) ->
        [no] 💬 <b>Réponse de l'équipe</b>
       *[yes] 💬 <b>Réponse de l'équipe</b> – commande { $number }
    }

    { $words }

    <i>Pour continuer la conversation : /support</i>
support-answered = ✅ Votre réponse est envoyée.

relay-support = 💬 <b>Question</b> de { $who }, n° { $telegram_id }
relay-payment = 💳 <b>Question de paiement</b> de { $who }, n° { $telegram_id }
relay-order = Commande { $number } : { $title }
relay-no-order = Sans commande
relay-how-to-answer = Répondez à ce message (« Répondre ») : la personne recevra vos mots.
