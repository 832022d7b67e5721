# Disputes of card payments: what sellers, staff and buyers are told of them.
dispute-reason = { $reason ->
        [fraudulent] they say that they did not pay it
        [unrecognized] they do not know the payment
        [product_not_received] they say that they got nothing
        [product_unacceptable] they say that it is not what was promised
        [duplicate] they say that they paid twice
        [credit_not_processed] they say that a refund is missing
        [subscription_canceled] they say that the subscription had ended
       *[other] their bank gives no reason that says more
    }
dispute-state = { $status ->
        [warning_needs_response] their bank asks about it, no money has moved
        [warning_under_review] their bank reads the answer, no money has moved
        [warning_closed] the bank’s question is closed, you keep the money
        [needs_response] the bank has taken the money, and waits for your answer
        [under_review] the bank has the money and reads the evidence
        [won] won: the money is yours again
        [lost] lost: the money stays with the buyer
        [prevented] prevented: the money went back before a dispute came of it
        [appeal_needs_response] an appeal waits for your answer
       *[appeal_under_review] the bank reads the appeal
    }
sale-disputed =
    🏦 <b>A buyer disputes sale { $number }</b>
    { $title } · { $amount }: { dispute-reason }.
    Now: { dispute-state }.
    { $status ->
        [needs_response] Answer by { MOMENT($by) }: the button gathers the proof of delivery. Without an answer the money is lost.
        [warning_needs_response] Answer by { MOMENT($by) }, or give the money back: a dispute costs a fee besides.
        [appeal_needs_response] Answer by { MOMENT($by) }: the button gathers the proof of delivery.
       *[other] { "" }
    }
staff-disputed =
    🏦 <b>Dispute of order { $number }</b>
    { $title } · { $amount }: { dispute-reason }.
    Now: { dispute-state }.
sale-fraud-warning =
    ⚠️ <b>The card that paid sale { $number } may be stolen</b>
    { $title } · { $amount }. Its bank warns you before the owner disputes it. A dispute takes the money and costs a fee of Stripe’s: giving all of it back now is cheaper, unless you know the buyer. A part does not help.
staff-fraud-warning =
    ⚠️ <b>A bank warns of fraud: order { $number }</b>
    { $title } · { $amount }. The seller has been asked to give all of it back, or to leave it.
sale-fraud-refunded =
    ↩️ <b>The card that paid sale { $number } may be stolen: its money goes back</b>
    { $title } · { $amount }. Its bank has warned of it, and a dispute would have cost a fee of Stripe’s that is higher than the sale. The buyer’s access ends.
staff-fraud-refunded =
    ↩️ <b>A bank warns of fraud: order { $number } is refunded</b>
    { $title } · { $amount }, less than the fee of a dispute (DISPUTE_FEES).
fraud-refund = the card’s bank has warned of misuse
order-put-aside =
    ⏸ <b>Order { $number } cannot be used for now</b>
    { $title }
    The card’s bank disputes its payment. If you did not ask for that, tell your bank that the payment is good: access comes back as soon as the bank says so. A question? /paysupport
order-charged-back =
    🏦 <b>The bank has taken back the payment of order { $number }</b>
    { $title } · { PRICE($amount) }. The money is with the card’s owner, so what it paid for has ended. A question? /paysupport
dispute-lost = the card’s bank has given the money back
order-given-back =
    ▶️ <b>Order { $number } can be used again</b>
    { $title }
    The bank’s dispute of its payment is over. Your files are in /library, a membership in /status.
button-dispute = 🏦 See the dispute
button-sale = 🧾 See the sale
error-order-disputed = A bank disputes the payment of order { $number }: it has the money, so a refund would send it out twice. Answer the dispute, or wait for the bank.
error-access-put-aside = A bank disputes the payment of order { $number }, so nothing can be given for it now. It comes back once the bank says that the payment is good. A question? /paysupport
web-error-access-put-aside = A bank disputes the payment of order { $number }, so nothing can be given for it now. It comes back once the bank says that the payment is good.
notification-sale_disputed = A buyer disputes a payment
dispute-card =
    🏦 <b>Dispute of sale { $number }</b>, since { DAY($when) }

    { $title } · { $amount }
    The buyer: { dispute-reason }.
    Now: { dispute-state }.
    { $answered ->
        [true] The evidence was submitted; nothing can be added to it.
       *[false] { $by ->
            [0] { "" }
           *[other] It can be answered until { MOMENT($by) }.
        }
    }
    { $held ->
        [true] What was bought cannot be used for now.
       *[false] { "" }
    }
dispute-moved = { $way ->
        [out] ➖ { $amount } taken from the Stripe account
       *[back] ➕ { $amount } put back
    }{ GIVEN($fee) ->
        [no] { "" }
       *[yes] {" "}({ $fee } fee of Stripe’s)
    }
error-dispute-unknown = I cannot find this dispute. Your sales: /sell
sale-dispute-line = 🏦 Disputed: { dispute-state }.
dispute-gathering = The proof of delivery is being gathered; look again in a minute.
dispute-submit-ask =
    📤 <b>Submit the evidence for sale { $number }?</b>
    Read it first: the bank gets it as it is, and nothing can be added or changed afterwards.
dispute-submitted = Submitted. The bank takes up to several weeks to decide; you are told once it has.
sale-dispute-due =
    ⏳ <b>The dispute of sale { $number } waits for your answer</b>
    { $title }. The proof of delivery is ready, and counts until { MOMENT($by) }. Without an answer the money is lost.
staff-dispute-due =
    ⏳ <b>The dispute of order { $number } is not answered yet</b>
    { $title }. Evidence counts until { MOMENT($by) }. The seller has been reminded.
button-evidence = 📄 Read the proof of delivery
button-evidence-submit = 📤 Submit it
button-evidence-yes = 📤 Submit it, for good
button-back-to-dispute = ‹ The dispute
error-dispute-over = The dispute of sale { $number } cannot be answered any more: it is decided, was answered, or its time is over. Open the sale to see how it stands.
error-evidence-not-ready = The proof of delivery is still being gathered. Try again in a minute.
