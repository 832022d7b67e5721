support-which-support = 💬 <b>Support</b> – which order is it about?
support-which-payment = 💳 <b>Payment support</b> – which order is it about?
support-words = Write your question in one message. The team reads it and answers you here.
support-received = ✅ Your message has been passed to the team. The answer will arrive here.
support-answer =
    { GIVEN($number) ->
        [no] 💬 <b>Answer from the team</b>
       *[yes] 💬 <b>Answer from the team</b> – order { $number }
    }

    { $words }

    <i>To go on with the conversation: /support</i>
support-answered = ✅ Your answer has been sent.

relay-support = 💬 <b>Question</b> from { $who }, no. { $telegram_id }
relay-payment = 💳 <b>Payment question</b> from { $who }, no. { $telegram_id }
relay-order = Order { $number }: { $title }
relay-no-order = No order
relay-how-to-answer = Reply to this message (“Reply”): the person will receive your words.
