support-which-support = 💬 <b>Support</b> – which order is it about?
support-which-payment = 💳 <b>Payment support</b> – which order is it about?
support-words = Write your question in one message. The team reads it and answers you here.
support-kept =
    ✅ Your question has the number <b>{ $number }</b> and is in the team’s inbox. The answer will arrive here.{ $staff ->
        [here] {""}
       *[away] {" "}Nobody of the team can be reached at this moment: they will read it when they are back.
    }
support-answer =
    { GIVEN($number) ->
        [no] 💬 <b>Answer from the team</b>
       *[yes] 💬 <b>Answer from the team</b> – order { $number }
    }

    { $words }

    <i>To go on with the conversation: /support</i>
support-closed =
    💬 The team has closed your question no. { $number } without a further answer.

    If it is still open for you, ask once more: /support

support-answered =
    { $reach ->
        [telegram] ✅ Your answer to no. { $number } is on its way to the person, here in Telegram.
        [mail] ✅ Your answer to no. { $number } is on its way by e-mail: the person cannot be written to in Telegram.
        [app] ⚠️ Your answer to no. { $number } is kept, and has not reached the person: they have blocked the bot and gave no e-mail address. They find it in the app, under “Notifications”.
       *[page] ✅ Your answer to no. { $number } stands on the page of the order. Whoever asked gave no e-mail address and reads it when they look there.
    }{ $first ->
        [yes] {""}
       *[no] {" "}Somebody had answered this question before; the person now has both.
    }
support-answer-words = Write your answer to no. { $number } in one message. Whoever asked reads it as it is.
question-closed-now = Question no. { $number } is closed.
question-closed-before = Question no. { $number } was closed before; nothing has changed.
questions =
    💬 <b>Questions</b> – { $count ->
        [one] { $count } waits
       *[other] { $count } wait
    } for an answer
    { page-of }Who waits longest comes first. To open one: press it, or /questions followed by its number.
questions-none =
    💬 <b>Questions</b> – none waits for an answer.
    To open an older one: /questions followed by its number.
questions-orders =
    { $count ->
        [one] ⚠️ Besides, { $count } order needs your help: /orders
       *[other] ⚠️ Besides, { $count } orders need your help: /orders
    }
waited = { DURATION($seconds) }
question-state-open = waits for an answer
question-state-answered = answered
question-state-closed = closed
question-asked = Asked on { MOMENT($when) } · { $state }
question-answer =
    { GIVEN($staff) ->
        [no] <b>Answer</b>, { MOMENT($when) }
       *[yes] <b>Answer</b> of { $staff }, { MOMENT($when) }
    }
question-older-answers =
    { $count ->
        [one] (one earlier answer is not shown)
       *[other] ({ $count } earlier answers are not shown)
    }
question-no-words = (These words were asked before questions were kept; they stand in your chat.)

relay-support =
    { GIVEN($telegram_id) ->
        [no] 💬 <b>Question no. { $number }</b> from { $who }
       *[yes] 💬 <b>Question no. { $number }</b> from { $who }, Telegram id <code>{ $telegram_id }</code>
    }
relay-payment =
    { GIVEN($telegram_id) ->
        [no] 💳 <b>Payment question no. { $number }</b> from { $who }
       *[yes] 💳 <b>Payment question no. { $number }</b> from { $who }, Telegram id <code>{ $telegram_id }</code>
    }
relay-guest = the buyer of a web order
relay-order = Order { $number }: { $title }
relay-no-order = No order
relay-how-to-answer = Reply to this message (“Reply”) or press Answer: the person will receive your words. /questions lists all that wait.

error-questions-too-many = { $limit } of your questions wait for an answer already. The team sees them all; write again once one is answered.
error-question-unknown = There is no question of this number. /questions lists those that wait for an answer.
error-question-number-wrong = “{ $words }” is not the number of a question. Write for example /questions 12, or /questions alone for the list.
