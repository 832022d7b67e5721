support-which-support = 💬 <b>Aide</b> – de quelle commande s’agit-il ?
support-which-payment = 💳 <b>Aide au paiement</b> – de quelle commande s’agit-il ?
support-words = Écrivez votre question en un message. L’équipe la lit et vous répond ici.
support-kept =
    ✅ Votre question porte le numéro <b>{ $number }</b> et se trouve dans la boîte de l’équipe. La réponse arrivera ici.{ $staff ->
        [here] {""}
       *[away] {" "}Personne de l’équipe n’est joignable en ce moment : elle la lira à son retour.
    }
support-answer =
    { GIVEN($number) ->
        [no] 💬 <b>Réponse de l’équipe</b>
       *[yes] 💬 <b>Réponse de l’équipe</b> – commande { $number }
    }

    { $words }

    <i>Pour continuer la conversation : /support</i>
support-closed =
    💬 L’équipe a fermé votre question n° { $number } sans autre réponse.

    Si elle reste ouverte pour vous, posez-la de nouveau : /support

support-answered =
    { $reach ->
        [telegram] ✅ Votre réponse au n° { $number } part vers la personne, ici dans Telegram.
        [mail] ✅ Votre réponse au n° { $number } part par e-mail : on ne peut pas écrire à la personne dans Telegram.
        [app] ⚠️ Votre réponse au n° { $number } est conservée mais n’a pas atteint la personne : elle a bloqué le bot et n’a pas donné d’adresse e-mail. Elle la trouvera dans l’application, sous « Notifications ».
       *[page] ✅ Votre réponse au n° { $number } se trouve sur la page de la commande. La personne n’a pas donné d’adresse e-mail et la lira quand elle y reviendra.
    }{ $first ->
        [yes] {""}
       *[no] {" "}Quelqu’un avait déjà répondu à cette question ; la personne a maintenant les deux réponses.
    }
support-answer-words = Écrivez votre réponse au n° { $number } en un message. La personne la lira telle quelle.
question-closed-now = La question n° { $number } est fermée.
question-closed-before = La question n° { $number } était déjà fermée ; rien n’a changé.
questions =
    💬 <b>Questions</b> – { $count ->
        [one] { $count } attend
       *[other] { $count } attendent
    } une réponse
    { page-of }Celle qui attend depuis le plus longtemps est la première. Pour en ouvrir une : appuyez dessus, ou /questions suivi de son numéro.
questions-none =
    💬 <b>Questions</b> – aucune n’attend de réponse.
    Pour en ouvrir une plus ancienne : /questions suivi de son numéro.
questions-orders =
    { $count ->
        [one] ⚠️ De plus, { $count } commande demande votre aide : /orders
       *[other] ⚠️ De plus, { $count } commandes demandent votre aide : /orders
    }
waited = { DURATION($seconds) }
question-state-open = attend une réponse
question-state-answered = répondue
question-state-closed = fermée
question-asked = Posée le { MOMENT($when) } · { $state }
question-answer =
    { GIVEN($staff) ->
        [no] <b>Réponse</b>, { MOMENT($when) }
       *[yes] <b>Réponse</b> de { $staff }, { MOMENT($when) }
    }
question-older-answers =
    { $count ->
        [one] (une réponse plus ancienne n’est pas affichée)
       *[other] ({ $count } réponses plus anciennes ne sont pas affichées)
    }
question-no-words = (Cette question date d’avant la boîte de questions ; ses mots se trouvent dans votre conversation.)

relay-support =
    { GIVEN($telegram_id) ->
        [no] 💬 <b>Question n° { $number }</b> de { $who }
       *[yes] 💬 <b>Question n° { $number }</b> de { $who }, identifiant Telegram <code>{ $telegram_id }</code>
    }
relay-payment =
    { GIVEN($telegram_id) ->
        [no] 💳 <b>Question de paiement n° { $number }</b> de { $who }
       *[yes] 💳 <b>Question de paiement n° { $number }</b> de { $who }, identifiant Telegram <code>{ $telegram_id }</code>
    }
relay-guest = l’acheteur d’une commande web
relay-order = Commande { $number } : { $title }
relay-no-order = Sans commande
relay-how-to-answer = Répondez à ce message (« Répondre ») ou appuyez sur Répondre : la personne recevra vos mots. /questions montre toutes celles qui attendent.

error-questions-too-many = { $limit } de vos questions attendent déjà une réponse. L’équipe les voit toutes ; écrivez de nouveau quand l’une aura sa réponse.
error-question-unknown = Aucune question ne porte ce numéro. /questions montre celles qui attendent une réponse.
error-question-number-wrong = « { $words } » n’est pas le numéro d’une question. Écrivez par exemple /questions 12, ou /questions seul pour la liste.
